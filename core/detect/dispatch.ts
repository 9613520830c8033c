import type { AuditEvent } from '../event/audit-event.ts';
import { isCanonical, isNotKnown, type KnownColumns, partialEvent } from './partial-event.ts';

/** A predicate that can be asked about events of which not everything is known (`SigmaRule.decide`). */
export interface Decider {
  decide(event: unknown, isUnknown: (error: unknown) => boolean): boolean | null;
}

/** Ids of the columns that dispatch looks at. Equal ids mean equal values; what they stand for is asked only once. */
export interface DispatchKey {
  operation: number;
  answer: number;
  actor: number;
  agent: number;
  address: number;
  /** Bit 0: has a request body, 1: a response body, 2: annotations besides the authorizer's. */
  has: number;
}

/** What the ids of a key stand for. */
export interface ColumnTexts {
  operation(id: number): NonNullable<KnownColumns['operation']>;
  actor(id: number): NonNullable<KnownColumns['actor']>;
  answer(id: number): NonNullable<KnownColumns['answer']>;
  agent(id: number): string | null;
  addresses(id: number): readonly string[] | null;
}

/** Combinations remembered; a log with more starts afresh. */
const MOST_REMEMBERED = 200_000;

/** Excluded or not, by the id of an address; 0 is not asked yet. */
const OPEN = 1;
const EXCLUDED = 2;

/**
 * The dispatch table: which rules a row of columns leaves open. Three steps, all remembered: what the operation alone
 * decides; what operation, answer, actor, agent and the presence of bodies and annotations decide together; what the
 * addresses alone exclude. Each is found by asking the rules themselves about an event of which only that is known, so the
 * table can never disagree with them.
 */
export class Dispatch {
  readonly #rules: readonly Decider[];
  readonly #texts: ColumnTexts;
  readonly #all: readonly number[];
  readonly #byOperation: (readonly number[] | undefined)[] = [];
  readonly #byAddress: Uint8Array[];
  #byKey = new Map<number, Map<number, readonly number[]>>();
  #remembered = 0;

  constructor(rules: readonly Decider[], texts: ColumnTexts) {
    this.#rules = rules;
    this.#texts = texts;
    this.#all = rules.map((_, index) => index);
    this.#byAddress = rules.map(() => new Uint8Array(64));
  }

  /** Rules that may hold for an event of canonical keys. */
  candidates(key: DispatchKey): readonly number[] {
    const first = this.#ofOperation(key.operation);
    if (first.length === 0) return first;
    const second = this.#ofKey(key, first);
    return second.length === 0 ? second : this.#ofAddress(key.address, second);
  }

  /** Rules that may hold for any event. */
  candidatesOf(event: AuditEvent, key: DispatchKey): readonly number[] {
    return isCanonical(event) ? this.candidates(key) : this.#all;
  }

  #ofOperation(operation: number): readonly number[] {
    let open = this.#byOperation[operation];
    if (open === undefined) {
      const event = partialEvent({ operation: this.#texts.operation(operation) });
      open = this.#all.filter((rule) => !this.#isExcluded(rule, event));
      this.#byOperation[operation] = open;
    }
    return open;
  }

  #ofKey(key: DispatchKey, first: readonly number[]): readonly number[] {
    if (key.answer >= 2 ** 12 || key.actor >= 2 ** 18 || key.agent >= 2 ** 22) return first;
    const outer = key.operation * 8 + key.has;
    const inner = (key.answer * 2 ** 18 + key.actor) * 2 ** 22 + key.agent;
    let known = this.#byKey.get(outer);
    if (known === undefined) {
      known = new Map();
      this.#byKey.set(outer, known);
    }
    let open = known.get(inner);
    if (open === undefined) {
      const event = this.#eventOf(key);
      open = first.filter((rule) => !this.#isExcluded(rule, event));
      this.#remember(known, inner, open);
    }
    return open;
  }

  #remember(known: Map<number, readonly number[]>, inner: number, open: readonly number[]): void {
    known.set(inner, open);
    if (++this.#remembered < MOST_REMEMBERED) return;
    this.#byKey = new Map();
    this.#remembered = 0;
  }

  /** Most rules ask nothing of the address, so the list is copied only where one is excluded. */
  #ofAddress(address: number, open: readonly number[]): readonly number[] {
    for (const rule of open) {
      if (this.#addressVerdict(rule, address) === EXCLUDED) return open.filter((one) => this.#addressVerdict(one, address) === OPEN);
    }
    return open;
  }

  #addressVerdict(rule: number, address: number): number {
    let verdicts = this.#byAddress[rule] as Uint8Array;
    if (address >= verdicts.length) {
      const larger = new Uint8Array(Math.max(address + 1, verdicts.length * 2));
      larger.set(verdicts);
      verdicts = larger;
      this.#byAddress[rule] = verdicts;
    }
    if (verdicts[address] === 0) {
      const event = partialEvent({ addresses: this.#texts.addresses(address) });
      verdicts[address] = this.#isExcluded(rule, event) ? EXCLUDED : OPEN;
    }
    return verdicts[address] as number;
  }

  #eventOf(key: DispatchKey): AuditEvent {
    return partialEvent({
      operation: this.#texts.operation(key.operation),
      actor: this.#texts.actor(key.actor),
      answer: this.#texts.answer(key.answer),
      agent: this.#texts.agent(key.agent),
      has: { requestBody: (key.has & 1) !== 0, responseBody: (key.has & 2) !== 0, moreAnnotations: (key.has & 4) !== 0 },
    });
  }

  #isExcluded(rule: number, event: AuditEvent): boolean {
    return (this.#rules[rule] as Decider).decide(event, isNotKnown) === false;
  }
}
