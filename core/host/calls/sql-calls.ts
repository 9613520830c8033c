import { SQL_LIMITS } from '../../contract/hunt-calls.ts';
import { SqlReader } from '../../store/sql-reader.ts';
import type { CallTable } from '../call-scope.ts';
import { csvLine } from '../csv.ts';

/** These block their process while SQLite works: the door runs them in one of their own, and kills it on cancel. */
export const sqlCalls = {
  'sql/schema': (_req, { store }) => withReader(store.path, (reader) => reader.schema()),
  'sql/run': ({ sql, limit }, { store }) =>
    withReader(store.path, (reader) => reader.first(sql, Math.min(limit, SQL_LIMITS.rows), SQL_LIMITS.bytes)),
  'export/sql': async ({ sql, format }, { store, files }) => {
    const reader = new SqlReader(store.path);
    try {
      const isCsv = format === 'csv';
      return await files.write(
        `query.${format}`,
        isCsv ? 'text/csv' : 'application/jsonl',
        linesOf(reader, sql, isCsv),
      );
    } finally {
      reader.close();
    }
  },
} satisfies Partial<CallTable>;

function withReader<T>(path: string, work: (reader: SqlReader) => T): T {
  const reader = new SqlReader(path);
  try {
    return work(reader);
  } finally {
    reader.close();
  }
}

function* linesOf(reader: SqlReader, sql: string, isCsv: boolean): Generator<string> {
  let columns: readonly string[] | null = null;
  for (const row of reader.run(sql)) {
    if (isCsv) yield csvLine(row);
    else if (columns !== null)
      yield `${JSON.stringify(Object.fromEntries(row.map((value, at) => [columns?.[at], value])))}\n`;
    columns ??= row as readonly string[];
  }
}
