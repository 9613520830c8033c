import type { CallScope } from '../../core/host/call-scope.ts';
import { CALLS } from '../../core/host/call-table.ts';
import { sessionOver } from '../../core/host/open-case.ts';
import { CaseStore } from '../../core/store/case-store.ts';

/**
 * `node test/bench/preview.ts CASE`: how long the preview of a rule takes over a case, on the clock: until the first matches are
 * known and until all is counted, for a text that is met for the first time and for the same with one more key.
 */
const path = process.argv[2];
if (path === undefined) throw new Error('Name a case: node test/bench/preview.ts CASE');
const store = CaseStore.open(path, 'read');
const scope = {
  ...{ signal: new AbortController().signal, progress: () => {}, store, session: sessionOver(store, 'bench') },
  rules: { shipped: true, paths: [] },
} as unknown as CallScope;

const ruleOf = (detection: string) =>
  `title: A preview\nid: 6f1c9a52-3f0a-4b61-9d55-2d6b5c1f0a77\nlogsource:\n  product: kubernetes\n  service: audit\ndetection:\n${detection}\nlevel: low\n`;

const correlation = `${ruleOf('  s:\n    verb: delete\n  condition: s').replace('title: A preview', 'title: A preview\nname: deleted')}---
title: Many deletions
id: 6f1c9a52-3f0a-4b61-9d55-2d6b5c1f0a78
correlation:
  type: event_count
  rules: [deleted]
  group-by: [user.username]
  timespan: 1h
  condition:
    gte: 50
level: low
`;

const RULES: Readonly<Record<string, string>> = {
  'columns: verb and resource': ruleOf('  s:\n    verb: delete\n    objectRef.resource: secrets\n  condition: s'),
  'requestURI ends with a rare text': ruleOf("  s:\n    requestURI|endswith: '/web-39'\n  condition: s"),
  'requestURI contains a usual text': ruleOf('  s:\n    requestURI|contains: namespaces/team\n  condition: s'),
  'deep field of bodies, rare': ruleOf(
    '  s:\n    requestObject.spec.containers.securityContext.privileged: true\n  condition: s',
  ),
  'image in bodies': ruleOf("  s:\n    requestObject.spec.containers.image|contains: '/web:1'\n  condition: s"),
  keywords: ruleOf("  words:\n    - 'team-3/mailer'\n  condition: words"),
  'keyword that is nowhere': ruleOf("  words:\n    - 'no-such-text'\n  condition: words"),
  'regular expression over requestURI': ruleOf("  s:\n    requestURI|re: 'team-1[0-9]/.*-3[0-9]$'\n  condition: s"),
  negation: ruleOf(
    "  s:\n    verb: get\n  f:\n    requestURI|contains: '/api/v1/namespaces/team-'\n  condition: s and not f",
  ),
  'a filter that nothing narrows': ruleOf('  s:\n    auditID|contains: a\n  condition: s'),
  correlation,
};

async function preview(text: string, until: 'first' | 'count') {
  const started = performance.now();
  const answer = await CALLS['studio/preview']({ path: 'case/bench.yml', text, until }, scope);
  return { ms: performance.now() - started, answer };
}

const only = process.argv[3] ?? '';
const started = performance.now();
await preview(RULES['columns: verb and resource'] as string, 'count');
console.log(`opening the case, once: ${Math.round(performance.now() - started)} ms`);
console.log(`${''.padEnd(40)}first   exact   first   exact (one more key)`);
for (const [name, text] of Object.entries(RULES)) {
  if (!name.includes(only)) continue;
  const figures: number[] = [];
  let events = 0;
  for (const typed of [text, text.replace('A preview', 'A preview of it')]) {
    const first = await preview(typed, 'first');
    const all = await preview(typed, 'count');
    figures.push(first.ms, all.ms);
    events = all.answer.events;
  }
  console.log(
    `${name.padEnd(38)}${figures.map((ms) => String(Math.round(ms)).padStart(7)).join(' ')}  ${events} events`,
  );
}
store.close();
