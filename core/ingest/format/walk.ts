import type { LimitHit } from '../../contract/limits.ts';
import type { Form } from '../../contract/rows.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { normaliseEvent } from '../../event/normalise.ts';
import { hasRepeatedKey, JsonDepthError, JsonLimitError, locateJson, parseJson } from '../../json.ts';
import type { ListName } from '../lists.ts';
import { restoreAnnotations } from './annotations.ts';
import { isObject, type JsonObject, ownText, step, stepsOf } from './json-object.ts';
import { findAuditId, looksLikeAudit, reasonOf } from './marks.ts';

/** What wrappers further out have said. */
export interface Context {
  /** Id of the innermost envelope so far; null at the root. */
  readonly format: string | null;
  /** The envelope names all that it holds (a search response, a subscription): nothing inside renames it. */
  readonly isFixed: boolean;
  readonly server: string | null;
  readonly cluster: string | null;
  /** Envelopes around this value. */
  readonly depth: number;
}

export const NO_CONTEXT: Context = { format: null, isFixed: false, server: null, cluster: null, depth: 0 };

/** A JSON text on the way to the event, and where it stands in its record. */
export interface JsonDocument {
  readonly text: string;
  /** What the text was parsed to; null where it is no JSON. */
  readonly value: unknown;
  readonly pointer: string;
  /** The text is the record itself, byte by byte. */
  readonly isRecord: boolean;
}

/** A value on the way to the event. */
export interface Cursor {
  readonly document: JsonDocument;
  readonly pointer: string;
}

export interface Found {
  readonly inner: string | null;
  readonly form: Form;
  /** The event's own text; null where the record is it, or where it has none. */
  readonly text: string | null;
  readonly event: AuditEvent;
  readonly format: string;
  readonly server: string | null;
  readonly cluster: string | null;
  readonly isAmbiguous: boolean;
}

/**
 * What every reader returns: proof, for the compiler, that no way through it leaves a part of the evidence unmentioned.
 */
export type Told = typeof TOLD;
export const TOLD: unique symbol = Symbol('told');

/** What one record turned out to hold. */
export interface Findings {
  event(found: Found): void;
  skipped(reason: string): void;
  malformed(reason: string, auditID: string | null): void;
  nearMiss(name: string): void;
  limit(hit: LimitHit): void;
}

/** Envelopes inside envelopes. */
const MAXIMUM_DEPTH = 8;

/** The decisions that the walk asks about each value; in `decide.ts`, so that families and walk need not import each other. */
export interface Decisions {
  value(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told;
  element(walk: Walk, list: ListName, envelope: unknown, value: unknown, at: Cursor, context: Context): Told;
  line(walk: Walk, text: string, at: Cursor, context: Context): Told | null;
}

/** Goes from a record through its envelopes to the events in it, and says of each part what it is, exactly once. */
export class Walk {
  readonly #findings: Findings;
  readonly #decisions: Decisions;
  /** Name of a bare event at the root: lines, an array, a stream. */
  rootFormat = 'k8s-audit-jsonl';

  constructor(findings: Findings, decisions: Decisions) {
    this.#findings = findings;
    this.#decisions = decisions;
  }

  /** Classifies a value and goes on inside it. */
  value(value: unknown, at: Cursor, context: Context): Told {
    if (context.depth > MAXIMUM_DEPTH) return this.malformed('more envelopes than are opened', at.document.text);
    const inside = { ...context, depth: context.depth + 1 };
    if (Array.isArray(value) && value.length > 0) return this.#each(value, at, inside);
    if (isObject(value)) return this.#decisions.value(this, value, at, inside);
    if (typeof value === 'string') return this.text(value, at.pointer, inside);
    return this.skipped('no audit event');
  }

  #each(values: readonly unknown[], at: Cursor, context: Context): Told {
    for (const [index, value] of values.entries()) this.value(value, child(at, index), context);
    return TOLD;
  }

  /** Classifies one element of a known list. */
  element(list: ListName, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
    return this.#decisions.element(this, list, envelope, value, at, context);
  }

  /** Reads a text inside a record: JSON, or a line of some log. */
  text(raw: string, pointer: string, context: Context): Told {
    const text = raw.trim();
    if (!text.startsWith('{') && !text.startsWith('[')) {
      const at = { document: { text, value: null, pointer, isRecord: false }, pointer };
      return this.line(text, at, context) ?? this.unread(text);
    }
    const value = this.parse(text);
    if (value === undefined) return TOLD;
    return this.value(value, { document: { text, value, pointer, isRecord: false }, pointer }, context);
  }

  /** Reads a line of text by what stands before its JSON; null if it is of no known kind. */
  line(text: string, at: Cursor, context: Context): Told | null {
    return this.#decisions.line(this, text, at, context);
  }

  /** Parses JSON; what does not parse is told, and undefined comes back. */
  parse(text: string): unknown {
    try {
      return parseJson(text);
    } catch (error) {
      if (error instanceof JsonLimitError) this.tooLarge(text, error);
      else this.unread(text);
      return undefined;
    }
  }

  /** JSON that goes beyond a limit is not parsed. */
  tooLarge(text: string, error: JsonLimitError): Told {
    this.limit(error instanceof JsonDepthError ? 'json-depth' : 'line-length');
    return looksLikeAudit(text) ? this.malformed(error.message, text) : this.skipped(error.message);
  }

  /** A text that holds no event that could be read. */
  unread(text: string): Told {
    return looksLikeAudit(text) ? this.malformed(reasonOf(text), text) : this.skipped('no audit event');
  }

  skipped(reason: string): Told {
    this.#findings.skipped(reason);
    return TOLD;
  }

  malformed(reason: string, text: string): Told {
    this.#findings.malformed(reason, findAuditId(text));
    return TOLD;
  }

  /** A limit was reached. Tells nothing of a record. */
  limit(hit: LimitHit): void {
    this.#findings.limit(hit);
  }

  /** A look-alike: named, not imported. */
  lookAlike(name: string): Told {
    this.#findings.nearMiss(name);
    return this.skipped(`look-alike: ${name}`);
  }

  /** An event that stands as JSON at `at`. `canonical` is given where wrapper fields had to be taken off. */
  event(value: JsonObject, at: Cursor, context: Context, canonical: JsonObject = value): Told {
    const { document } = at;
    const isWhole = at.pointer === document.pointer;
    const isVerbatim = isWhole && document.isRecord;
    const text = isWhole ? document.text : slice(document, at.pointer);
    return this.#emit(context, canonical, {
      form: isVerbatim ? 'verbatim' : 'wrapped',
      text: isVerbatim ? null : text,
      inner: isVerbatim ? null : at.pointer,
      isAmbiguous: hasRepeatedKey(text, isWhole ? document.value : value),
    });
  }

  /** An event that was put together from parts and has no text of its own. */
  rebuilt(event: JsonObject, at: Cursor, context: Context): Told {
    const { text, value } = at.document;
    const isAmbiguous = value !== null && hasRepeatedKey(text, value);
    const inner = at.pointer === '' ? null : at.pointer;
    return this.#emit(context, event, { form: 'rebuilt', text: null, inner, isAmbiguous });
  }

  #emit(context: Context, event: JsonObject, found: Pick<Found, 'form' | 'text' | 'inner' | 'isAmbiguous'>): Told {
    const { server, cluster } = context;
    const format = context.format ?? this.rootFormat;
    const canonical = restoreAnnotations(normaliseEvent(event), format);
    const named = cluster ?? ownText(event, 'cluster') ?? ownText(event, '_gdch_cluster');
    this.#findings.event({ ...found, event: canonical, format, server, cluster: named });
    return TOLD;
  }
}

/** The cursor one step further in. */
export function child(at: Cursor, ...keys: readonly (string | number)[]): Cursor {
  return { document: at.document, pointer: at.pointer + keys.map(step).join('') };
}

/** What an envelope adds: its id (unless one further out is fixed) and what it says of the source. */
export function inside(
  context: Context,
  format: string,
  says: { server?: string | null; cluster?: string | null; isFixed?: boolean } = {},
): Context {
  return {
    format: context.isFixed ? context.format : format,
    isFixed: context.isFixed || says.isFixed === true,
    server: says.server ?? context.server,
    cluster: says.cluster ?? context.cluster,
    depth: context.depth,
  };
}

function slice(document: JsonDocument, pointer: string): string {
  const steps = stepsOf(pointer.slice(document.pointer.length));
  const place = locateJson(document.text, steps);
  return place === null ? document.text : document.text.slice(...place);
}
