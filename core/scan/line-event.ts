import type { AuditEvent } from '../event/audit-event.ts';
import { LINE } from '../event/once.ts';
import { parseJson } from '../json.ts';

/** What the scanner found in the line that it took last. */
export interface ScannedLine {
  /** Counts lines. */
  readonly line: number;
  /** Whether an integer in it may be too long for a double. */
  readonly hasLongInteger: boolean;
  /** JSON of a top-level key's value, by the number of the key. */
  text(key: number): string;
  /** The value of a top-level key, where columns tell it; else undefined. */
  told(key: number): unknown;
}

/** Keys whose values repeat from line to line: equal texts are parsed once. */
const REPEATING = new Set(['user', 'sourceIPs', 'userAgent', 'impersonatedUser', 'responseStatus', 'annotations']);
const MOST_REMEMBERED = 4096;
const LONGEST_REMEMBERED = 2048;

/**
 * Makes events of lines that the scanner took: own keys as in the line, each value parsed when it is first asked for, so that a
 * rule about a verb costs no parsing of bodies. Equal to the parsed line in all that a reader of own keys can see.
 *
 * An object stands for one line after the other, so that making it costs nothing: it must be read before the next line is scanned,
 * and its values must not be changed.
 */
export class LineEvents {
  readonly #source: ScannedLine;
  readonly #keys: readonly string[];
  /** By the set of keys that a line has, a bit each. */
  readonly #events = new Map<number, AuditEvent>();
  readonly #values: unknown[] = [];
  /** The line that a value was read from. */
  readonly #lines: number[] = [];
  readonly #remembered: readonly (Map<string, unknown> | null)[];

  constructor(source: ScannedLine, keys: readonly string[]) {
    this.#source = source;
    this.#keys = keys;
    this.#remembered = keys.map((key) => (REPEATING.has(key) ? new Map() : null));
  }

  /** The event of the line, which has the keys `met`. */
  of(met: number): AuditEvent {
    const known = this.#events.get(met);
    if (known !== undefined) return known;
    const event = Object.defineProperty({}, LINE, { get: () => this.#source.line }) as AuditEvent;
    this.#keys.forEach((name, key) => {
      if ((met & (1 << key)) === 0) return;
      Object.defineProperty(event, name, { enumerable: true, get: () => this.#value(key) });
    });
    this.#events.set(met, event);
    return event;
  }

  #value(key: number): unknown {
    const { line } = this.#source;
    if (this.#lines[key] === line) return this.#values[key];
    const value = this.#read(key);
    this.#lines[key] = line;
    this.#values[key] = value;
    return value;
  }

  #read(key: number): unknown {
    const told = this.#source.told(key);
    if (told !== undefined) return told;
    const text = this.#source.text(key);
    const remembered = this.#remembered[key] ?? null;
    if (remembered === null || text.length > LONGEST_REMEMBERED) return this.#parse(text);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const value = this.#parse(text);
    remembered.set(text, value);
    return value;
  }

  #parse(text: string): unknown {
    return this.#source.hasLongInteger ? parseJson(text) : JSON.parse(text);
  }
}
