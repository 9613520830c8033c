import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import type { PackReport } from '../../core/contract/studio-calls.ts';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import type { EngineReq } from '../../core/host/protocol.ts';
import { caseOf, newCasePath, SAMPLES, SHIPPED, temporaryFolder } from '../host/case.ts';
import { openStudio, type Studio, verified } from './studio.ts';

const open: Studio[] = [];
afterAll(async () => {
  for (const studio of open) await studio.close();
});

/** A case with a log and no run. */
async function emptyStudio(): Promise<Studio> {
  const path = newCasePath();
  (await caseOf([join(SAMPLES, 'k8s-audit-jsonl.log')], {}, path)).close();
  const studio = openStudio(path);
  open.push(studio);
  return studio;
}

const ID = '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d';
const rule = (number: number, selection = 'verb: list') => `title: Pack rule ${number}
id: ${ID}${String(number).padStart(2, '0')}
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: {${selection}}
  condition: selection
level: medium
`;
const correlation = (member: number) => `title: Many of rule ${member}
id: ${ID}9${member}
status: experimental
correlation:
  type: event_count
  rules: [${ID}${String(member).padStart(2, '0')}]
  group-by: [user.username]
  timespan: 1h
  condition: {gte: 2}
level: high
`;

function zipOf(files: Readonly<Record<string, string | Uint8Array>>, name = 'mine.zip'): string {
  const path = join(temporaryFolder(), name);
  const entries = Object.entries(files).map(([file, content]) => {
    return [file, typeof content === 'string' ? strToU8(content) : content] as const;
  });
  writeFileSync(path, zipSync(Object.fromEntries(entries)));
  return path;
}

function bring(studio: Studio, path: string, isTrial = false): Promise<PackReport> {
  const names = { [path]: path.slice(path.lastIndexOf('/') + 1) };
  const req: EngineReq<'studio/import'> = { paths: [path], names, reason: 'a pack of our own', isTrial };
  return studio.call('studio/import', req as never);
}

const codes = ({ refused }: PackReport) =>
  refused.map(({ path, problems: [first] }) => [path, first?.code, first?.line]);

test('a zip of rules is taken with its tests; what is refused is named with code and place', async () => {
  const studio = await emptyStudio();
  const zip = zipOf({
    'a/shell.yml': rule(1),
    'a/shell.test.yml': 'match:\n  - name: a list\n    event: {verb: list}\n',
    'b/shell.yml': rule(2),
    'b/many.yml': correlation(1),
    'bad modifier.yml': rule(3, 'verb|no: list'),
    'needs-bad.yml': correlation(3),
    'twice.yml': rule(1, 'verb: get'),
    'no-yaml.yml': 'title: [',
    'latin.yml': Uint8Array.of(0x74, 0x3a, 0xe9),
    'alone.test.yml': 'match: []\n',
    'lists/mine.yml': 'values: [a]\n',
    'README.md': '# ours',
  });

  const tried = await bring(studio, zip, true);
  expect(await studio.call('studio/own', {})).toEqual([]);
  const report = await bring(studio, zip);

  expect({ ...tried, action: report.action }).toEqual(report);
  expect(report.taken.map(({ file, path, how, hasTests }) => [file, path, how, hasTests])).toEqual([
    ['mine.zip!/a/shell.yml', 'case/shell.yml', 'new', true],
    ['mine.zip!/b/many.yml', 'case/many.yml', 'new', false],
    ['mine.zip!/b/shell.yml', 'case/shell-2.yml', 'new', false],
  ]);
  expect(codes(report)).toEqual([
    ['mine.zip!/alone.test.yml', 'pack/no-rule', 1],
    ['mine.zip!/bad modifier.yml', 'modifier/unknown', 6],
    ['mine.zip!/latin.yml', 'yaml/syntax', 1],
    ['mine.zip!/lists/mine.yml', 'pack/list', 1],
    ['mine.zip!/needs-bad.yml', 'correlation/unknown-rule', expect.any(Number)],
    ['mine.zip!/no-yaml.yml', 'yaml/syntax', expect.any(Number)],
    ['mine.zip!/twice.yml', 'pack/twice', 1],
  ]);
  expect(report.refused[1]?.problems[0]).toMatchObject({ path: 'mine.zip!/bad modifier.yml', column: 15 });
  expect([report.passedOver, report.same]).toEqual([1, []]);

  const again = await bring(studio, zip);
  expect([again.action, again.taken, again.same.length]).toEqual([null, [], 3]);
  expect(await verified(studio.path)).toBe(true);
});

test('an exported pack, brought into another case, gives the same rules and the same bytes', async () => {
  const [one, two] = [await emptyStudio(), await emptyStudio()];
  const shipped = loadRuleFiles(SHIPPED).set.sources[0];
  const changed = `# ours\n${shipped?.text}`;
  const save = (path: string, text: string, tests: string) =>
    one.call('studio/save', { path, text, tests, reason: 'ours' });
  await save('case/lists.yml', rule(1), 'match:\n  - name: a list\n    event: {verb: list}\n');
  await save('case/many.yml', correlation(1), '');
  await save(shipped?.path ?? '', changed, '');
  const exported = async (studio: Studio) => {
    const { token } = await studio.call('studio/export', {});
    return readFileSync(join(studio.outFolder, token));
  };
  const bytes = await exported(one);
  const path = join(temporaryFolder(), 'rules.zip');
  writeFileSync(path, bytes);

  const report = await bring(two, path);

  expect([report.refused, report.taken.map(({ path: target, how }) => [target, how]).sort()]).toEqual([
    [],
    [
      ['case/lists.yml', 'new'],
      ['case/many.yml', 'new'],
      [shipped?.path, 'replaces'],
    ],
  ]);
  expect((await exported(two)).equals(bytes)).toBe(true);

  const files = unzipSync(bytes);
  const altered = zipOf({ ...files, 'lists.yml': strToU8(rule(1, 'verb: get')) }, 'altered.zip');
  expect(codes(await bring(two, altered, true))).toEqual([['altered.zip!/lists.yml', 'pack/hash', 1]]);
});

test('a folder is taken as a zip is; an import is undone as one deed, and versions stay', async () => {
  const studio = await emptyStudio();
  const folder = join(temporaryFolder(), 'ours');
  mkdirSync(join(folder, 'cloud'), { recursive: true });
  writeFileSync(join(folder, 'cloud', 'first.yml'), rule(1));
  writeFileSync(join(folder, 'second.yaml'), rule(2));
  const live = async () =>
    (await studio.call('studio/own', {})).filter(({ isRemoved }) => !isRemoved).map(({ path, text }) => [path, text]);
  await bring(studio, folder);
  writeFileSync(join(folder, 'second.yaml'), rule(2, 'verb: get'));
  const { action, taken } = await bring(studio, folder);

  expect(taken.map(({ path, how }) => [path, how])).toEqual([['case/second.yml', 'changed']]);
  await studio.call('actions/undo', { action: action ?? 0 });
  expect(await live()).toEqual([
    ['case/first.yml', rule(1)],
    ['case/second.yml', rule(2)],
  ]);
  expect(await studio.ask('actions/undo', { action: action ?? 0 })).toMatchObject({ ok: false });
  expect(await studio.call('studio/versions', { path: 'case/second.yml' })).toHaveLength(3);
  expect(await verified(studio.path)).toBe(true);
});

test('a saved, a removed and a set rule are undone; what was changed since is not', async () => {
  const studio = await emptyStudio();
  const path = 'case/mine.yml';
  const save = (text: string) => studio.call('studio/save', { path, text, tests: '', reason: 'x' });
  const [first, second] = [await save(rule(1)), await save(rule(1, 'verb: get'))];
  const undo = (action: number) => studio.ask('actions/undo', { action });
  const text = async () => (await studio.call('studio/open', { path })).text;

  expect(await undo(first.action)).toMatchObject({ ok: false, fault: { message: expect.stringContaining('since') } });
  await undo(second.action);
  expect(await text()).toBe(rule(1));
  const removed = await studio.call('studio/remove', { path, reason: 'x' });
  expect(await text()).toBe('');
  await undo(removed.action);
  expect(await text()).toBe(rule(1));
  const set = (level: 'low' | 'high') =>
    studio.call('studio/set', { rule: `${ID}01`, isEnabled: true, level, reason: 'x' });
  const [low, high] = [await set('low'), await set('high')];
  expect(await undo(low.action)).toMatchObject({ ok: false });
  await undo(high.action);
  expect(await studio.call('studio/settings', {})).toMatchObject([{ level: 'low' }]);
});

test('hostile packs: names are labels, sizes are bounded, and nothing is taken of a pack that is too large', async () => {
  const studio = await emptyStudio();
  const bomb = `# ${'x'.repeat(6 * 1024 * 1024)}`;
  const long = Array.from({ length: 500_000 }, (_, line) => `# ${line * 7919}\n`).join('');
  const odd = zipOf({
    '../../etc/out.yml': rule(1),
    'C:\\temp\\win.yml': rule(2),
    '__proto__.yml': rule(3),
    'bomb.yml': bomb,
    'long.yml': long,
  });
  const many = zipOf(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`${index}.yml`, 'a: b'])));

  const report = await bring(studio, odd);
  expect(report.taken.map(({ path }) => path).sort()).toEqual([
    'case/C-temp-win.yml',
    'case/__proto__.yml',
    'case/out.yml',
  ]);
  expect(codes(report).map(([, code]) => code)).toEqual(['pack/limit', 'yaml/limit']);
  expect(
    await studio.ask('studio/import', { paths: [many], names: {}, reason: 'x', isTrial: false } as never),
  ).toMatchObject({
    ok: false,
    fault: { code: 'rule/invalid', hint: expect.any(String) },
  });
  expect((await studio.call('studio/own', {})).length).toBe(3);

  const reader = openStudio(studio.path, 'reader');
  open.push(reader);
  expect(
    await reader.ask('studio/import', { paths: [odd], names: {}, reason: 'x', isTrial: true } as never),
  ).toMatchObject({
    ok: false,
    fault: { code: 'case/read-only' },
  });
});
