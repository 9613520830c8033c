import type { Outcome } from '../contract/rows.ts';
import type { EventProof, ProvenEvent } from '../detect/finish.ts';
import { HOLDS } from '../event/hit-columns.ts';
import type { EventFields, EventReader } from '../store/event-reader.ts';
import type { EventHit } from '../store/hit-spool.ts';

/** Events whose columns are kept. */
const MOST_REMEMBERED = 50_000;

/** The columns of events, remembered from one part of a run to the next. */
export class KnownEvents {
  readonly reader: EventReader;
  readonly #known = new Map<number, EventFields>();

  constructor(reader: EventReader) {
    this.reader = reader;
  }

  /** Reads events that will be asked for, all at once. */
  prepare(ids: readonly number[]): void {
    const unknown = ids.filter((id) => !this.#known.has(id));
    if (this.#known.size + unknown.length > MOST_REMEMBERED) this.#known.clear();
    for (const fields of this.reader.many(unknown.slice(0, MOST_REMEMBERED))) this.#known.set(fields.id, fields);
  }

  get(id: number): EventFields | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = this.reader.get(id);
    if (found !== undefined && this.#known.size < MOST_REMEMBERED) this.#known.set(id, found);
    return found;
  }
}

/**
 * The hits of a run. What is read of them is read anew by each who goes over them, so that memory does not grow with the log: hits are
 * many, and alerts few.
 */
export class ProvenHits implements Iterable<ProvenHit> {
  readonly #hits: readonly EventHit[];
  readonly #events: KnownEvents;
  #byEvent: ReadonlyMap<number, EventHit> | null = null;

  constructor(hits: readonly EventHit[], events: KnownEvents) {
    this.#hits = hits;
    this.#events = events;
  }

  *[Symbol.iterator](): Generator<ProvenHit> {
    for (const hit of this.#hits) yield new ProvenHit(hit, this.#events);
  }

  /** Those whose proof holds something to remember. */
  holding(key: keyof typeof HOLDS): ProvenHits {
    return new ProvenHits(
      this.#hits.filter(({ holds }) => (holds & HOLDS[key]) !== 0),
      this.#events,
    );
  }

  /** The hit of an event. */
  of(event: number): ProvenHit | undefined {
    this.#byEvent ??= new Map(this.#hits.map((hit) => [hit.event, hit]));
    const hit = this.#byEvent.get(event);
    return hit && new ProvenHit(hit, this.#events);
  }

  /** Hits by the number of a rule, one rule after the other; only of rules that are wanted. */
  *byRule(rules: number, isWanted: (rule: number) => boolean): Generator<readonly [number, ProvenHit[]]> {
    const found = Array.from({ length: rules }, (): EventHit[] => []);
    for (const hit of this.#hits) for (const rule of hit.rules) if (isWanted(rule)) found[rule]?.push(hit);
    for (const [rule, hits] of found.entries()) {
      if (hits.length === 0) continue;
      this.#events.prepare(hits.map(({ event }) => event));
      yield [rule, hits.map((hit) => new ProvenHit(hit, this.#events))];
      found[rule] = [];
    }
  }
}

/** A hit of the import, read only as far as it is asked for: most hits of a log prove nothing in the end. */
export class ProvenHit implements ProvenEvent {
  readonly id: number;
  readonly rules: readonly number[];
  readonly #events: KnownEvents;
  readonly #hit: EventHit;
  #proof: EventProof | null = null;
  #fields: EventFields | null = null;
  #outcome: Outcome | null = null;

  constructor(hit: EventHit, events: KnownEvents) {
    this.id = hit.event;
    this.rules = hit.rules;
    this.#hit = hit;
    this.#events = events;
  }

  get proof(): EventProof {
    this.#proof ??= JSON.parse(this.#hit.proof) as EventProof;
    return this.#proof;
  }

  get fields(): EventFields {
    if (this.#fields === null) this.#complete();
    return this.#fields as EventFields;
  }

  get outcome(): Outcome {
    if (this.#fields === null) this.#complete();
    return this.#outcome ?? this.proof.outcome;
  }

  /** Who really acted and how it ended is known only from a later stage, which may not meet the rule (decision 4). */
  #complete(): void {
    const fields = this.#events.get(this.id);
    if (fields === undefined) throw new Error(`event ${this.id} was matched but is not there`);
    const later = laterStage(fields, this.#events.reader);
    this.#fields = fields;
    if (later === undefined) return;
    const { user, impersonatedUser, code } = later;
    this.#fields = { ...fields, user, impersonatedUser, code };
    this.#outcome = outcomeOf(code ?? 0);
  }
}

function laterStage({ stage, time, auditID, cluster }: EventFields, reader: EventReader): EventFields | undefined {
  if (stage !== 'RequestReceived' || time === null) return undefined;
  return reader
    .atTime(time)
    .filter((other) => other.auditID === auditID && other.stage !== 'RequestReceived' && other.cluster === cluster)
    .at(-1);
}

function outcomeOf(code: number): Outcome {
  if (code === 101 || (code >= 200 && code < 400)) return 'succeeded';
  return code === 401 || code === 403 ? 'attempted' : 'failed';
}
