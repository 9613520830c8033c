import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { caseOf, newCasePath, SAMPLES, temporaryFolder } from '../host/case.ts';
import { levelsOf, openStudio, run, type Studio, verified } from './studio.ts';

const open: Studio[] = [];
afterAll(async () => {
  for (const studio of open) await studio.close();
});

const ID = '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d11';
const rule = (selection: string, id = ID) => `title: Rule of a folder
id: ${id}
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: {${selection}}
  condition: selection
level: low
`;
const TESTS = 'match:\n  - name: a list\n    event: {verb: list}\n';

/** A case, opened with a folder of rules of one's own, in which one rule stands. */
async function withFolder(): Promise<{ studio: Studio; folder: string; path: string }> {
  const folder = join(temporaryFolder(), 'ours');
  mkdirSync(join(folder, 'cloud'), { recursive: true });
  const path = join(folder, 'cloud', 'first.yml');
  writeFileSync(path, rule('verb: list'));
  const casePath = newCasePath();
  (await caseOf([join(SAMPLES, 'k8s-audit-jsonl.log')], {}, casePath)).close();
  const studio = openStudio(casePath, 'admin', { shipped: false, paths: [folder] });
  open.push(studio);
  return { studio, folder, path };
}

const changedFault = { ok: false, fault: { code: 'rule/changed', hint: expect.any(String) } };

test('a rule of a folder is saved into its file, with its tests beside it, and run', async () => {
  const { studio, folder, path } = await withFolder();
  const before = await studio.call('studio/open', { path });
  const save = (text: string, tests: string, over: string | null) =>
    studio.call('studio/save', { path, text, tests, reason: 'better', over });

  expect(before).toMatchObject({ origin: 'file', text: rule('verb: list'), tests: '', version: 0 });
  expect(await save(rule('verb: get'), TESTS, before.sha256)).toMatchObject({ version: 0 });
  expect(readFileSync(path, 'utf8')).toBe(rule('verb: get'));
  expect(readFileSync(join(folder, 'cloud', 'first.test.yml'), 'utf8')).toBe(TESTS);
  expect(await studio.call('studio/own', {})).toEqual([]);
  expect((await studio.call('actions/page', { limit: 1 })).rows[0]).toMatchObject({
    name: 'rule/write',
    text: `wrote the rule file ${path}: better`,
  });
  expect(await studio.call('rules/tests', {})).toEqual([{ rule: ID, passed: 0, failed: 1 }]);
  await run(studio);
  expect(levelsOf(studio.path, ID)).toEqual(['low']);

  const { sha256 } = await studio.call('studio/open', { path });
  await save(rule('verb: get'), '', sha256);
  expect(readdirSync(join(folder, 'cloud'))).toEqual(['first.yml']);
  expect(await verified(studio.path)).toBe(true);
});

test('a saved file is put back by undo, and a new one taken away; what somebody else wrote since stays', async () => {
  const { studio, folder, path } = await withFolder();
  const beside = join(folder, 'cloud', 'first.test.yml');
  const was = `# ours\r\n${rule('verb: list')}\n\n`;
  writeFileSync(path, was);
  writeFileSync(beside, TESTS);
  const save = async (to: string, text: string, tests = '') => {
    const { sha256: over } = await studio.call('studio/open', { path: to });
    return studio.call('studio/save', { path: to, text, tests, reason: 'x', over });
  };
  const undo = (action: number) => studio.ask('actions/undo', { action });

  const { action } = await save(path, rule('verb: get'));
  expect(existsSync(beside)).toBe(false);
  expect(await undo(action)).toMatchObject({ ok: true });
  expect([readFileSync(path, 'utf8'), readFileSync(beside, 'utf8')]).toEqual([was, TESTS]);
  expect((await studio.call('studio/open', { path })).text).toBe(was);
  expect(await undo(action)).toMatchObject({ ok: false, fault: { message: expect.stringContaining('already') } });

  const fresh = join(folder, 'fresh.yml');
  const made = await save(fresh, rule('verb: get', `${ID.slice(0, -1)}9`), TESTS);
  expect(await undo(made.action)).toMatchObject({ ok: true });
  expect(readdirSync(folder)).toEqual(['cloud']);

  for (const theirs of [path, beside]) {
    const again = await save(path, rule('verb: watch'), TESTS);
    const stood = readFileSync(theirs, 'utf8');
    writeFileSync(theirs, `# theirs\n${stood}`);
    expect(await undo(again.action)).toMatchObject({
      ok: false,
      fault: { code: 'rule/changed', message: expect.stringContaining('since'), hint: expect.any(String) },
    });
    expect(readFileSync(theirs, 'utf8')).toBe(`# theirs\n${stood}`);
    writeFileSync(theirs, stood);
    expect(await undo(again.action)).toMatchObject({ ok: true });
  }
  expect(await verified(studio.path)).toBe(true);
});

test('only a file of the folders that are open is put back, and only if the log could keep what it was', async () => {
  const { studio, path } = await withFolder();
  const long = `${rule('verb: list')}#${'x'.repeat(70_000)}\n`;
  writeFileSync(path, long);
  const { sha256: over } = await studio.call('studio/open', { path });
  const text = rule('verb: get');
  const { action } = await studio.call('studio/save', { path, text, tests: '', reason: 'x', over });
  expect(await studio.ask('actions/undo', { action })).toMatchObject({
    ok: false,
    fault: { message: expect.stringContaining('too long') },
  });
  expect(readFileSync(path, 'utf8')).toBe(text);

  const elsewhere = openStudio(studio.path, 'admin', { shipped: false, paths: [] });
  open.push(elsewhere);
  expect(await elsewhere.ask('actions/undo', { action })).toMatchObject({ ok: false, fault: { code: 'usage' } });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('what changes outside is seen when it is read, and never overwritten in silence', async () => {
  const { studio, path } = await withFolder();
  const before = await studio.call('studio/open', { path });
  expect((await studio.call('rules/list', {})).map(({ title }) => title)).toEqual(['Rule of a folder']);
  const outside = rule('verb: watch').replace('Rule of a folder', 'From outside');
  writeFileSync(path, outside);
  const save = (over: string | null) =>
    studio.ask('studio/save', { path, text: rule('verb: get'), tests: '', reason: 'x', over });

  expect((await studio.call('rules/list', {})).map(({ title }) => title)).toEqual(['From outside']);
  expect(await save(before.sha256)).toMatchObject(changedFault);
  expect(readFileSync(path, 'utf8')).toBe(outside);
  const now = await studio.call('studio/open', { path });
  expect([now.text, now.sha256 === before.sha256]).toEqual([outside, false]);
  expect(await save(now.sha256)).toMatchObject({ ok: true });

  // Tests beside it count as well.
  const after = await studio.call('studio/open', { path });
  writeFileSync(path.replace('.yml', '.test.yml'), TESTS);
  expect(await save(after.sha256)).toMatchObject(changedFault);
});

test('a preview follows the files that a text refers to: a list, a rule that is joined, a filter', async () => {
  const { studio, folder, path } = await withFolder();
  const found = async (text: string) => {
    const { events, problems } = await studio.call('studio/preview', { path: 'case/draft.yml', text, until: 'count' });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    return events;
  };
  const other = '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d14';
  const [lists, gets] = [await found(rule('verb: list', other)), await found(rule('verb: get', other))];
  expect([lists > 0, gets > 0, lists !== gets]).toEqual([true, true, true]);

  const byList = rule("'verb|expand': '%ours%'", other);
  mkdirSync(join(folder, 'lists'));
  writeFileSync(join(folder, 'lists', 'ours.yml'), 'values: [list]\n');
  expect(await found(byList)).toBe(lists);
  writeFileSync(join(folder, 'lists', 'ours.yml'), 'values: [get, get]\n');
  expect(await found(byList)).toBe(gets);

  const joining = `title: Many
id: ${other}
status: experimental
correlation: {type: event_count, rules: [${ID}], group-by: [user.username], timespan: 1h, condition: {gte: 1}}
level: low
`;
  expect(await found(joining)).toBe(lists);
  writeFileSync(path, rule('verb: "get"'));
  expect(await found(joining)).toBe(gets);

  const plain = rule('verb: list', other);
  expect(await found(plain)).toBe(lists);
  writeFileSync(
    join(folder, 'filter.yml'),
    `title: Never
id: 0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d15
logsource: {product: kubernetes, service: audit}
filter: {rules: [${other}], selection: {verb: list}, condition: not selection}
`,
  );
  expect(await found(plain)).toBe(0);
});

test('a new rule goes into a folder under a plain name, or into the case; what stands there is kept', async () => {
  const { studio, folder } = await withFolder();
  const other = '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d12';
  const save = (path: string, id = other) =>
    studio.ask('studio/save', { path, text: rule('verb: get', id), tests: '', reason: 'x', over: null });
  const outside = join(temporaryFolder(), 'elsewhere.yml');
  writeFileSync(outside, 'not yours');
  symlinkSync(outside, join(folder, 'link.yml'));

  expect(await studio.call('studio/folders', {})).toEqual([folder]);
  expect(await save(`${folder}/new.yml`)).toMatchObject({ ok: true, value: { version: 0 } });
  expect(await save(`${folder}/new.yml`)).toMatchObject(changedFault);
  for (const path of ['../out.yml', 'sub/x.yml', '.hidden.yml', 'x.txt', 'link.yml', 'a b.yml'])
    expect(await save(`${folder}/${path}`), path).toMatchObject({ ok: false, fault: { code: 'usage' } });
  expect(readFileSync(outside, 'utf8')).toBe('not yours');
  expect(existsSync(join(folder, '..', 'out.yml'))).toBe(false);
  expect(await save('case/mine.yml', '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d13')).toMatchObject({
    ok: true,
    value: { version: 1 },
  });
  expect(await save('case/mine.yml')).toMatchObject(changedFault);
});

test('a folder is opened and closed while the case is open; rules of it are run, its files stay', async () => {
  const { studio, folder, path } = await withFolder();
  const titles = async () => (await studio.call('rules/list', {})).map(({ title }) => title);
  // A door has turned the token of the page into a path.
  const use = (chosen: string) => studio.ask('studio/use-folder', { path: chosen } as never);
  expect(await studio.call('studio/leave-folder', { path: folder })).toEqual([]);
  expect(await titles()).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe(rule('verb: list'));

  expect(await use(folder)).toEqual({ ok: true, value: [folder] });
  expect(await titles()).toEqual(['Rule of a folder']);
  await run(studio);
  expect(levelsOf(studio.path, ID)).toEqual(['low']);
  for (const chosen of [folder, join(folder, 'cloud'), join(folder, '..')])
    expect(await use(chosen), chosen).toMatchObject({ ok: false, fault: { code: 'usage' } });

  const broken = temporaryFolder();
  mkdirSync(join(broken, 'lists'));
  writeFileSync(join(broken, 'lists', 'x.yml'), 'values: none');
  expect(await use(broken)).toMatchObject({ ok: false, fault: { code: 'rule/invalid' } });
  expect(await use(join(broken, 'none'))).toMatchObject({ ok: false, fault: { code: 'rule/unreadable' } });
  expect(await studio.call('studio/folders', {})).toEqual([folder]);
});

test('a rule of the case that somebody else saved meanwhile is not overwritten in silence', async () => {
  const { studio } = await withFolder();
  const path = 'case/mine.yml';
  const save = (selection: string, over: string | null) =>
    studio.ask('studio/save', { path, text: rule(selection, `${ID.slice(0, -1)}9`), tests: '', reason: 'x', over });
  await save('verb: list', null);
  const { sha256 } = await studio.call('studio/open', { path });
  await save('verb: get', sha256);

  expect(await save('verb: watch', sha256)).toMatchObject(changedFault);
  expect(await studio.call('studio/versions', { path })).toHaveLength(2);
});
