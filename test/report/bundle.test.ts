import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { makeKey } from '../../core/report/bundle/key.ts';
import { verifyBundle } from '../../core/report/bundle/verify.ts';
import { decklog, ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, collect, SHIPPED, temporaryFolder } from '../host/case.ts';

const LOGS = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
const MADE = '2026-03-12T09:40:00.000Z';
const folder = temporaryFolder();
const path = join(folder, 'bundle.zip');
const { privateKey, publicKey } = makeKey();

let bytes: Buffer;

beforeAll(async () => {
  const session = await caseOf(LOGS, { rules: SHIPPED });
  const made = session.outputs.bundle({ made: MADE, level: 'high', privateKey }, CONTEXT);
  bytes = Buffer.concat(await collect(made));
  session.close();
  writeFileSync(path, bytes);
});

/** The checks that find something wrong in a changed copy. */
function differences(changed: Buffer, key: string | null = null): string[] {
  const copy = join(folder, 'changed.zip');
  writeFileSync(copy, changed);
  return verifyBundle(copy, key)
    .checks.filter((check) => !check.ok)
    .map(({ name, detail }) => `${name}: ${detail}`);
}

test('a bundle is whole without its case, and signed by the key', () => {
  const result = verifyBundle(path, publicKey);

  expect(result.checks.filter((check) => !check.ok)).toEqual([]);
  expect(result.checks.map(({ name }) => name)).toEqual([
    'container',
    'hashes',
    'manifest',
    'case hash',
    'actions',
    'rules',
    'proof',
    'signature',
  ]);
});

test('every changed byte is found, wherever it stands', () => {
  let seed = 11;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % below;
  };
  const directory = bytes.length - 1500;
  const places = Array.from({ length: 1000 }, (_, index) =>
    index % 3 === 0 ? directory + random(1500) : random(bytes.length),
  );
  const missed = places.filter((place) => {
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] as number) ^ (1 << random(8));
    return differences(changed).length === 0;
  });

  expect(missed).toEqual([]);
});

test('what is cut off, put in, put behind or left out is found and named', () => {
  expect(differences(bytes.subarray(0, -1))[0]).toMatch(/^container: directory of the bundle, byte \d+/);
  expect(differences(Buffer.concat([bytes, Buffer.from('x')]))[0]).toMatch(/^container: /);
  expect(
    differences(Buffer.concat([bytes.subarray(0, 40), Buffer.from('x'), bytes.subarray(40)])).length,
  ).toBeGreaterThan(0);
  expect(differences(Buffer.alloc(0)).length).toBeGreaterThan(0);
});

test('a changed record is named with its citation', () => {
  const changed = Buffer.from(bytes);
  const place = changed.indexOf('"auditID"', changed.indexOf('proof/records.bin{'));
  changed[place + 1] = 'A'.charCodeAt(0);

  expect(differences(changed).find((text) => text.startsWith('proof'))).toMatch(
    /record of citation \d+ \(byte \d+ of proof\/records.bin\) was changed/,
  );
});

test('another key is refused, and a bundle that somebody made anew', async () => {
  const stranger = makeKey();
  const session = await caseOf(LOGS, { rules: SHIPPED });
  const forged = Buffer.concat(
    await collect(session.outputs.bundle({ made: MADE, level: 'high', privateKey: stranger.privateKey }, CONTEXT)),
  );
  const unsigned = Buffer.concat(await collect(session.outputs.bundle({ made: MADE, level: 'high' }, CONTEXT)));
  session.close();

  expect(differences(forged, publicKey)).toEqual([
    expect.stringMatching(/^signature: the signature is not of the key/),
  ]);
  expect(differences(forged, stranger.publicKey)).toEqual([]);
  expect(differences(unsigned, publicKey)).toEqual(['signature: the bundle is not signed']);
  expect(differences(unsigned)).toEqual([]);
});

test('zip, sha256sum and openssl can check it; its records are the bytes of the archive', () => {
  const out = join(folder, 'out');
  execFileSync('unzip', ['-q', path, '-d', out]);
  execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: out });
  const signed = execFileSync(
    'openssl',
    [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'examiner.pub',
      '-rawin',
      '-in',
      'SHA256SUMS',
      '-sigfile',
      'SHA256SUMS.sig',
    ],
    { cwd: out, encoding: 'utf8' },
  );
  const members = new Map(
    LOGS.map((log) => [gunzipSync(readFileSync(log))] as const).map(([bytes]) => [
      createHash('sha256').update(bytes).digest('hex'),
      bytes,
    ]),
  );
  const records = readFileSync(join(out, 'proof', 'records.bin'));
  const lines = readFileSync(join(out, 'proof', 'index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

  expect(signed).toContain('Verified Successfully');
  expect(lines.length).toBeGreaterThan(5);
  expect(
    lines.filter(
      ({ sha256, offset, length, at }) =>
        !members
          .get(sha256)
          ?.subarray(offset, offset + length)
          .equals(records.subarray(at, at + length)),
    ),
  ).toEqual([]);
});

test('the command line makes keys and bundles, and verify exits with 4 on a difference', async () => {
  const [key, bundle, casePath] = ['k.key', 'b.zip', 'c.decklog'];
  await decklog(['investigate', ...LOGS, '--case', casePath, '--quiet'], folder);
  const keys = await decklog(['keys', 'make', key, '--json'], folder);
  const made = await decklog(['bundle', casePath, '-o', bundle, '--sign', key, '--level', 'high'], folder);
  const good = await decklog(['verify', bundle, '--key', `${key}.pub`, '--json'], folder);
  const changed = readFileSync(join(folder, bundle));
  changed[changed.length >> 1] = (changed[changed.length >> 1] as number) ^ 1;
  writeFileSync(join(folder, bundle), changed);
  const bad = await decklog(['verify', bundle], folder);
  const again = await decklog(['keys', 'make', key], folder);

  expect([keys.code, made.code, good.code, bad.code, again.code]).toEqual([0, 0, 0, 4, 1]);
  expect(JSON.parse(good.stdout).checks.at(-1).detail).toContain(JSON.parse(keys.stdout).fingerprint);
  expect(bad.stdout).toMatch(/DIFFERS {2}hashes: \S+ was changed/);
});
