import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { openCase } from '../../core/host/open-case.ts';
import { makeKey } from '../../core/report/bundle/key.ts';
import { verifyBundle } from '../../core/report/bundle/verify.ts';
import { decklog, ROOT } from '../cli/decklog.ts';
import { makeFullCase } from '../custody/full-case.ts';
import { randomFrom } from '../custody/tampering.ts';
import { CONTEXT, caseOf, collect, SHIPPED, temporaryFolder } from '../host/case.ts';

const LOGS = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
const MADE = '2026-03-12T09:40:00.000Z';
const folder = temporaryFolder();
const path = join(folder, 'bundle.zip');
const { privateKey, publicKey } = makeKey();

/** Places that are changed in each bundle. */
const PLACES = Number(process.env['DECKLOG_PLACES'] ?? 350);

let bytes: Buffer;
let unsigned: Buffer;
let decided: Buffer;

beforeAll(async () => {
  const session = await caseOf(LOGS, { rules: SHIPPED });
  const made = session.outputs.bundle({ made: MADE, level: 'high', privateKey }, CONTEXT);
  bytes = Buffer.concat(await collect(made));
  unsigned = Buffer.concat(await collect(session.outputs.bundle({ made: MADE, level: 'medium' }, CONTEXT)));
  session.close();
  writeFileSync(path, bytes);
  const full = join(folder, 'full.decklog');
  await makeFullCase(full, [LOGS[1] as string]);
  const other = openCase(full, { mode: 'read', examiner: 'mia' });
  decided = Buffer.concat(await collect(other.outputs.bundle({ made: MADE, privateKey }, CONTEXT)));
  other.close();
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

/** What names a place: a byte of the bundle, one of its files, a citation, an action, the signature. */
const PLACE =
  /byte \d+|\.(json|jsonl|bin|html|pdf|md|csv|txt|pub|sig|zip|log)\b|SHA256SUMS|citation \d+|action \d+|directory of the bundle|signature/;

const BUNDLES = {
  signed: () => bytes,
  unsigned: () => unsigned,
  'of a case with decisions, marks and alerts of another tool, signed': () => decided,
} as const;

test.each(Object.keys(BUNDLES) as (keyof typeof BUNDLES)[])(
  'every changed, missing or further byte of a bundle that is %s is found, and its place is named',
  (kind) => {
    const whole = BUNDLES[kind]();
    const random = randomFrom(kind.length);
    const directory = whole.length - 1500;
    const place = (index: number) => (index % 3 === 0 ? directory + random(1500) : random(whole.length));
    const changes: readonly ((at: number) => Buffer)[] = [
      (at) => with1(whole, at, (whole[at] as number) ^ (1 << random(8))),
      (at) => with1(whole, at, (whole[at] as number) ^ (1 + random(255))),
      (at) => Buffer.concat([whole.subarray(0, at), Buffer.from([random(256)]), whole.subarray(at)]),
      (at) => Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]),
      (at) => whole.subarray(0, at),
      () => Buffer.concat([whole, Buffer.alloc(1 + random(100), random(256))]),
    ];
    const missed: string[] = [];
    for (let index = 0; index < PLACES; index++) {
      const at = place(index);
      const number = index % 10 < 5 ? index % 2 : 1 + (index % 5);
      const changed = (changes[number] as (at: number) => Buffer)(at);
      if (changed.equals(whole)) continue;
      const said = differences(changed);
      if (!said.some((text) => PLACE.test(text))) missed.push(`change ${number} at ${at}: ${said.join('; ')}`);
    }

    expect(missed).toEqual([]);
  },
  300_000,
);

function with1(whole: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(whole);
  changed[at] = value;
  return changed;
}

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
