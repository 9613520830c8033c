import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOurs, isTrustedSender } from '../../electron/origin.ts';
import { caseOf, isRemote, shownByFileManager } from '../../electron/paths.ts';
import { safeName } from '../../electron/requests.ts';
import {
  readRecent,
  readRuleFolders,
  readWindowState,
  StateFile,
  withRecent,
  withRuleFolders,
} from '../../electron/state-file.ts';
import { temporaryFolder } from '../host/case.ts';

test.each(['decklog://app/', 'decklog://app/alerts?id=1', 'decklog://app'])('%s is ours', (url) => {
  expect(isOurs(url)).toBe(true);
});

test.each([
  'decklog://app.evil/',
  'decklog://evil/app',
  'decklog://app@evil/',
  'decklog://x@app/',
  'https://app/',
  'decklog:app',
  '',
])('"%s" is not ours', (url) => {
  expect(isOurs(url)).toBe(false);
  expect(isTrustedSender({ url, parent: null })).toBe(false);
});

test('a frame within a page of ours is not heard', () => {
  expect(isTrustedSender({ url: 'decklog://app/', parent: null })).toBe(true);
  expect(isTrustedSender({ url: 'decklog://app/', parent: {} })).toBe(false);
  expect(isTrustedSender(null)).toBe(false);
});

test('paths of other machines are refused on Windows', () => {
  expect(
    ['\\\\host\\share\\x', '//host/share/x', '\\\\?\\UNC\\host\\x'].map((path) => isRemote(path, 'win32')),
  ).toEqual([true, true, true]);
  expect(isRemote('C:\\cases\\x.decklog', 'win32')).toBe(false);
  expect(isRemote('//odd/but/local', 'linux')).toBe(false);
});

test('a case is taken from a command line only if it is there and no switch', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'x.decklog'), '');
  expect(caseOf(['--inspect=x.decklog', 'x.decklog'], folder)).toBe(join(folder, 'x.decklog'));
  expect(caseOf(['missing.decklog'], folder)).toBeNull();
  expect(caseOf(['x.log'], folder)).toBeNull();
});

test('what the file manager shows lies beside the archive of a package', () => {
  expect(shownByFileManager(join('opt', 'app.asar'), 'licences', 'x')).toBe(join('opt', 'licences', 'x'));
  expect(shownByFileManager(join('opt', 'dist'), 'licences', 'x')).toBe(join('opt', 'dist', 'licences', 'x'));
});

test.each([
  ['../../etc/passwd', '___..__etc_passwd'],
  ['a\u202egpj.exe', 'a_gpj.exe'],
  ['.hidden', '_hidden'],
  ['   ', 'decklog'],
])('the name %j is proposed as plain', (name, plain) => {
  expect(safeName(name)).not.toMatch(/^\.|[/\\\u202e]/);
  if (!name.includes('/')) expect(safeName(name)).toBe(plain);
});

test('a damaged state is as if there had never been one', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'state', 'window.json');
  const file = new StateFile(path, readWindowState);
  const fresh = { width: 1440, height: 900, isMaximised: false };

  expect(file.load()).toEqual(fresh);
  file.save({ width: 1000, height: 700, x: 5, y: 6, isMaximised: true });
  expect(file.load()).toEqual({ width: 1000, height: 700, x: 5, y: 6, isMaximised: true });
  for (const text of ['{', '[]', 'null', '{"width":1e9999,"height":1}', '{"width":-5,"height":700}']) {
    mkdirSync(join(folder, 'state'), { recursive: true });
    writeFileSync(path, text);
    expect(file.load()).toEqual(fresh);
  }
  expect(readFileSync(path, 'utf8')).toContain('-5');
});

test('the last case stands first among the recent ones, once', () => {
  expect(withRecent(withRecent(readRecent(['/a', 7, '/b']), '/c'), '/b')).toEqual(['/b', '/c', '/a']);
});

test('folders of rules are kept by case; none are kept of one that has closed its last', () => {
  const both = withRuleFolders(
    withRuleFolders(readRuleFolders({ '/a': ['/x'], '/b': [7], '/c': '/y' }), '/d', ['/z']),
    '/a',
    ['/x', '/y'],
  );
  expect(both).toEqual({ '/d': ['/z'], '/a': ['/x', '/y'] });
  expect(withRuleFolders(both, '/a', [])).toEqual({ '/d': ['/z'] });
  expect(readRuleFolders('x')).toEqual({});
});

test('a state that cannot be written is forgotten, and stops nothing', () => {
  const blocked = join(temporaryFolder(), 'no-folder');
  writeFileSync(blocked, '');
  const file = new StateFile(join(blocked, 'recent.json'), readRecent);

  expect(() => file.save(['/cases/a.decklog'])).not.toThrow();
  expect(file.load()).toEqual([]);
});
