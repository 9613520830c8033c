import { FLAGS } from '../event/columns.ts';
import { type CaseColumns, type IdColumn, type Ids, readColumns } from './case-columns.ts';
import { CaseTerms } from './case-terms.ts';
import type { Connection } from './connection.ts';
import { auditIdText } from './event-reader.ts';

/** Columns of text by the names of core/hunt: the column of ids, and the field of the tuple that the ids stand for. */
const TEXTS = {
  verb: ['operation', 'verb'],
  apiGroup: ['operation', 'api_group'],
  resource: ['operation', 'resource'],
  subresource: ['operation', 'subresource'],
  user: ['actor', 'user'],
  groups: ['actor', 'groups'],
  impersonatedUser: ['actor', 'impersonated_user'],
  stage: ['answer', 'stage'],
  level: ['answer', 'level'],
  decision: ['answer', 'decision'],
  server: ['reading', 'server'],
  cluster: ['reading', 'cluster'],
  format: ['reading', 'format'],
  sourceIPs: ['address', null],
  userAgent: ['agent', null],
  namespace: ['namespace', null],
  name: ['name', null],
} as const satisfies Readonly<Record<string, readonly [IdColumn, string | null]>>;

export type TextColumn = keyof typeof TEXTS;

/** A column of ids, and what each id stands for. */
export interface Dictionary<Value> {
  readonly ids: Ids;
  /** Largest id. */
  readonly last: number;
  read(id: number): Value;
}

type Tuple = Readonly<Record<string, number | string | null>>;
type TupleTable = 'actor' | 'operation' | 'answer' | 'reading';

/** What the case keeps of one `reading`. */
export interface Reading {
  readonly form: string;
  readonly format: string | null;
  readonly flags: readonly string[];
}

/** All events of a case for searching: their columns in order, and the dictionaries behind these. */
export class EventIndex {
  readonly columns: CaseColumns;
  readonly #db: Connection;
  readonly #tuples = new Map<TupleTable, readonly (Tuple | undefined)[]>();
  readonly #dictionaries = new Map<TextColumn, Dictionary<string | null>>();
  /** Row plus one by id. */
  #rows: Uint32Array | null = null;
  #codes: Dictionary<number | null> | null = null;
  #readings: Dictionary<Reading> | null = null;
  #terms: CaseTerms | null = null;
  #conflicts: ReadonlySet<number> | null = null;

  constructor(db: Connection) {
    this.#db = db;
    this.columns = readColumns(db);
  }

  get terms(): CaseTerms {
    this.#terms ??= new CaseTerms(this.#db);
    return this.#terms;
  }

  /** Row of an event, or -1. */
  rowOf(id: number): number {
    this.#rows ??= rowsById(this.columns);
    return (this.#rows[id] ?? 0) - 1;
  }

  /** A column of text; a missing field is null. Lists are JSON text. */
  texts(column: TextColumn): Dictionary<string | null> {
    const known = this.#dictionaries.get(column);
    if (known !== undefined) return known;
    const [ids, field] = TEXTS[column];
    const dictionary =
      field === null ? this.#termsIn(ids) : this.#tuplesIn(ids as TupleTable, (tuple) => this.#text(tuple?.[field]));
    this.#dictionaries.set(column, dictionary);
    return dictionary;
  }

  codes(): Dictionary<number | null> {
    this.#codes ??= this.#tuplesIn('answer', (tuple) => (tuple?.['code'] as number | null | undefined) ?? null);
    return this.#codes;
  }

  readings(): Dictionary<Reading> {
    this.#readings ??= this.#tuplesIn('reading', (tuple) => ({
      form: String(tuple?.['form']),
      format: this.#text(tuple?.['format']),
      flags: namesOf(Number(tuple?.['flags'] ?? 0)),
    }));
    return this.#readings;
  }

  /** Ids of events that contradict one of the same key. */
  conflicts(): ReadonlySet<number> {
    this.#conflicts ??= new Set(
      this.#db.prepare('SELECT event FROM conflict UNION SELECT other FROM conflict').pluck().all() as number[],
    );
    return this.#conflicts;
  }

  /** Events by audit id: of that text in any case of its letters, or all. */
  *auditIds(text?: string): Generator<{ readonly id: number; readonly auditID: string }> {
    const isAscii = text !== undefined && /^[\x20-\x7e]*$/.test(text);
    const where = isAscii ? 'WHERE audit_id = :bytes OR lower(audit_id) = :text' : '';
    const bytes = isAscii && UUID.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : null;
    const rows = this.#db
      .prepare(`SELECT id, audit_id FROM event ${where}`)
      .raw()
      .iterate(isAscii ? { bytes, text: text.toLowerCase() } : {}) as IterableIterator<[number, Buffer | string]>;
    for (const [id, auditId] of rows) yield { id, auditID: auditIdText(auditId) };
  }

  #text(id: number | string | null | undefined): string | null {
    return typeof id === 'number' ? this.terms.text(id) : null;
  }

  #termsIn(column: IdColumn): Dictionary<string | null> {
    const { terms } = this;
    return { ids: this.columns[column], last: terms.last, read: (id) => terms.text(id) };
  }

  #tuplesIn<Value>(table: TupleTable, read: (tuple: Tuple | undefined) => Value): Dictionary<Value> {
    const values = this.#tuplesOf(table).map(read);
    const missing = read(undefined);
    return { ids: this.columns[table], last: values.length - 1, read: (id) => values[id] ?? missing };
  }

  #tuplesOf(table: TupleTable): readonly (Tuple | undefined)[] {
    const known = this.#tuples.get(table);
    if (known !== undefined) return known;
    const tuples: (Tuple | undefined)[] = [undefined];
    for (const row of this.#db.prepare(`SELECT * FROM ${table} ORDER BY id`).iterate() as IterableIterator<
      Tuple & { id: number }
    >)
      tuples[row.id] = row;
    this.#tuples.set(table, tuples);
    return tuples;
  }
}

function rowsById({ id, count }: CaseColumns): Uint32Array {
  const rows = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) rows[id[row] as number] = row + 1;
  return rows;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const namesOf = (bits: number): string[] =>
  Object.entries(FLAGS)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([flag]) => flag);
