import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack, sigmaOptions } from '../../core/detect/pack.ts';
import type { RuleSet } from '../../core/detect/rule-set.ts';
import { parseCase } from '../../core/detect/try-rule.ts';
import { eventOf } from '../../core/host/event-rows.ts';
import { huntingOf } from '../../core/host/hunting.ts';
import { openCase } from '../../core/host/open-case.ts';
import { RuleScan } from '../../core/host/studio/rule-scan.ts';
import { stringifyJson } from '../../core/json.ts';
import { linkRules, parseRules, parseYaml, type SigmaRule } from '../../core/sigma/sigma.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { CONTEXT, caseOf, newCasePath, SAMPLES, temporaryFolder } from '../host/case.ts';

const CASES = readFileSync(new URL('../fixtures/sigma/cases.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);
const cases = CASES.map((line, index) => parseCase(line, index + 1));

/** An event that a conformance case may change in every part; some of them are of shapes that no API server writes. */
const TEMPLATE = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods',
  verb: 'create',
  user: { username: 'ines@corp.example', groups: ['system:authenticated'] },
  requestReceivedTimestamp: '2026-03-04T10:15:01.120431Z',
  stageTimestamp: '2026-03-04T10:15:01.131877Z',
};

/** All events of the suite as one log, each with an id of its own, and the tests of the pack besides. */
function logOfSuite(): string {
  const path = join(temporaryFolder(), 'audit.log');
  const events = cases.flatMap(({ events: own }) =>
    own.filter((event) => typeof event === 'object' && event !== null && !Array.isArray(event)),
  );
  const lines = events.map((event, index) =>
    stringifyJson({
      ...TEMPLATE,
      ...(event as object),
      kind: 'Event',
      auditID: `5e3f1b1c-0000-4000-8000-${String(index).padStart(12, '0')}`,
    }),
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Events of the tests that stand beside the rules of the pack. */
function logOfPack(): string {
  const path = join(temporaryFolder(), 'pack.log');
  const { set } = loadRuleFiles({ shipped: true, paths: [] });
  const lines = set.sources.flatMap(({ path: shown }) => {
    const text = readFileSync(new URL(`../../${shown.replace(/\.yml$/, '.test.yml')}`, import.meta.url), 'utf8');
    return testEvents(shown, text);
  });
  writeFileSync(
    path,
    lines.map((event) => `${stringifyJson({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...event })}\n`).join(''),
  );
  return path;
}

interface Tests {
  readonly match?: readonly { readonly event: object }[];
  readonly miss?: readonly { readonly event: object }[];
  readonly alert?: readonly { readonly events: readonly object[] }[];
  readonly quiet?: readonly { readonly events: readonly object[] }[];
}

const parseTests = (path: string, text: string): Tests => (parseYaml(path, text).documents[0]?.value ?? {}) as Tests;

function testEvents(path: string, text: string): object[] {
  const { match = [], miss = [], alert = [], quiet = [] } = parseTests(path, text);
  return [...match, ...miss].map(({ event }) => event).concat([...alert, ...quiet].flatMap(({ events }) => events));
}

const path = newCasePath();
(
  await caseOf(
    [
      logOfSuite(),
      logOfPack(),
      ...[
        'k8s-audit-jsonl.log',
        'hostile--keys.jsonl',
        'hostile--strings.jsonl',
        'container--two-nodes.zip',
        'aws-cwl-subscription.json',
        'gcp-logentry-array.json',
      ].map((name) => join(SAMPLES, name)),
    ],
    {},
    path,
  )
).close();
const store = CaseStore.open(path, 'read');
const { source } = huntingOf(store);
const { id: ids } = source.index.columns;

/** Every event of the case in order, as a reader of rules sees it. */
const whole = await readAll();

async function readAll(): Promise<{ row: number; event: unknown }[]> {
  return Array.from(ids, (id, row) => ({ row, event: eventOf(store.events, id) }));
}

async function scanned(rules: readonly SigmaRule[], set: RuleSet): Promise<string[]> {
  const scan = new RuleScan(store, rules, set);
  await scan.decideUntil(() => false, CONTEXT.signal);
  return [...scan.hits()].map(({ row, rules: met }) => `${ids[row]}: ${met.join()}`).sort();
}

function matched(rules: readonly SigmaRule[]): string[] {
  return whole
    .flatMap(({ row, event }) => {
      const met = rules.flatMap((rule, index) => (rule.matches(event) ? [index] : []));
      return met.length === 0 ? [] : [`${ids[row]}: ${met.join()}`];
    })
    .sort();
}

test('the scan reads every event of the case', () => {
  expect(whole.length).toBe(store.glance().events);
  expect(whole.length).toBeGreaterThan(1_500);
});

test('the pack: columns and blocks decide as the rules do, for every event', async () => {
  const { set } = loadRuleFiles({ shipped: true, paths: [] });
  const { rules } = compilePack(set);

  expect(await scanned(rules, set)).toEqual(matched(rules));
});

test('the conformance suite: every rule finds the same events', async () => {
  const differing: string[] = [];
  let compared = 0;
  for (const { id, rule, placeholders } of cases) {
    const set = { sources: [{ path: `${id}.yml`, text: rule }], lists: placeholders ?? {} };
    const { rules } = linkRules(parseRules(`${id}.yml`, rule, sigmaOptions(set)).documents);
    if (rules.length === 0) continue;
    compared++;
    const [found, wanted] = [await scanned(rules, set), matched(rules)];
    if (JSON.stringify(found) !== JSON.stringify(wanted)) differing.push(id);
  }

  expect([differing, compared > 200]).toEqual([[], true]);
});

test('the conformance suite: a run proves its alerts with the events that the preview finds', async () => {
  const folder = temporaryFolder();
  const plain = cases.flatMap(({ id, rule, placeholders }) => {
    const text = rule.replace(/^id:.*$/gm, '');
    const set = { sources: [{ path: join(folder, `${id}.yml`), text }], lists: {} };
    const { problems, documents } = compilePack(set);
    const isPlain =
      documents.length > 0 &&
      documents.every(({ kind }) => kind === 'rule') &&
      Object.keys(placeholders ?? {}).length === 0;
    return isPlain && problems.every(({ severity }) => severity !== 'error') ? [set] : [];
  });
  for (const { sources } of plain) for (const { path: file, text } of sources) writeFileSync(file, text);
  const session = openCase(path, { mode: 'write', examiner: 'tester' });
  await session.detect({ shipped: false, paths: [folder] }, CONTEXT);
  session.close();

  const run = CaseStore.open(path, 'read');
  const proofs = new Map(run.findings.proofs().map(({ id, events }) => [id, events]));
  const byRule = Map.groupBy(run.findings.list(), (alert) => alert.rule.path);
  run.close();
  const differing: string[] = [];
  let proven = 0;
  for (const set of plain) {
    const file = set.sources[0]?.path ?? '';
    const scan = new RuleScan(store, compilePack(set).rules, set);
    await scan.decideUntil(() => false, CONTEXT.signal);
    const found = [...scan.hits()].map(({ row }) => ids[row] as number).sort((a, b) => a - b);
    const alerts = byRule.get(file) ?? [];
    const wanted = [...new Set(alerts.flatMap(({ id }) => proofs.get(id) ?? []))].sort((a, b) => a - b);
    proven += wanted.length;
    if (found.join() !== wanted.join()) differing.push(`${file}: ${found.length} ${wanted.length}`);
  }

  expect([differing, plain.length > 150, proven > 1_000]).toEqual([[], true, true]);
});
