import type { SqlResult, SqlTable, SqlValue } from '../contract/hunt-calls.ts';
import { CaseError } from '../fault.ts';
import { type Connection, openCaseFile } from './connection.ts';

/** Bytes that SQLite may take for one statement: a bomb ends the statement, not the machine. */
const MOST_HEAP_BYTES = 512 * 1024 * 1024;
/** Behind comments: what only reads. */
const READS = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:select|with|values|explain)\b/i;

/**
 * Runs SQL that a person wrote, on a connection of its own that can only read. SQLite cannot be interrupted from outside: run it
 * in a process that can be killed.
 */
export class SqlReader {
  readonly #db: Connection;

  constructor(path: string) {
    this.#db = openCaseFile(path, 'read');
    this.#db.pragma('query_only = ON');
    this.#db.pragma(`hard_heap_limit = ${MOST_HEAP_BYTES}`);
  }

  /** Columns and rows one by one. Raises `sql/invalid`. */
  *run(sql: string): Generator<readonly string[] | readonly SqlValue[]> {
    try {
      if (!READS.test(sql)) throw invalid('Only SELECT, WITH, VALUES and EXPLAIN can be run here.');
      const statement = this.#db.prepare(sql);
      if (!statement.reader || !statement.readonly) throw invalid('The statement would not only read.');
      statement.raw().safeIntegers();
      yield statement.columns().map(({ name }) => name);
      for (const row of statement.iterate() as IterableIterator<unknown[]>) yield row.map(plain);
    } catch (error) {
      if (error instanceof CaseError) throw error;
      throw invalid(error instanceof Error ? `${error.message}.` : String(error), error);
    }
  }

  /** The first rows, bounded by number and by bytes of text. */
  first(sql: string, rowLimit: number, byteLimit: number): SqlResult {
    const started = performance.now();
    const rows: (readonly SqlValue[])[] = [];
    let columns: readonly string[] | null = null;
    let [bytes, isCut] = [0, false];
    for (const row of this.run(sql)) {
      if (columns === null) {
        columns = row as readonly string[];
        continue;
      }
      bytes += row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
      isCut = rows.length >= rowLimit || bytes > byteLimit;
      if (isCut) break;
      rows.push(row);
    }
    return { columns: columns ?? [], rows, isCut, elapsedMs: Math.round(performance.now() - started) };
  }

  /** Tables and views, views first: they are meant for people. */
  schema(): SqlTable[] {
    const tables = this.#db
      .prepare(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table', name",
      )
      .all() as { name: string; type: string }[];
    const columns = this.#db.prepare('SELECT name, type FROM pragma_table_info(?) ORDER BY cid');
    return tables.map(({ name, type }) => ({
      name,
      about: type === 'view' ? 'view' : 'table',
      columns: columns.all(name) as { name: string; type: string }[],
    }));
  }

  close(): void {
    this.#db.close();
  }
}

function invalid(message: string, cause?: unknown): CaseError {
  const sentence = message.slice(0, 1).toUpperCase() + message.slice(1);
  return new CaseError('sql/invalid', sentence, {
    cause,
    hint: 'The tables are in docs/case-file.md; start with event_readable.',
  });
}

function plain(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`;
  return String(value);
}
