import { readFileSync } from 'node:fs';
import { constants, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Digest, openMembers } from '../../core/ingest/open.ts';
import { bufferSource, streamSource } from '../../core/ingest/source.ts';
import { type MadeEntry, makeTar, makeTarEntry, makeZip } from './archive-makers.ts';
import { fixture, makeText, type ReadSource, readMembers, TEXT } from './read-members.ts';

const LOG: MadeEntry = { name: 'logs/audit.log', content: TEXT };
const SMALL = Buffer.from('{"kind":"Event"}\n');

/** Paths, sizes of what came out equal to the fixtures' text, and what was said. */
function summary({ members }: ReadSource) {
  return members.map(({ kind, path, bytes, end }) => ({
    path: `${kind} ${path}`,
    isText: bytes.equals(TEXT),
    warnings: end.warnings,
    limitHit: end.limitHit,
    rejected: end.rejected,
  }));
}

const sound = (path: string, isText: boolean) => ({ path, isText, warnings: [], limitHit: null, rejected: [] });

describe('tar', () => {
  test.each(['v7', 'ustar', 'gnu', 'posix'])(
    '%s: names of any length, and links that are rejected',
    async (dialect) => {
      const source = await readMembers(fixture(`${dialect}.tar.gz`));

      const hasLong = dialect === 'gnu' || dialect === 'posix';
      expect(summary(source)).toEqual([
        sound('leaf in!/logs/short.log', true),
        ...(hasLong ? [sound(`leaf in!/logs/${'very-long-name-'.repeat(10)}.log`, true)] : []),
        {
          ...sound('archive in', false),
          rejected: [{ path: 'in!/logs/link', reason: 'symbolic link' }],
        },
      ]);
    },
  );

  test.each(['gnu', '0.0', '0.1', '1.0'])('sparse files of kind %s have their holes filled', async (kind) => {
    const expected = Buffer.alloc(1024 * 1024);
    TEXT.copy(expected, 300_000, 0, 9000);
    for (let piece = 1; piece <= 8; piece++) expected.write(`piece ${piece}`, 400_000 + piece * 65_536);

    const { leaves } = await readMembers(fixture(`sparse-${kind}.tar.gz`));

    expect(leaves.map(({ path, bytes, end }) => [path, bytes.equals(expected), end.warnings])).toEqual([
      ['in!/hole', true, []],
    ]);
  });

  test('devices, FIFOs and links are rejected and never read', async () => {
    const types = { '1': 'hard link', '2': 'symbolic link', '3': 'character device', '4': 'block device', '6': 'FIFO' };
    const entries = Object.keys(types).map((type) => ({ name: `entry-${type}`, content: Buffer.alloc(0), type }));

    const { members } = await readMembers(
      makeTar([...entries, { name: 'dir/', content: Buffer.alloc(0), type: '5' }, LOG]),
    );

    expect(members.map(({ path }) => path)).toEqual(['in!/logs/audit.log', 'in']);
    expect(members[1]!.end.rejected).toEqual(
      Object.entries(types).map(([type, reason]) => ({ path: `in!/entry-${type}`, reason })),
    );
  });

  test('names that leave the archive are labels with a warning, and are read', async () => {
    const names = [
      '../up.log',
      '/abs.log',
      'C:x.log',
      'a\\b.log',
      'nul',
      'con.log',
      'trailing ',
      'dot.',
      'ok!/x%.log',
      './fine.log',
    ];

    const { leaves } = await readMembers(makeTar(names.map((name) => ({ name, content: SMALL }))));

    expect(leaves.map(({ path, end }) => [path, end.warnings.length])).toEqual([
      ['in!/../up.log', 1],
      ['in!//abs.log', 1],
      ['in!/C:x.log', 1],
      ['in!/a\\b.log', 1],
      ['in!/nul', 1],
      ['in!/con.log', 1],
      ['in!/trailing ', 1],
      ['in!/dot.', 1],
      ['in!/ok%21/x%25.log', 0],
      ['in!/./fine.log', 0],
    ]);
  });

  test('characters that cannot be seen are escaped in paths', async () => {
    const tar = makeTar([{ name: 'a\n\u202eb\u001b[2J.log', content: SMALL }]);

    expect((await readMembers(tar)).leaves[0]!.path).toBe('in!/a%0A%E2%80%AEb%1B[2J.log');
  });

  test('reading goes on behind a damaged header', async () => {
    const broken = makeTarEntry({ name: 'lost.log', content: TEXT });
    broken[0]! ^= 1;
    const tar = Buffer.concat([makeTarEntry(LOG), broken, makeTar([{ ...LOG, name: 'after.log' }])]);

    const [first, after, archive] = summary(await readMembers(tar));

    expect([first!.path, after!.path]).toEqual(['leaf in!/logs/audit.log', 'leaf in!/after.log']);
    expect(archive!.warnings).toHaveLength(1);
    expect(archive!.warnings[0]).toMatch(/^damaged tar header at byte \d+, resumed at byte \d+$/);
  });

  test('members behind the end of the archive are read, with a word', async () => {
    const tar = Buffer.concat([makeTar([LOG]), makeTar([{ ...LOG, name: 'second.log' }])]);

    const { leaves, archives } = await readMembers(tar);

    expect(leaves.map(({ path }) => path)).toEqual(['in!/logs/audit.log', 'in!/second.log']);
    expect(archives[0]!.end.warnings[0]).toMatch(/^further members after the end of the tar archive at byte/);
  });

  test('a cut tar gives what there is of its last member', async () => {
    const tar = makeTar([LOG, { ...LOG, name: 'cut.log' }]).subarray(0, 512 + 18_944 + 512 + 5000);

    const { leaves, archives } = await readMembers(tar);

    expect(leaves[1]!.bytes.equals(TEXT.subarray(0, 5000))).toBe(true);
    expect(leaves[1]!.end).toMatchObject({
      warnings: ['unexpected end of tar member: 5000 of 18464 bytes'],
      stoppedAt: 5000,
    });
    expect(archives[0]!.end.warnings).toEqual([`unexpected end of tar archive at byte ${tar.length}`]);
  });

  test('a bomb in a tar ends that member only', async () => {
    const tar = makeTar([
      LOG,
      { name: 'bomb.log', content: Buffer.alloc(9_000_000, 'a') },
      { ...LOG, name: 'behind.log' },
    ]);

    const { leaves } = await readMembers(zstdCompressSync(tar));

    expect(leaves.map(({ path, end }) => [path, end.limitHit])).toEqual([
      ['in!/logs/audit.log', null],
      ['in!/bomb.log', 'ratio'],
      ['in!/behind.log', null],
    ]);
    expect(leaves[2]!.bytes.equals(TEXT)).toBe(true);
  });

  test('a second copy of a log packs to next to nothing in a solid archive, and is no bomb', async () => {
    const log = makeText(3_000_000);
    const tar = makeTar(['a', 'b', 'c'].map((name) => ({ name, content: log })));
    const params = { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_enableLongDistanceMatching]: 1 };

    const { leaves } = await readMembers(zstdCompressSync(tar, { params }));

    expect(leaves.map(({ bytes, end }) => [bytes.equals(log), end.limitHit])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ]);
  });

  test('a member that is not read is passed over', async () => {
    const tar = makeTar([{ ...LOG, name: 'passed.log' }, LOG]);
    const paths: string[] = [];

    for await (const member of openMembers(streamSource('in', pieces(tar, 700)))) paths.push(member.path);

    expect(paths).toEqual(['in!/passed.log', 'in!/logs/audit.log', 'in']);
  });
});

describe('zip', () => {
  test('deflated, stored and streamed members', async () => {
    const entries = [LOG, { name: 'b.log', content: TEXT }];
    for (const zip of [makeZip(entries), makeZip(entries, { method: 0 }), makeZip(entries, { isStreamed: true })]) {
      expect(summary(await readMembers(zip))).toEqual([
        sound('leaf in!/logs/audit.log', true),
        sound('leaf in!/b.log', true),
        sound('archive in', false),
      ]);
    }
  });

  test.each(['bzip2-method.zip', 'streamed-zip64.zip'])('%s', async (name) => {
    const { leaves } = await readMembers(fixture(name));
    expect(leaves.map(({ bytes, end }) => [bytes.equals(TEXT), end.warnings])).toEqual([[true, []]]);
  });

  test.each(['zipcrypto.zip', 'aes128.zip', 'aes256.zip'])(
    '%s opens with the right password among others',
    async (name) => {
      const { leaves } = await readMembers(fixture(name), { passwords: ['wrong', 'secret', 'other'] });
      expect(leaves.map(({ bytes, end }) => [bytes.equals(TEXT), end.warnings])).toEqual([[true, []]]);
    },
  );

  test.each(['zipcrypto.zip', 'aes256.zip'])(
    '%s stays closed without the right password, and says so',
    async (name) => {
      const without = await readMembers(fixture(name));
      const wrong = await readMembers(fixture(name), { passwords: ['wrong'] });

      expect(summary(without)).toEqual([
        {
          ...sound('archive in', false),
          limitHit: 'encrypted',
          rejected: [{ path: 'in!/text.log', reason: 'encrypted' }],
        },
      ]);
      expect(wrong.archives[0]!.end).toMatchObject({
        limitHit: 'encrypted',
        rejected: [{ path: 'in!/text.log', reason: 'encrypted: no password fits' }],
      });
    },
  );

  test('a wrong password that passes the first check of ZipCrypto is found out by the checksum', async () => {
    const passwords = Array.from({ length: 2000 }, (_, index) => `guess ${index}`);
    const { leaves, archives } = await readMembers(fixture('zipcrypto.zip'), { passwords });

    expect(leaves).toEqual([]);
    expect(archives[0]!.end.limitHit).toBe('encrypted');
  });

  test('a zip without its directory is read by its local headers', async () => {
    for (const isStreamed of [false, true]) {
      const zip = makeZip([LOG, { ...LOG, name: 'b.log' }], { isStreamed });
      const { leaves, archives } = await readMembers(zip.subarray(0, zip.length - 120));

      expect(leaves.map(({ path, bytes }) => [path, bytes.equals(TEXT)])).toEqual([
        ['in!/logs/audit.log', true],
        ['in!/b.log', true],
      ]);
      expect(archives[0]!.end.warnings).toEqual([
        'zip archive without its directory: members were found by their local headers',
      ]);
    }
  });

  test('a zip cut within a member gives what there is of it', async () => {
    const zip = makeZip([LOG, { ...LOG, name: 'b.log' }]);
    const { leaves } = await readMembers(zip.subarray(0, zip.length - 1000));

    expect(leaves).toHaveLength(2);
    expect(TEXT.subarray(0, leaves[1]!.bytes.length).equals(leaves[1]!.bytes)).toBe(true);
    expect(leaves[1]!.bytes.length).toBeGreaterThan(4000);
    expect(leaves[1]!.end.warnings[0]).toMatch(/^unexpected end of zip member: \d+ of 18464 bytes$/);
  });

  test('bytes in front of a zip and a comment behind it do no harm', async () => {
    const zip = makeZip([LOG]);
    zip.writeUInt16LE(4, zip.length - 2);
    const { leaves } = await readMembers(Buffer.concat([zip, Buffer.from('note')]));

    expect(leaves.map(({ bytes }) => bytes.equals(TEXT))).toEqual([true]);
  });

  test('links and devices are rejected, folders are no members', async () => {
    const link = makeZip([{ name: 'link', content: Buffer.from('/etc/passwd') }], { mode: 0o120777 });
    const folder = makeZip([{ name: 'folder/', content: Buffer.alloc(0) }]);

    expect(summary(await readMembers(link))).toEqual([
      { ...sound('archive in', false), rejected: [{ path: 'in!/link', reason: 'symbolic link' }] },
    ]);
    expect(summary(await readMembers(folder))).toEqual([sound('archive in', false)]);
  });

  test('a compression that is not known is listed as rejected', async () => {
    const { archives } = await readMembers(makeZip([LOG], { method: 98 }));
    expect(archives[0]!.end.rejected).toEqual([
      { path: 'in!/logs/audit.log', reason: 'unsupported compression: PPMd' },
    ]);
  });

  test('Deflate64, which Windows writes, is inflated', async () => {
    // Without matches of 258 bytes the two formats agree but for the long length, which is made by hand below.
    const content = makeText(3000);
    const plain = makeZip([{ name: 'a', content }], { method: 9, packed: deflateRawSync(content, { level: 1 }) });
    const runs = makeZip([{ name: 'b', content: Buffer.alloc(1 + 3 + 5000, 'a') }], {
      method: 9,
      packed: longRun(5000),
    });

    expect((await readMembers(plain)).leaves[0]!.bytes.equals(content)).toBe(true);
    const { bytes, end } = (await readMembers(runs)).leaves[0]!;
    expect([bytes.length, bytes.every((byte) => byte === 97), end.warnings]).toEqual([5004, true, []]);
  });

  test('members that claim the same packed bytes cannot make more than the zip as a whole may', async () => {
    const kernel = deflateRawSync(Buffer.alloc(2_000_000, 'a'));
    const zip = makeOverlappingZip(kernel, 2_000_000, 400);

    const { leaves } = await readMembers(zip, {});

    const total = leaves.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(leaves).toHaveLength(400);
    expect(leaves.at(-1)!.end.limitHit).toBe('ratio');
    expect(total).toBeLessThanOrEqual(zip.length * 1000 + 2_000_000);
  });

  test('a wrong size or checksum in the directory is a warning', async () => {
    const zip = makeZip([LOG]);
    const directory = zip.indexOf(Buffer.from('504b0102', 'hex'));
    const wrongSum = Buffer.from(zip);
    wrongSum[directory + 16]! ^= 1;
    const wrongSize = Buffer.from(zip);
    wrongSize.writeUInt32LE(0, directory + 24);

    expect((await readMembers(wrongSum)).leaves[0]).toMatchObject({
      end: { warnings: ['checksum of zip member does not match its 18464 bytes'] },
    });
    expect((await readMembers(wrongSize)).leaves[0]!.bytes.equals(TEXT)).toBe(true);
  });

  test('an empty zip is an archive without members', async () => {
    expect(summary(await readMembers(makeZip([])))).toEqual([sound('archive in', false)]);
  });

  test('what only looks like a zip is read as it is', async () => {
    const bytes = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from('no zip at all')]);
    const { leaves, archives } = await readMembers(bytes);

    expect(archives).toEqual([]);
    expect(leaves.map((leaf) => [leaf.bytes.equals(bytes), leaf.end.warnings])).toEqual([
      [true, ['looks like zip but has neither a directory nor members']],
    ]);
  });

  test('a zip from a stream, or inside another container, is spooled', async () => {
    const zip = makeZip([LOG]);
    const large = makeZip([{ name: 'noise', content: incompressible(66 * 1024 * 1024) }, LOG], { method: 0 });

    expect(summary(await readMembers(streamSource('in', pieces(zip, 999))))).toEqual(summary(await readMembers(zip)));
    expect((await readMembers(gzipSync(zip))).leaves[0]!.containers).toEqual(['gzip', 'zip']);
    const { leaves } = await readMembers(streamSource('in', pieces(large, 1_000_000)));
    expect(leaves.map(({ bytes }) => bytes.length)).toEqual([66 * 1024 * 1024, TEXT.length]);
  });
});

describe('archives in archives', () => {
  test('paths, containers and digests of every level', async () => {
    const inner = makeTar([{ name: 'a/audit.log.gz', content: gzipSync(TEXT) }]);
    const outer = makeZip([{ name: 'evidence/host.tar.gz', content: gzipSync(inner) }], { method: 0 });

    const { members } = await readMembers(outer);

    expect(
      members.map(({ kind, path, containers, end }) => [kind, path, containers.join(), end.digest?.bytes]),
    ).toEqual([
      ['leaf', 'in!/evidence/host.tar.gz!/a/audit.log.gz', 'zip,gzip,tar,gzip', undefined],
      ['archive', 'in!/evidence/host.tar.gz', 'zip,gzip,tar', inner.length],
      ['archive', 'in', 'zip', outer.length],
    ]);
  });

  test('more members than the limit are not read, and the archives say so', async () => {
    const folder = Array.from({ length: 50_001 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(0) }));
    const tar = makeTar(folder);
    let count = 0;
    const ends: unknown[] = [];

    const zip = makeZip([{ name: 'a.tar', content: tar }, { name: 'b.tar', content: tar }, LOG]);
    for await (const member of openMembers(streamSource('in', pieces(zip, 100_000)))) {
      if (member.kind === 'leaf') count++;
      else ends.push([member.path, member.end.limitHit, member.end.rejected]);
    }

    const rejected = (path: string) => [{ path, reason: 'members beyond the limit of 100000 were not read' }];
    expect(count).toBe(100_000 - 2);
    expect(ends).toEqual([
      ['in!/a.tar', null, []],
      ['in!/b.tar', 'members', rejected('in!/b.tar')],
      ['in', 'members', rejected('in')],
    ]);
  });

  /** A leaf, or something around others. */
  type Tree = { readonly text: string } | { readonly wrap: 'gzip' | 'zstd'; readonly tree: Tree } | Folder;
  type Folder = { readonly pack: 'tar' | 'zip' | 'stored'; readonly trees: readonly Tree[] };

  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', withCrossShrink: true },
      fc.record({ text: fc.string({ maxLength: 2000 }) }),
      fc.record({ wrap: fc.constantFrom('gzip' as const, 'zstd' as const), tree: tie('tree') }),
      fc.record({
        pack: fc.constantFrom('tar' as const, 'zip' as const, 'stored' as const),
        trees: fc.array(tie('tree'), { maxLength: 4 }),
      }),
    ),
  }));

  const build = (node: Tree): Buffer => {
    if ('text' in node) return Buffer.from(node.text);
    if ('wrap' in node) return node.wrap === 'gzip' ? gzipSync(build(node.tree)) : zstdCompressSync(build(node.tree));
    const entries = node.trees.map((inner, index) => ({ name: `${index}`, content: build(inner) }));
    return node.pack === 'tar' ? makeTar(entries) : makeZip(entries, { method: node.pack === 'zip' ? 8 : 0 });
  };

  const list = (node: Tree, path: string, around: readonly string[]): unknown[] => {
    if ('text' in node) return [[path, around, node.text]];
    if ('wrap' in node) return list(node.tree, path, [...around, node.wrap]);
    // A tar without entries is nothing but NUL.
    if (node.pack === 'tar' && node.trees.length === 0) return [[path, around, '\0'.repeat(1024)]];
    const inside = [...around, node.pack === 'tar' ? 'tar' : 'zip'];
    return [...node.trees.flatMap((inner, index) => list(inner, `${path}!/${index}`, inside)), [path, inside, '']];
  };

  test('any nesting gives its leaves in their order', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.boolean(), async (root, isStream) => {
        const bytes = build(root);
        const { members } = await readMembers(isStream ? streamSource('in', pieces(bytes, 777)) : bytes);

        expect(members.map((member) => [member.path, member.containers, member.bytes.toString()])).toEqual(
          list(root, 'in', []),
        );
        expect(members.flatMap(({ end }) => end.warnings)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  const entries = [
    LOG,
    { name: 'small.log', content: SMALL },
    { name: 'inner.tar.gz', content: gzipSync(makeTar([LOG])) },
  ];
  const samples: [string, Buffer][] = [
    ['tar', makeTar(entries)],
    ['zip', makeZip(entries)],
    ['streamed zip', makeZip(entries, { isStreamed: true })],
    ['tar.gz', gzipSync(makeTar(entries))],
    ['encrypted zip', fixture('aes256.zip')],
    ['sparse tar', fixture('sparse-1.0.tar.gz')],
  ];

  test.each(samples)('%s cut anywhere gives whole members before the cut and a prefix at it', async (name, bytes) => {
    const whole = await readMembers(bytes, { passwords: ['secret'] });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (cut) => {
        const { leaves, digests } = await readMembers(bytes.subarray(0, cut), { passwords: ['secret'] });

        expect(digests).toHaveLength(1);
        for (const [index, leaf] of leaves.entries()) {
          const original = whole.leaves[index];
          if (original?.path !== leaf.path || original.containers.length !== leaf.containers.length) continue;
          if (name === 'encrypted zip' && leaf.end.warnings.length > 0) continue;
          expect(original.bytes.subarray(0, leaf.bytes.length).equals(leaf.bytes)).toBe(true);
          if (index < leaves.length - 1) expect(leaf.bytes.length).toBe(original.bytes.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each(samples)('%s with broken bits never throws', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), async (flips) => {
        const broken = Buffer.from(bytes);
        for (const [at, value] of flips) broken[at] = value;
        const seen = await countMembers(broken);

        expect(seen.digests).toEqual([broken.length]);
        expect(seen.members).toBeGreaterThan(0);
      }),
      { numRuns: 80 },
    );
  });
});

test('the samples name no member outside of their archive', async () => {
  const bytes = readFileSync(new URL('../fixtures/format-samples/hostile--path-traversal.zip', import.meta.url));
  const { leaves } = await readMembers(bytes);

  expect(leaves.map(({ path, end }) => [path, end.warnings])).toEqual([
    ['in!/../../../../escape.log', ['unsafe-name']],
    ['in!//abs/path.log', ['unsafe-name']],
    ['in!/C:\\Windows\\escape.log', ['unsafe-name']],
    ['in!/ok/audit.log', []],
  ]);
});

/** Reads without keeping: a broken sparse map may state a hole of gigabytes. */
async function countMembers(bytes: Buffer) {
  const seen = { members: 0, digests: [] as number[] };
  const onSourceEnd = (digest: Digest) => seen.digests.push(digest.bytes);
  for await (const member of openMembers(bufferSource('in', bytes), { passwords: ['secret'], onSourceEnd })) {
    for await (const _ of member.read());
    seen.members++;
  }
  return seen;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function incompressible(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, value = 1; at + 4 <= size; at += 4, value = (Math.imul(value, 1664525) + 1013904223) | 0)
    bytes.writeInt32LE(value, at);
  return bytes;
}

/** A Deflate64 stream with fixed codes: the letter a, then one match of 3 + `extra` bytes at distance 1, then the end. */
function longRun(extra: number): Buffer {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = 0; bit < count; bit++) bits.push((value >> bit) & 1);
  };
  const putCode = (code: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((code >> bit) & 1);
  };
  put(1, 1);
  put(1, 2);
  putCode(0x30 + 97, 8);
  putCode(0xc0 + (285 - 280), 8);
  put(extra, 16);
  putCode(0, 5);
  putCode(0, 7);
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) bytes[index >> 3]! |= bit << (index & 7);
  return bytes;
}

/** One local member that `count` entries of the directory claim. */
function makeOverlappingZip(packed: Buffer, size: number, count: number): Buffer {
  const one = makeZip([{ name: 'x', content: Buffer.alloc(size, 'a') }], { packed });
  const start = one.indexOf(Buffer.from('504b0102', 'hex'));
  const record = one.subarray(start, one.length - 22);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(record.length * count, 12);
  return Buffer.concat([one.subarray(0, start), ...Array.from({ length: count }, () => record), end]);
}
