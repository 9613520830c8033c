import type { AuditEvent } from '../event/audit-event.ts';
import { isCanonical, isNotKnown, type KnownColumns, keysAskedFor, partialEvent } from './partial-event.ts';

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
  namespace: number;
  address: number;
  /** Bit 0: has a request body, 1: a response body, 2: annotations besides the authorizer's. */
  has: number;
}

/** What the ids of a key stand for. */
export interface ColumnTexts {
  operation(id: number): NonNullable<KnownColumns['operation']>;
  actor(id: number): NonNullable<KnownColumns['actor']>;
  answer(id: number): NonNullable<KnownColumns['answer']>;
  text(id: number): string | null;
  addresses(id: number): readonly string[] | null;
}

/** Verdicts remembered for each step; a log with more starts afresh. */
const MOST_REMEMBERED = 200_000;

/** A set of rules, one bit each. */
type RuleBits = Int32Array;

/** Remembers something that has a number. */
class Memo<T> {
  readonly #find: (id: number) => T;
  #known = new Map<number, T>();

  constructor(find: (id: number) => T) {
    this.#find = find;
  }

  of(id: number): T {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_REMEMBERED) this.#known = new Map();
    const value = this.#find(id);
    this.#known.set(id, value);
    return value;
  }
}

/** A column, or a few that go together, with its id in a key. */
interface Column {
  readonly idOf: (key: DispatchKey) => number;
  readonly known: (id: number) => KnownColumns;
  /** Rules that it leaves open by itself. */
  readonly alone: Memo<RuleBits>;
  /** For each rule, whether it leaves the rule open together with the operation. */
  readonly withOperation: readonly Memo<boolean>[] | null;
}

/** So many rules are worth a closer look at the columns before the whole event is read for them. */
const FEW = 3;

/** Ids of the operation and of another column in one number: both are dictionary ids of one worker. */
const SPAN = 2 ** 26;

/**
 * The dispatch table: which rules a row of columns leaves open. First what each column excludes alone (operation, answer,
 * actor, agent, namespace, addresses), then, for the few rules that are left, what each excludes together with the
 * operation. All is found by asking the rules themselves about an event of which only that is known, so the table can never
 * disagree with them, and remembered.
 */
export class Dispatch {
  readonly #rules: readonly Decider[];
  readonly #all: readonly number[];
  readonly #columns: readonly Column[];
  readonly #open: RuleBits;
  /** Rules that nothing known excludes: one that asks for a value of an empty list is never met. */
  readonly #possible: RuleBits;

  constructor(rules: readonly Decider[], texts: ColumnTexts) {
    this.#rules = rules;
    this.#all = rules.map((_, index) => index);
    this.#open = new Int32Array(Math.ceil(rules.length / 32));
    const asked = rules.map((rule) => keysAskedFor((event) => rule.decide(event, isNotKnown)));
    this.#possible = this.#alone(this.#all, () => ({})).of(0);
    const column = (keys: readonly string[], idOf: Column['idOf'], known: Column['known']): Column => ({
      idOf,
      known,
      alone: this.#alone(
        this.#all.filter((rule) => keys.some((key) => asked[rule]?.has(key))),
        known,
      ),
      withOperation: rules.map(
        (rule) =>
          new Memo((both) =>
            isOpen(rule, { operation: texts.operation(Math.floor(both / SPAN)), ...known(both % SPAN) }),
          ),
      ),
    });
    this.#columns = [
      {
        ...column(
          ['verb', 'objectRef'],
          (key) => key.operation,
          (id) => ({ operation: texts.operation(id) }),
        ),
        withOperation: null,
      },
      column(
        ['stage', 'level', 'responseStatus', 'annotations', 'requestObject', 'responseObject'],
        (key) => key.answer * 8 + key.has,
        (id) => ({ answer: texts.answer(id >> 3), has: hasOf(id & 7) }),
      ),
      column(
        ['user', 'impersonatedUser'],
        (key) => key.actor,
        (id) => ({ actor: texts.actor(id) }),
      ),
      column(
        ['userAgent'],
        (key) => key.agent,
        (id) => ({ agent: texts.text(id) }),
      ),
      column(
        ['objectRef'],
        (key) => key.namespace,
        (id) => ({ namespace: texts.text(id) }),
      ),
      {
        ...column(
          ['sourceIPs'],
          (key) => key.address,
          (id) => ({ addresses: texts.addresses(id) }),
        ),
        withOperation: null,
      },
    ];
  }

  /** Rules that may hold for an event of canonical keys. */
  candidates(key: DispatchKey): readonly number[] {
    const open = this.#open;
    open.set(this.#possible);
    for (const column of this.#columns) if (!intersect(open, column.alone.of(column.idOf(key)))) return NONE;
    const left = listOf(open, this.#rules.length);
    if (left.length > FEW) return left;
    return left.filter((rule) => this.#columns.every((column) => this.#isOpenTogether(column, rule, key)));
  }

  /** Addresses are too many to be remembered with each operation. */
  #isOpenTogether(column: Column, rule: number, key: DispatchKey): boolean {
    return (
      column.withOperation === null ||
      (column.withOperation[rule] as Memo<boolean>).of(key.operation * SPAN + column.idOf(key))
    );
  }

  /** Rules that may hold for any event. */
  candidatesOf(event: AuditEvent, key: DispatchKey): readonly number[] {
    return isCanonical(event) ? this.candidates(key) : this.#all;
  }

  /** What a column leaves open by itself; only rules that ask for its keys can be excluded. */
  #alone(asking: readonly number[], known: Column['known']): Memo<RuleBits> {
    return new Memo((id) => {
      const event = partialEvent(known(id));
      const bits = new Int32Array(this.#open.length).fill(-1);
      for (const rule of asking) {
        if ((this.#rules[rule] as Decider).decide(event, isNotKnown) === false)
          bits[rule >> 5] = (bits[rule >> 5] as number) & ~(1 << (rule & 31));
      }
      return bits;
    });
  }
}

const isOpen = (rule: Decider, known: KnownColumns): boolean => rule.decide(partialEvent(known), isNotKnown) !== false;

const NONE: readonly number[] = [];

const hasOf = (bits: number) => ({
  requestBody: (bits & 1) !== 0,
  responseBody: (bits & 2) !== 0,
  moreAnnotations: (bits & 4) !== 0,
});

const isSet = (bits: RuleBits, rule: number) => ((bits[rule >> 5] as number) & (1 << (rule & 31))) !== 0;

/** Keeps what is in both; whether anything is left. */
function intersect(into: RuleBits, other: RuleBits): boolean {
  let any = 0;
  for (let i = 0; i < into.length; i++) {
    const both = (into[i] as number) & (other[i] as number);
    into[i] = both;
    any |= both;
  }
  return any !== 0;
}

function listOf(bits: RuleBits, count: number): number[] {
  const rules: number[] = [];
  for (let rule = 0; rule < count; rule++) if (isSet(bits, rule)) rules.push(rule);
  return rules;
}
