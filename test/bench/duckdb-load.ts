import { DuckDBInstance } from '@duckdb/node-api';

/** Loads a log into typed columns of a DuckDB file: what Decklog's import is compared with. */
const [log, out] = process.argv.slice(2) as [string, string];
const columns = [
  "auditID: 'VARCHAR', level: 'VARCHAR', stage: 'VARCHAR', requestURI: 'VARCHAR', verb: 'VARCHAR'",
  "'user': 'STRUCT(username VARCHAR, groups VARCHAR[])', sourceIPs: 'VARCHAR[]', userAgent: 'VARCHAR'",
  "objectRef: 'STRUCT(resource VARCHAR, namespace VARCHAR, name VARCHAR, apiGroup VARCHAR, subresource VARCHAR)'",
  "responseStatus: 'STRUCT(code INT)', requestReceivedTimestamp: 'TIMESTAMP'",
  "annotations: 'JSON', requestObject: 'JSON', responseObject: 'JSON'",
].join(', ');
const connection = await (await DuckDBInstance.create(out)).connect();
const result = await connection.runAndReadAll(
  `CREATE TABLE event AS SELECT * FROM read_json('${log.replaceAll("'", "''")}', format = 'newline_delimited', columns = {${columns}})`,
);
process.stdout.write(`${result.getRows()[0]?.[0] ?? 0} events\n`);
