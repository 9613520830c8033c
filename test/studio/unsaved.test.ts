import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { UnsavedRule } from '../../core/contract/studio-calls.ts';
import { caseOf, newCasePath, SAMPLES, temporaryFolder } from '../host/case.ts';
import { openStudio, type Studio, verified } from './studio.ts';

const open: Studio[] = [];
afterAll(async () => {
  for (const studio of open) await studio.close();
});
const opened = (path: string, role: 'admin' | 'reader' = 'admin'): Studio => {
  const studio = openStudio(path, role);
  open.push(studio);
  return studio;
};

async function newCase(): Promise<string> {
  const path = newCasePath();
  (await caseOf([join(SAMPLES, 'k8s-audit-jsonl.log')], {}, path)).close();
  return path;
}

const half: UnsavedRule = {
  path: 'case/mine.yml',
  text: 'title: "half',
  tests: 'match:',
  version: 0,
  over: null,
  time: 1_700_000_000_000,
};

test('what is not saved is kept beside the case, for another engine too, and changes nothing in it', async () => {
  const path = await newCase();
  const studio = opened(path);
  const log = (one: Studio) => one.call('actions/page', { limit: 100 });
  const before = await log(studio);
  await studio.call('studio/keep', { ...half, text: 'older' });
  await studio.call('studio/keep', half);

  const other = opened(path);
  expect(await other.call('studio/open', { path: half.path })).toMatchObject({
    origin: 'new',
    text: '',
    unsaved: half,
  });
  expect(await other.call('studio/unsaved', {})).toEqual([{ path: half.path, version: 0, time: half.time }]);
  expect(await log(other)).toEqual(before);
  expect(await verified(path)).toBe(true);
  expect(readdirSync(`${path}.unsaved`)).toHaveLength(1);

  await other.call('studio/give-up', { path: half.path });
  expect((await studio.call('studio/open', { path: half.path })).unsaved).toBeNull();
  expect(existsSync(`${path}.unsaved`)).toBe(false);
});

test('saving forgets what was not saved', async () => {
  const path = await newCase();
  const studio = opened(path);
  await studio.call('studio/keep', half);
  const text = `title: Whole
id: 0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d11
logsource: {product: kubernetes, service: audit}
detection: {s: {verb: list}, condition: s}
`;
  await studio.call('studio/save', { path: half.path, text, tests: '', reason: 'x' });

  expect(await studio.call('studio/open', { path: half.path })).toMatchObject({ text, version: 1, unsaved: null });
});

test('a reader keeps nothing and sees nothing of it', async () => {
  const path = await newCase();
  await opened(path).call('studio/keep', half);
  const reader = opened(path, 'reader');

  expect(await reader.ask('studio/keep', half)).toMatchObject({ ok: false, fault: { code: 'case/read-only' } });
  expect(await reader.call('studio/unsaved', {})).toEqual([]);
  expect((await reader.call('studio/open', { path: half.path })).unsaved).toBeNull();
});

test('a folder beside a case from a stranger is not trusted: links are not followed, nonsense is left alone', async () => {
  const path = await newCase();
  const studio = opened(path);
  await studio.call('studio/keep', half);
  const [name = ''] = readdirSync(`${path}.unsaved`);
  const secret = join(temporaryFolder(), 'secret.json');
  writeFileSync(secret, JSON.stringify({ ...half, text: 'not for you' }));
  rmSync(join(`${path}.unsaved`, name));
  symlinkSync(secret, join(`${path}.unsaved`, name));

  expect(await studio.call('studio/unsaved', {})).toEqual([]);
  await studio.call('studio/keep', half);
  expect(readFileSync(secret, 'utf8')).toContain('not for you');
  expect((await studio.call('studio/open', { path: half.path })).unsaved).toEqual(half);
  for (const nonsense of ['', '{', '[1]', 'null', '{"path":"case/mine.yml","text":1,"tests":""}']) {
    writeFileSync(join(`${path}.unsaved`, name), nonsense);
    expect((await studio.call('studio/open', { path: half.path })).unsaved).toBeNull();
  }

  rmSync(`${path}.unsaved`, { recursive: true });
  const elsewhere = temporaryFolder();
  mkdirSync(join(elsewhere, 'in'));
  symlinkSync(join(elsewhere, 'in'), `${path}.unsaved`);
  expect(await studio.ask('studio/keep', half)).toMatchObject({ ok: false, fault: { code: 'output/unwritable' } });
  expect(readdirSync(join(elsewhere, 'in'))).toEqual([]);
});
