import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CaseError } from '../../core/fault.ts';
import { type Digest, openMembers, type Source } from '../../core/ingest/open.ts';
import { bufferSource, findSources, streamSource } from '../../core/ingest/source.ts';
import { makeTar, makeZip } from './archive-makers.ts';
import { makeText, readMembers, TEXT } from './read-members.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decklog-source-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const bytes of chunks) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('finding', () => {
  test('a folder is walked bytewise by path, and what is no regular file is reported', async () => {
    for (const name of ['b.log', 'a.log', 'Z.log', 'ä.log', 'a/x.log', 'a/b/c.log', 'a!/y.log']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), name);
    }
    symlinkSync('/etc/passwd', join(folder, 'link'));
    symlinkSync('/etc', join(folder, 'linked-folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);

    const { sources, rejected } = await findSources([folder]);

    expect(sources.map(({ path }) => path.slice(folder.length))).toEqual([
      '/Z.log',
      '/a%21/y.log',
      '/a.log',
      '/a/b/c.log',
      '/a/x.log',
      '/b.log',
      '/ä.log',
    ]);
    expect(rejected.map(({ path, reason }) => [path.slice(folder.length), reason])).toEqual([
      ['/link', 'symbolic link'],
      ['/linked-folder', 'symbolic link'],
      ['/pipe', 'FIFO'],
    ]);
  });

  test.skipIf(process.getuid?.() === 0)(
    'what may not be read below a folder is reported, and the rest is found',
    async () => {
      mkdirSync(join(folder, 'closed'));
      for (const name of ['a.log', 'b.log', 'closed/c.log']) writeFileSync(join(folder, name), name);
      chmodSync(join(folder, 'a.log'), 0);
      chmodSync(join(folder, 'closed'), 0);

      const { sources, rejected } = await findSources([folder]);

      chmodSync(join(folder, 'closed'), 0o700);
      expect(sources.map(({ path }) => path.slice(folder.length))).toEqual(['/b.log']);
      expect(rejected.map(({ path, reason }) => [path.slice(folder.length), reason])).toEqual([
        ['/a.log', 'may not be read'],
        ['/closed', 'folder may not be read'],
      ]);
    },
  );

  test('files keep the order in which they were given, and their labels are as given', async () => {
    writeFileSync(join(folder, 'b.log'), 'b');
    writeFileSync(join(folder, 'a.log'), 'a');

    const { sources } = await findSources([join(folder, 'b.log'), join(folder, 'a.log'), `${folder}/`]);

    expect(sources.map(({ path, bytes }) => [path, bytes])).toEqual([
      [`${folder}/b.log`, 1],
      [`${folder}/a.log`, 1],
      [`${folder}/a.log`, 1],
      [`${folder}/b.log`, 1],
    ]);
  });

  test('a path that does not exist is an expected fault with path and hint', async () => {
    const missing = join(folder, 'missing.log');
    const fault = await findSources([missing]).catch((error: unknown) => error);

    expect(fault).toBeInstanceOf(CaseError);
    expect(fault).toMatchObject({
      code: 'import/unreadable',
      message: `${missing} does not exist.`,
      hint: 'Check the path.',
      at: { path: missing },
    });
  });

  test('a file that is gone when it is read is an expected fault', async () => {
    writeFileSync(join(folder, 'gone.log'), 'x');
    const { sources } = await findSources([folder]);
    rmSync(join(folder, 'gone.log'));

    await expect(collect(sources[0]!.read())).rejects.toMatchObject({ code: 'import/unreadable' });
    await expect(sources[0]!.readAt!(0, 1)).rejects.toMatchObject({ code: 'import/unreadable' });
  });
});

describe('reading', () => {
  test('of a file that grows, the bytes that it had are read', async () => {
    const path = join(folder, 'live.log');
    writeFileSync(path, 'first\n');
    const { sources } = await findSources([path]);
    appendFileSync(path, 'second\n');

    expect((await collect(sources[0]!.read())).toString()).toBe('first\n');
    expect((await sources[0]!.readAt!(2, 100)).toString()).toBe('rst\n');
    await sources[0]!.close?.();
  });

  test('a large file comes whole, from any offset', async () => {
    const text = makeText(3_000_000);
    writeFileSync(join(folder, 'large.log'), text);
    const { sources } = await findSources([folder]);

    expect(sha256(await collect(sources[0]!.read()))).toBe(sha256(text));
    expect(sha256(await collect(sources[0]!.read(1_234_567)))).toBe(sha256(text.subarray(1_234_567)));
  });

  test('a file with members is the same from the disk, from memory and from a stream', async () => {
    const zip = makeZip([{ name: 'inner.tar', content: makeTar([{ name: 'audit.log.gz', content: gzipSync(TEXT) }]) }]);
    writeFileSync(join(folder, 'x.zip'), zip);
    const { sources } = await findSources([join(folder, 'x.zip')]);
    const inStream = streamSource(
      sources[0]!.path,
      (async function* () {
        yield zip;
      })(),
    );

    const read = await readMembers(sources[0]!);

    expect(read.members.map(({ path }) => path.slice(folder.length))).toEqual([
      '/x.zip!/inner.tar!/audit.log.gz',
      '/x.zip!/inner.tar',
      '/x.zip',
    ]);
    expect(await readMembers(inStream)).toEqual(read);
  });

  test('a fault of the road is thrown, whatever layer asks for the bytes', async () => {
    const packed = gzipSync(makeTar([{ name: 'a.log', content: TEXT }]));
    const fault = new CaseError('import/unreadable', 'the disk reports an error');
    const failing: Source = {
      path: 'in',
      bytes: null,
      read: async function* () {
        yield packed.subarray(0, 1000);
        throw fault;
      },
    };
    const digests: Digest[] = [];

    const reading = (async () => {
      for await (const member of openMembers(failing, { onSourceEnd: (digest) => digests.push(digest) })) {
        await collect(member.read());
      }
    })();

    await expect(reading).rejects.toBe(fault);
    expect(digests).toEqual([]);
  });

  test('a cancel is thrown between two chunks', async () => {
    const cancel = new AbortController();
    const digests: Digest[] = [];
    const options = { signal: cancel.signal, onSourceEnd: (digest: Digest) => digests.push(digest) };

    const reading = (async () => {
      for await (const member of openMembers(bufferSource('in', gzipSync(makeText(4_000_000))), options)) {
        for await (const _ of member.read()) cancel.abort(new Error('enough'));
      }
    })();

    await expect(reading).rejects.toThrow('enough');
    expect(digests).toEqual([]);
  });
});

describe('the digest of a source', () => {
  const content = gzipSync(
    makeTar([
      { name: 'a.log', content: TEXT },
      { name: 'b.log', content: TEXT },
    ]),
  );
  const zip = makeZip([{ name: 'a.log', content: TEXT }]);

  test.each([
    ['a leaf', TEXT],
    ['a tar in gzip', content],
    ['a zip', zip],
    ['nothing', Buffer.alloc(0)],
    ['what cannot be read', Buffer.concat([content.subarray(0, 300), Buffer.alloc(5000, 0xff)])],
  ])('is of all its bytes and told once: %s', async (_, bytes) => {
    expect((await readMembers(bytes)).digests).toEqual([{ sha256: sha256(bytes), bytes: bytes.length }]);
  });

  test.each([
    ['a tar in gzip', content],
    ['a zip', zip],
  ])('is told when the caller stops early: %s', async (_, bytes) => {
    const digests: Digest[] = [];
    for await (const member of openMembers(bufferSource('in', bytes), {
      onSourceEnd: (digest) => digests.push(digest),
    })) {
      for await (const _chunk of member.read()) break;
      break;
    }

    expect(digests).toEqual([{ sha256: sha256(bytes), bytes: bytes.length }]);
  });

  test('an archive that lies in no layer has the digest of its source', async () => {
    expect((await readMembers(zip)).archives[0]!.end.digest).toEqual({ sha256: sha256(zip), bytes: zip.length });
  });
});

test('a spooled zip leaves nothing behind', async () => {
  const noise = Buffer.alloc(66 * 1024 * 1024);
  for (let at = 0; at < noise.length; at += 4) noise.writeInt32LE(Math.imul(at, 2654435761) | 0, at);
  const zip = makeZip([{ name: 'noise', content: noise }], { method: 0 });
  const during: number[] = [];

  const source = streamSource(
    'in',
    (async function* () {
      yield zip;
    })(),
  );
  for await (const member of openMembers(source, { spoolFolder: folder })) {
    during.push(readdirSync(folder).length);
    for await (const _ of member.read());
  }

  expect(during).toEqual([0, 0]);
  expect(readdirSync(folder)).toEqual([]);
});
