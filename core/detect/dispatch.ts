import { FLAGS } from '../event/columns.ts';
import { TupleInterner } from '../event/tuple-interner.ts';
import { isNotKnown, type KnownColumns, keysAskedFor, partialEvent } from './partial-event.ts';

/** A predicate that can be asked about events of which not everything is known (`SigmaRule`). */
export interface Decider {
  matches(event: unknown): boolean;
  residual(event: unknown, isUnknown: (error: unknown) => boolean): boolean | ((event: unknown) => boolean);
}

/** A rule about which what is known leaves something open, and the test of the rest. */
export interface OpenRule {
  readonly rule: number;
  readonly test: (event: unknown) => boolean;
}

/** What columns say of all rules: numbers of those that their events meet, and those about which the rest decides. */
export interface Verdict {
  readonly met: readonly number[];
  readonly open: readonly OpenRule[];
}

/** Ids of the columns that dispatch looks at. Equal ids mean equal values; what they stand for is asked only once. */
export interface DispatchKey {
  operation: number;
  answer: number;
  actor: number;
  agent: number;
  namespace: number;
  address: number;
  /** Flags of how it was read (FLAGS). */
  flags: number;
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

/**
 * Remembers something that has a number. With `first`, it is found out when the number is met for the second time: a log may have a
 * new address in every line, and asking all rules about each would cost more than it spares.
 */
class Memo<T> {
  readonly #find: (id: number) => T;
  readonly #first: T | undefined;
  #known = new Map<number, T>();

  /** `first`: given for a value that was never met before. */
  constructor(find: (id: number) => T, first?: T) {
    this.#find = find;
    this.#first = first;
  }

  of(id: number): T {
    const known = this.#known.get(id);
    if (known !== undefined && known !== this.#first) return known;
    if (this.#known.size >= MOST_REMEMBERED) this.#known = new Map();
    const value = known === undefined && this.#first !== undefined ? this.#first : this.#find(id);
    this.#known.set(id, value);
    return value;
  }
}

/** A column, or a few that go together, with its id in a key. */
interface Column {
  readonly idOf: (key: DispatchKey) => number;
  /** Rules that it leaves open. */
  readonly open: Memo<RuleBits>;
}

/**
 * The dispatch table: which rules a row of columns leaves open. What the operation, the actor and the addresses exclude alone is
 * remembered for each of their values; what is left is asked about all columns together. All is found by asking the rules
 * themselves about an event of which only that is known, so the table can never disagree with them, and remembered.
 */
export class Dispatch {
  readonly #rules: readonly Decider[];
  readonly #texts: ColumnTexts;
  readonly #all: readonly number[];
  /** Of an event of which nothing is known. */
  readonly #undecided: Verdict;
  readonly #tuple = new Int32Array(7);
  /** Combinations of columns, and what was found out about them: logs repeat few of them. */
  #tuples = new TupleInterner(7);
  #verdicts: (Verdict | null)[] = [];
  readonly #columns: readonly Column[];
  readonly #open: RuleBits;
  /** Rules that nothing known excludes: one that asks for a value of an empty list is never met. */
  readonly #possible: RuleBits;

  constructor(rules: readonly Decider[], texts: ColumnTexts) {
    this.#rules = rules;
    this.#texts = texts;
    this.#undecided = { met: [], open: rules.map((rule, index) => ({ rule: index, test: rule.matches })) };
    this.#all = rules.map((_, index) => index);
    this.#open = new Int32Array(Math.ceil(rules.length / 32));
    this.#possible = this.#leftOpen(this.#all, {});
    const asked = rules.map((rule) => keysAskedFor((event) => rule.residual(event, isNotKnown)));
    const alone = (
      keys: readonly string[],
      idOf: Column['idOf'],
      known: (id: number) => KnownColumns,
      first?: RuleBits,
    ): Column => {
      const asking = this.#all.filter((rule) => keys.some((key) => asked[rule]?.has(key)));
      return { idOf, open: new Memo((id) => this.#leftOpen(asking, known(id)), first) };
    };
    const noneExcluded = new Int32Array(this.#open.length).fill(-1);
    const operation = alone(
      ['verb', 'objectRef'],
      (key) => key.operation,
      (id) => ({ operation: texts.operation(id) }),
    );
    this.#columns = [
      operation,
      alone(
        ['user', 'impersonatedUser'],
        (key) => key.actor,
        (id) => ({ actor: texts.actor(id) }),
        noneExcluded,
      ),
      alone(
        ['sourceIPs'],
        (key) => key.address,
        (id) => ({ addresses: texts.addresses(id) }),
        noneExcluded,
      ),
    ];
  }

  /** What the columns of an event say of all rules: which it meets, and about which the rest decides. Null: it meets none. */
  verdict(key: DispatchKey): Verdict | null {
    if ((key.flags & FLAGS.unusual) !== 0) return this.#undecided;
    const id = this.#tuples.idOf(tupleOf(key, this.#tuple));
    const known = this.#verdicts[id];
    if (known !== undefined) return known;
    if (id > MOST_REMEMBERED) this.#forget();
    const verdict = this.#decide(key);
    if (id <= MOST_REMEMBERED) this.#verdicts[id] = verdict;
    return verdict;
  }

  #forget(): void {
    this.#tuples = new TupleInterner(this.#tuple.length);
    this.#verdicts = [];
  }

  #decide(key: DispatchKey): Verdict | null {
    const left = this.#candidates(key);
    if (left.length === 0) return null;
    const event = partialEvent(this.#known(key));
    const met: number[] = [];
    const open: OpenRule[] = [];
    for (const rule of left) {
      const rest = (this.#rules[rule] as Decider).residual(event, isNotKnown);
      if (rest === true) met.push(rule);
      else if (rest !== false) open.push({ rule, test: rest });
    }
    return met.length + open.length === 0 ? null : { met, open };
  }

  #candidates(key: DispatchKey): readonly number[] {
    const open = this.#open;
    open.set(this.#possible);
    for (const column of this.#columns) if (!intersect(open, column.open.of(column.idOf(key)))) return [];
    return listOf(open, this.#rules.length);
  }

  #known(key: DispatchKey): KnownColumns {
    const texts = this.#texts;
    return {
      operation: texts.operation(key.operation),
      actor: texts.actor(key.actor),
      answer: texts.answer(key.answer),
      agent: texts.text(key.agent),
      namespace: texts.text(key.namespace),
      addresses: texts.addresses(key.address),
      has: hasOf(key.flags),
    };
  }

  /** All rules but those among the `asking` that what is known excludes. */
  #leftOpen(asking: readonly number[], known: KnownColumns): RuleBits {
    const event = partialEvent(known);
    const bits = new Int32Array(this.#open.length).fill(-1);
    for (const rule of asking) {
      if ((this.#rules[rule] as Decider).residual(event, isNotKnown) === false) {
        bits[rule >> 5] = (bits[rule >> 5] as number) & ~(1 << (rule & 31));
      }
    }
    return bits;
  }
}

const hasOf = (flags: number) => ({
  requestBody: (flags & FLAGS.hasRequestBody) !== 0,
  responseBody: (flags & FLAGS.hasResponseBody) !== 0,
  moreAnnotations: (flags & FLAGS.hasMoreAnnotations) !== 0,
});

function tupleOf(key: DispatchKey, into: Int32Array): Int32Array {
  into[0] = key.operation;
  into[1] = key.answer;
  into[2] = key.actor;
  into[3] = key.agent;
  into[4] = key.namespace;
  into[5] = key.address;
  into[6] = key.flags;
  return into;
}

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
