import type { EventPlace, EventRow } from '../contract/rows.ts';
import type { Citation } from './model.ts';

/** Citations of one report; what exceeds this is counted as uncited, and stands in the case. */
const MOST_CITATIONS = 200_000;

/** Numbers the events that a report cites, each once, in the order in which they are first needed. */
export class CitationList {
  readonly #byPlace = new Map<string, number>();
  readonly #all: Citation[] = [];

  /** Numbers of the events; shorter than the events once the report is full. */
  cite(events: Iterable<EventRow>): number[] {
    const numbers: number[] = [];
    for (const event of events) {
      const number = this.#numberOf(event);
      if (number === null) break;
      numbers.push(number);
    }
    return numbers;
  }

  all(): readonly Citation[] {
    return this.#all;
  }

  #numberOf(event: EventRow): number | null {
    const { sha256, offset, length, inner, form } = event.evidence;
    const key = `${sha256} ${offset} ${inner ?? ''}`;
    const known = this.#byPlace.get(key);
    if (known !== undefined) return known;
    const number = this.#all.length + 1;
    if (number > MOST_CITATIONS) return null;
    const { auditID, stage, time, summary } = event;
    const path = shortPath(samePlaces(event));
    this.#byPlace.set(key, number);
    this.#all.push({ number, auditID, stage, time, summary, sha256, path, offset, length, inner, form });
    return number;
  }
}

/** A member can be given under several names. */
export function samePlaces({ evidence, copies }: EventRow): EventPlace[] {
  return [evidence, ...copies.filter(({ sha256, offset }) => sha256 === evidence.sha256 && offset === evidence.offset)];
}

/** Folders differ between machines, names of files and members do not. */
export function shortPath(places: readonly EventPlace[]): string {
  return places.map(({ path }) => shortName(path)).sort()[0] as string;
}

/** `/evidence/logs.tar.gz!/node1/audit.log` as `logs.tar.gz!/node1/audit.log`. */
export function shortName(path: string): string {
  const [file = '', ...members] = path.split('!/');
  const name = file.split(/[/\\]/).at(-1) ?? file;
  return [name, ...members].join('!/');
}
