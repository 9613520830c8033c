import type { AuditEvent } from '../event/audit-event.ts';
import { decide, isCanonical, type KnownColumns, partialEvent } from './partial-event.ts';

/** A predicate over whole events. */
export type Predicate = (event: unknown) => boolean;

/** Ids of the columns that dispatch looks at. Equal ids mean equal values; what they stand for is asked only once. */
export interface DispatchKey {
  readonly operation: number;
  readonly answer: number;
  readonly actor: number;
  readonly agent: number;
  /** Bit 0: has a request body, bit 1: has a response body. */
  readonly bodies: number;
}

/** What the ids of a key stand for. */
export interface ColumnTexts {
  operation(id: number): KnownColumns['operation'];
  actor(id: number): NonNullable<KnownColumns['actor']>;
  answer(id: number): NonNullable<KnownColumns['answer']>;
  agent(id: number): string | null;
}

/** Combinations remembered; a log with more starts afresh. */
const MOST_REMEMBERED = 200_000;

/**
 * The dispatch table: which predicates a row of columns leaves open. Two steps, both remembered: what the operation alone
 * decides, and what operation, answer, actor, agent and the presence of bodies decide together. Each is found by running the
 * predicates themselves over an event of which only that is known, so the table can never disagree with them.
 */
export class Dispatch {
  readonly #predicates: readonly Predicate[];
  readonly #texts: ColumnTexts;
  readonly #all: readonly number[];
  readonly #byOperation: (readonly number[] | undefined)[] = [];
  #byKey = new Map<number, Map<number, readonly number[]>>();
  #remembered = 0;

  constructor(predicates: readonly Predicate[], texts: ColumnTexts) {
    this.#predicates = predicates;
    this.#texts = texts;
    this.#all = predicates.map((_, index) => index);
  }

  /** Predicates that may hold for an event of canonical keys. */
  candidates(key: DispatchKey): readonly number[] {
    const first = this.#ofOperation(key.operation);
    return first.length === 0 ? first : this.#ofKey(key, first);
  }

  /** Predicates that may hold for any event. */
  candidatesOf(event: AuditEvent, key: DispatchKey): readonly number[] {
    return isCanonical(event) ? this.candidates(key) : this.#all;
  }

  #ofOperation(operation: number): readonly number[] {
    let open = this.#byOperation[operation];
    if (open === undefined) {
      open = this.#open(this.#all, partialEvent({ operation: this.#texts.operation(operation) }));
      this.#byOperation[operation] = open;
    }
    return open;
  }

  #ofKey(key: DispatchKey, first: readonly number[]): readonly number[] {
    if (key.answer >= 2 ** 12 || key.actor >= 2 ** 18 || key.agent >= 2 ** 22) return first;
    const outer = key.operation * 4 + key.bodies;
    const inner = (key.answer * 2 ** 18 + key.actor) * 2 ** 22 + key.agent;
    let known = this.#byKey.get(outer);
    if (known === undefined) {
      known = new Map();
      this.#byKey.set(outer, known);
    }
    const open = known.get(inner) ?? this.#open(first, this.#eventOf(key));
    if (!known.has(inner)) this.#remember(known, inner, open);
    return open;
  }

  #remember(known: Map<number, readonly number[]>, inner: number, open: readonly number[]): void {
    known.set(inner, open);
    if (++this.#remembered < MOST_REMEMBERED) return;
    this.#byKey = new Map();
    this.#remembered = 0;
  }

  #eventOf(key: DispatchKey): AuditEvent {
    return partialEvent({
      operation: this.#texts.operation(key.operation),
      actor: this.#texts.actor(key.actor),
      answer: this.#texts.answer(key.answer),
      agent: this.#texts.agent(key.agent),
      hasBodies: { request: (key.bodies & 1) !== 0, response: (key.bodies & 2) !== 0 },
    });
  }

  #open(candidates: readonly number[], event: AuditEvent): readonly number[] {
    return candidates.filter((index) => decide(this.#predicates[index] as Predicate, event) !== false);
  }
}
