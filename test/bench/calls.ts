import Database from 'better-sqlite3';
import type { Req, Res } from '../../core/contract/calls.ts';
import type { CallScope } from '../../core/host/call-scope.ts';
import { CALLS } from '../../core/host/call-table.ts';
import { sessionOver } from '../../core/host/open-case.ts';
import type { EngineCall } from '../../core/host/protocol.ts';
import { CaseStore } from '../../core/store/case-store.ts';

/**
 * `node test/bench/calls.ts CASE`: what the calls of the app cost over a case, in milliseconds of this thread's CPU and on the
 * clock; first each call as it comes, then again. Beside them the same counts by GROUP BY in SQLite.
 */
const path = process.argv[2];
if (path === undefined) throw new Error('Name a case: node test/bench/calls.ts CASE');

const cpu = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

async function measure(name: string, work: () => unknown): Promise<void> {
  const [before, started] = [cpu(), performance.now()];
  await work();
  const figures = [cpu() - before, performance.now() - started].map((ms) => ms.toFixed(1).padStart(9));
  console.log(`${name.padEnd(44)}${figures.join('')}`);
}

const store = CaseStore.open(path, 'read');
const context = { signal: new AbortController().signal, progress: () => {} };

function call<K extends EngineCall>(name: K, req: Req<K>): Promise<Res<K>> {
  const scope = { ...context, store, session: sessionOver(store, 'bench') } as unknown as CallScope;
  const handler = CALLS[name] as unknown as (req: Req<K>, scope: CallScope) => Promise<Res<K>>;
  return handler(req, scope);
}

const FACETS = ['verb', 'user', 'resource', 'namespace', 'code', 'userAgent', 'name', 'decision'];

async function round(query: string): Promise<void> {
  const scope = { query };
  const page = { scope, order: 'oldest', limit: 100 } as const;
  const { count } = await call('events/count', { scope });
  console.log(`\n"${query}": ${count} events${''.padEnd(20)}      cpu    clock`);
  await measure('first page', () => call('events/page', { ...page, start: { at: 'start' } }));
  await measure('jump into the middle', () =>
    call('events/page', { ...page, start: { at: 'ordinal', ordinal: Math.floor(count / 2) } }),
  );
  await measure('eight facets', () => call('hunt/facets', { scope, fields: FACETS, limit: 20 }));
  await measure('histogram', () => call('events/histogram', { scope, bins: 300, stack: 'verb' }));
  for (const by of ['identity', 'object'] as const)
    await measure(`lanes by ${by}`, () => call('events/lanes', { scope, by, bins: 300, limit: 30 }));
  await measure('heat map', () => call('events/heat', { scope }));
}

await measure('columns', () => store.index());
await measure('texts', () => store.index().terms);
for (const query of ['', 'verb:create', 'user:*sa-1* code:403', 'verb:create']) await round(query);

console.log();
await measure('free text, first page', () =>
  call('events/page', { scope: { query: 'nginx' }, order: 'oldest', limit: 100, start: { at: 'start' } }),
);
await measure('free text that is nowhere', () => call('events/count', { scope: { query: 'no-such-text-anywhere' } }));
for (const kind of ['user', 'object'] as const)
  await measure(`entities: ${kind}`, () => call('entities/page', { kind, order: 'events', limit: 100 }));

const db = new Database(path, { readonly: true });
const GROUPS = ['actor', 'operation', 'answer', 'namespace', 'name', 'agent', 'address', 'reading'];
await measure('GROUP BY in SQLite, eight columns', () =>
  GROUPS.map((column) => db.prepare(`SELECT ${column}, count(*) FROM event GROUP BY ${column}`).all().length),
);
db.close();
store.close();
