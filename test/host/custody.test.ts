import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { CONTEXT, caseOf, newCasePath, temporaryFolder } from './case.ts';
import { logOf, rulesOf, ruleText } from './made-log.ts';

const RULES = {
  shipped: false,
  paths: [rulesOf({ secrets: ruleText('Secrets read', '{objectRef.resource: secrets}') })],
};
const LOG = logOf([
  { at: 0, on: 'secrets' },
  { at: 10, on: 'pods' },
]);

async function madeCase(): Promise<string> {
  const path = newCasePath();
  (await caseOf([LOG], { rules: RULES }, path)).close();
  return path;
}

const open = (path: string, examiner: string): Session => openCase(path, { mode: 'write', examiner });
const work = <T>(path: string, examiner: string, run: (session: Session) => T): T => {
  const session = open(path, examiner);
  try {
    return run(session);
  } finally {
    session.close();
  }
};

/** Puts a mark on the first event or alert of a case. */
function mark(path: string, examiner: string, kind: 'note' | 'tag' | 'verdict', text: string, time = 1_000_000): void {
  const store = CaseStore.open(path, 'write');
  const alert = store.findings.list()[0];
  store.change(() => {
    store.marks.add(kind, text, { kind: 'alert', name: alert?.key ?? '', event: null }, examiner, time);
    store.record({ examiner, time, name: 'mark/add', detail: { kind, text }, changed: ['marks'] });
  });
  store.close();
}

function copyOf(path: string): string {
  const copy = join(temporaryFolder(), 'copy.decklog');
  copyFileSync(path, copy);
  return copy;
}

test('a sealed case changes no more by any way, and still verifies, with the seal last', async () => {
  const path = await madeCase();
  work(path, 'mia', (session) => session.seal('handed over'));
  const bytes = readFileSync(path);
  const session = open(path, 'mia');

  expect(session.actions().at(-1)).toMatchObject({ name: 'case/seal', text: 'sealed the case: handed over' });
  const sealed = /is sealed: nothing of it is changed any more/;
  expect(() => session.setStatus(1, 'benign', 'why')).toThrow(sealed);
  expect(() => session.suppress({ condition: 'user:mia', reason: 'why' })).toThrow(sealed);
  expect(() => session.changeList({ name: 'known_users', add: ['x'] })).toThrow(sealed);
  expect(() => session.seal('again')).toThrow(sealed);
  await expect(session.import([LOG], { passwords: [] }, CONTEXT)).rejects.toThrow(sealed);
  await expect(session.detect(RULES, CONTEXT)).rejects.toThrow(sealed);
  const { ok, checks } = await session.verify({ evidence: [LOG] }, CONTEXT);
  session.close();

  expect([ok, checks.find(({ name }) => name === 'seal')?.detail]).toEqual([true, 'nothing was done after the seal']);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('what was deleted before the seal left no bytes', async () => {
  const path = await madeCase();
  const secret = 'UNFINDABLE-0123456789';
  const rules = rulesOf({ own: `# ${secret.repeat(2000)}\n${ruleText('Own', '{verb: nothing}')}` });
  const session = open(path, 'mia');
  await session.detect({ shipped: false, paths: [rules] }, CONTEXT);
  expect(readFileSync(path).includes(secret)).toBe(true);
  await session.detect(RULES, CONTEXT);
  session.seal('done');
  session.close();

  expect(readFileSync(path).includes(secret)).toBe(false);
});

test('a case without a reason is not sealed', async () => {
  const path = await madeCase();

  expect(() => work(path, 'mia', (session) => session.seal('  '))).toThrow('A seal needs a reason.');
  expect(work(path, 'mia', (session) => session.actions().some(({ name }) => name === 'case/seal'))).toBe(false);
});

test('copies differ in nothing, then in what each examiner did', async () => {
  const path = await madeCase();
  const copy = copyOf(path);
  const differences = () => {
    const [one, other] = [open(path, 'mia'), open(copy, 'jan')];
    const found = one.differences(other);
    one.close();
    other.close();
    return found;
  };
  expect(differences()).toMatchObject({ isSame: true, history: { relation: 'same' } });

  work(copy, 'jan', (session) => session.setStatus(1, 'benign', 'backup'));
  expect(differences()).toMatchObject({
    isSame: false,
    history: { relation: 'right is longer', right: 1 },
    differences: [{ kind: 'decision', left: null, right: 'benign: backup' }],
  });

  mark(path, 'mia', 'note', 'ours');
  expect(differences()).toMatchObject({
    history: { relation: 'parted', left: 1, right: 1 },
    differences: [{ kind: 'decision' }, { kind: 'mark', left: 'ours', right: null }],
  });
});

test('cases of other evidence and rules are told apart by both', async () => {
  const [path, other] = [await madeCase(), newCasePath()];
  const rules = { shipped: false, paths: [rulesOf({ pods: ruleText('Pods', '{objectRef.resource: pods}') })] };
  (await caseOf([logOf([{ at: 5 }])], { rules }, other)).close();
  const [one, two] = [open(path, 'mia'), open(other, 'jan')];
  const { history, differences } = one.differences(two);
  one.close();
  two.close();

  expect(history.relation).toBe('unrelated');
  expect([...new Set(differences.map(({ kind }) => kind))]).toEqual([
    'evidence',
    'rule',
    'coverage',
    'alert',
    'incident',
  ]);
});

test('annotations of another copy come in once, with conflicts side by side', async () => {
  const path = await madeCase();
  const copy = copyOf(path);
  mark(path, 'mia', 'verdict', 'harmless');
  mark(copy, 'jan', 'verdict', 'an intruder');
  mark(copy, 'jan', 'note', 'see the mail of Tuesday');
  mark(copy, 'jan', 'tag', 'backup');
  work(path, 'mia', (session) => session.setStatus(1, 'benign', 'backup'));
  work(copy, 'jan', (session) => session.setStatus(1, 'confirmed', 'no backup runs then'));
  const file = work(copy, 'jan', (session) => JSON.stringify(session.exportAnnotations()));

  const first = work(path, 'mia', (session) => session.mergeAnnotations(file, 'ours'));
  expect(first).toMatchObject({
    added: 2,
    decided: 0,
    unknown: [],
    conflicts: [
      { ours: 'mia: harmless', theirs: 'jan: an intruder' },
      { ours: 'benign: backup', theirs: 'confirmed: no backup runs then' },
    ],
  });
  const again = work(path, 'mia', (session) => session.mergeAnnotations(file, 'theirs'));
  expect(again).toMatchObject({ added: 0, same: 2, conflicts: [{}, {}] });
  const session = open(path, 'mia');
  expect(session.alert(1).alert.status).toBe('confirmed');
  expect(
    session
      .exportAnnotations()
      .marks.map(({ text }) => text)
      .sort(),
  ).toEqual(['an intruder', 'backup', 'see the mail of Tuesday']);
  expect(session.actions().at(-1)?.name).toBe('annotation/merge');
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('hostile files of annotations are refused with the place, and what a case does not know is told', async () => {
  const path = await madeCase();
  const good = work(path, 'mia', (session) => session.exportAnnotations());
  const merge = (file: unknown) => () =>
    work(path, 'mia', (session) =>
      session.mergeAnnotations(typeof file === 'string' ? file : JSON.stringify(file), 'theirs'),
    );
  const strange = { kind: 'note', targetKind: 'event', target: '["x","y",1,2]', text: 'z', examiner: 'eve', time: 1 };
  const { head } = work(path, 'mia', (session) => session.glance());

  expect(merge('{')).toThrow('is no JSON');
  expect(merge({ ...good, version: 2 })).toThrow('wrong at version');
  expect(merge({ ...good, marks: [{ ...strange, kind: 'drop' }] })).toThrow('wrong at marks.0.kind');
  expect(merge({ ...good, marks: [{ ...strange, text: 'x'.repeat(30_000) }] })).toThrow('wrong at marks.0.text');
  expect(merge({ ...good, marks: [strange, { ...strange, target: '{"__proto__":1}' }] })()).toMatchObject({
    added: 0,
    unknown: ['note on event ["x","y",1,2]', 'note on event {"__proto__":1}'],
  });
  expect(work(path, 'mia', (session) => session.glance().head)).toBe(head);
});
