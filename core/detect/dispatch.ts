import { FLAGS } from '../event/columns.ts';
import { TupleInterner } from '../event/tuple-interner.ts';
import type { Comparison, Knowledge, Remainder } from '../sigma/sigma.ts';
import { Comparisons } from './comparison-keys.ts';
import type { KnownColumns } from './partial-event.ts';
import { ValueClasses } from './value-classes.ts';

/** A predicate that can be asked about events of which not everything is known (`SigmaRule`). */
export interface Decider {
  matches(event: unknown): boolean;
  residual(know: Knowledge): boolean | Remainder;
  comparisons(): readonly Comparison[];
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

export const emptyKey = (): DispatchKey => ({
  operation: 0,
  answer: 0,
  actor: 0,
  agent: 0,
  namespace: 0,
  address: 0,
  flags: 0,
});

/** Fills a key with the columns of a row. */
export function fillKey(
  key: DispatchKey,
  columns: Readonly<Record<Exclude<keyof DispatchKey, 'flags'>, ArrayLike<number>>>,
  row: number,
  flags: number,
): DispatchKey {
  key.operation = columns.operation[row] as number;
  key.answer = columns.answer[row] as number;
  key.actor = columns.actor[row] as number;
  key.agent = columns.agent[row] as number;
  key.namespace = columns.namespace[row] as number;
  key.address = columns.address[row] as number;
  key.flags = flags;
  return key;
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

/** What something known of an event says of all rules: numbers of those that it meets, and what it leaves open of others. */
interface Standing {
  readonly met: readonly number[];
  readonly left: readonly { readonly rule: number; readonly rest: Remainder }[];
}

/** A column whose values fall into few classes. */
interface Column {
  readonly idOf: (key: DispatchKey) => number;
  readonly classes: ValueClasses;
}

/** Flags that tell what there is in an event. */
const TOLD = FLAGS.hasRequestBody | FLAGS.hasResponseBody | FLAGS.hasMoreAnnotations;

/**
 * The dispatch table: which rules a row of columns leaves open. Operation, answer and the bodies that there are make the shape of an
 * event; a log has few shapes, and each is decided once. What a shape leaves open is decided once for each combination of classes of
 * actor, agent, name space and addresses. All is found by asking the rules' own comparisons about an event of which only
 * that is known, so the table can never disagree with them.
 */
export class Dispatch {
  readonly #texts: ColumnTexts;
  readonly #comparisons: Comparisons;
  readonly #columns: readonly Column[];
  /** Of an event of which nothing is known. */
  readonly #undecided: Verdict;
  /** What all events have in common: a rule that asks for a value of an empty list is met by none. */
  readonly #any: Standing;
  #operations = new Map<number, Standing>();
  readonly #shape = new Int32Array(4);
  #shapes = new TupleInterner(4);
  #standings: (Standing | null)[] = [];
  readonly #tuple: Int32Array;
  #tuples: TupleInterner;
  #verdicts: (Verdict | null)[] = [];

  constructor(rules: readonly Decider[], texts: ColumnTexts) {
    this.#texts = texts;
    this.#comparisons = new Comparisons(rules.flatMap((rule) => rule.comparisons()));
    this.#columns = columnsOf(this.#comparisons, texts);
    this.#tuple = new Int32Array(1 + this.#columns.length);
    this.#tuples = new TupleInterner(this.#tuple.length);
    this.#undecided = { met: [], open: rules.map((rule, index) => ({ rule: index, test: rule.matches })) };
    const left = rules.map((rule, index) => ({ rule: index, rest: { ...rule, test: rule.matches } }));
    this.#any = ask({ met: [], left }, this.#knowing({}));
  }

  /** What the columns of an event say of all rules: which it meets, and about which the rest decides. Null: it meets none. */
  verdict(key: DispatchKey): Verdict | null {
    if ((key.flags & FLAGS.unusual) !== 0) return this.#undecided;
    const shape = this.#shapeOf(key);
    const standing = this.#standings[shape] as Standing | null;
    return standing === null ? null : this.#verdictOf(shape, standing, key);
  }

  #shapeOf(key: DispatchKey): number {
    const tuple = this.#shape;
    tuple[0] = key.operation;
    tuple[1] = key.answer;
    tuple[2] = key.flags & TOLD;
    tuple[3] = key.namespace === 0 ? 0 : 1;
    const id = this.#shapes.idOf(tuple);
    if (this.#standings[id] === undefined) this.#standings[id] = this.#standingOf(key);
    return id;
  }

  #standingOf(key: DispatchKey): Standing | null {
    const operation = this.#texts.operation(key.operation);
    let standing = this.#operations.get(key.operation);
    if (standing === undefined) {
      standing = ask(this.#any, this.#knowing({ operation }));
      this.#operations.set(key.operation, standing);
    }
    const answer = this.#texts.answer(key.answer);
    const namespace = key.namespace === 0 ? { namespace: null } : {};
    const found = ask(standing, this.#knowing({ operation, answer, has: hasOf(key.flags), ...namespace }));
    return found.met.length + found.left.length === 0 ? null : found;
  }

  #verdictOf(shape: number, standing: Standing, key: DispatchKey): Verdict | null {
    const tuple = this.#tuple;
    tuple[0] = shape;
    for (let i = 0; i < this.#columns.length; i++) {
      const { classes, idOf } = this.#columns[i] as Column;
      tuple[i + 1] = classes.of(idOf(key));
    }
    const id = this.#tuples.idOf(tuple);
    const known = this.#verdicts[id];
    if (known !== undefined) return known;
    const verdict = this.#decide(standing);
    if (id <= MOST_REMEMBERED) this.#verdicts[id] = verdict;
    else this.#forget();
    return verdict;
  }

  /** What the classes in the tuple make of what a shape leaves open. */
  #decide(standing: Standing): Verdict | null {
    const { met, left } = ask(standing, (comparison) => {
      const number = this.#comparisons.numberOf(comparison);
      for (let i = 0; i < this.#columns.length; i++) {
        const outcome = (this.#columns[i] as Column).classes.outcome(this.#tuple[i + 1] as number, number);
        if (outcome !== null) return outcome;
      }
      return null;
    });
    if (met.length + left.length === 0) return null;
    return { met, open: left.map(({ rule, rest }) => ({ rule, test: rest.test })) };
  }

  #knowing(known: KnownColumns): Knowledge {
    const outcome = this.#comparisons.outcomes(known);
    return (comparison) => outcome(this.#comparisons.numberOf(comparison));
  }

  #forget(): void {
    this.#operations = new Map();
    this.#shapes = new TupleInterner(this.#shape.length);
    this.#standings = [];
    this.#tuples = new TupleInterner(this.#tuple.length);
    this.#verdicts = [];
  }
}

/** What more knowledge makes of it. */
function ask(standing: Standing, know: Knowledge): Standing {
  const met = [...standing.met];
  const left: { rule: number; rest: Remainder }[] = [];
  for (const { rule, rest } of standing.left) {
    const more = rest.residual(know);
    if (more === true) met.push(rule);
    else if (more !== false) left.push({ rule, rest: more });
  }
  return { met: met.sort((a, b) => a - b), left };
}

function columnsOf(comparisons: Comparisons, texts: ColumnTexts): Column[] {
  const column = (keys: readonly string[], idOf: Column['idOf'], known: (id: number) => KnownColumns): Column => ({
    idOf,
    classes: new ValueClasses(comparisons, keys, known),
  });
  return [
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
    column(
      ['sourceIPs'],
      (key) => key.address,
      (id) => ({ addresses: texts.addresses(id) }),
    ),
  ];
}

const hasOf = (flags: number) => ({
  requestBody: (flags & FLAGS.hasRequestBody) !== 0,
  responseBody: (flags & FLAGS.hasResponseBody) !== 0,
  moreAnnotations: (flags & FLAGS.hasMoreAnnotations) !== 0,
});
