import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RuleScan } from '../../core/host/studio/rule-scan.ts';
import { linkRules, parseRules } from '../../core/sigma/sigma.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { caseOf, newCasePath, temporaryFolder } from '../host/case.ts';

const EVENTS = 60_000;
const RULE = {
  path: 'even.yml',
  text: "title: Even\nlogsource: {product: kubernetes}\ndetection:\n  s: {requestURI|endswith: 'even'}\n  condition: s\n",
};
const set = { sources: [RULE], lists: {} };
const { rules } = linkRules(parseRules(RULE.path, RULE.text, {}).documents);

const event = (index: number) =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"5e3f1b1c-0000-4000-8000-${String(index).padStart(12, '0')}",` +
  `"stage":"ResponseComplete","requestURI":"/api/v1/pods/${index}-${index % 2 === 0 ? 'even' : 'odd'}","verb":"get","user":{"username":"ines"},` +
  `"requestReceivedTimestamp":"2026-03-04T10:15:01.120431Z","stageTimestamp":"2026-03-04T10:15:01.131877Z"}\n`;

const log = join(temporaryFolder(), 'audit.log');
writeFileSync(log, Array.from({ length: EVENTS }, (_, index) => event(index)).join(''));
const path = newCasePath();
(await caseOf([log], {}, path)).close();
const store = CaseStore.open(path, 'read');

test('a search that is given up goes on where it stood when somebody asks again', async () => {
  const scan = new RuleScan(store, rules, set);
  const gone = new AbortController();
  let asked = 0;
  const given = scan.decideUntil(() => {
    if (++asked > 2) gone.abort(new Error('the next key'));
    return false;
  }, gone.signal);

  await expect(given).rejects.toThrow('the next key');
  const before = scan.count;
  expect([scan.isComplete, before > 0, before < EVENTS / 2]).toEqual([false, true, true]);
  await Promise.all([1, 2].map(() => scan.decideUntil(() => false, new AbortController().signal)));

  expect([scan.isComplete, scan.count, [...scan.hits()].length]).toEqual([true, EVENTS / 2, EVENTS / 2]);
});

test('rows before the place that is decided are final', async () => {
  const scan = new RuleScan(store, rules, set);
  const signal = new AbortController().signal;
  await scan.decideUntil(() => scan.count >= 10, signal);
  const early = [...scan.hits(scan.decidedTo)].map(({ row }) => row);
  await scan.decideUntil(() => false, signal);

  expect(early.length).toBeGreaterThanOrEqual(10);
  expect([...scan.hits()].slice(0, early.length).map(({ row }) => row)).toEqual(early);
});

test('a thread says what it could not do, and goes on with the next task', async () => {
  const lost = new RuleScan(store, rules, { sources: [{ path: 'other.yml', text: RULE.text }], lists: {} });
  const signal = new AbortController().signal;

  await expect(lost.decideUntil(() => false, signal)).rejects.toThrow('there is no rule at line 1 of even.yml');
  const scan = new RuleScan(store, rules, set);
  await scan.decideUntil(() => false, signal);
  expect(scan.count).toBe(EVENTS / 2);
});
