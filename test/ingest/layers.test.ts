import { createHash } from 'node:crypto';
import { constants, deflateSync, gzipSync, inflateRawSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferSource, streamSource } from '../../core/ingest/source.ts';
import { fixture, makeText, readMembers, TEXT } from './read-members.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The only leaf, with what is said of it. */
async function unpack(bytes: Buffer) {
  const { leaves } = await readMembers(bytes);
  const { containers, bytes: unpacked, end } = leaves[0]!;
  return {
    count: leaves.length,
    containers,
    unpacked,
    warnings: end.warnings,
    limitHit: end.limitHit,
    stoppedAt: end.stoppedAt,
  };
}

const sound = (containers: readonly string[], unpacked: Buffer) => ({
  count: 1,
  containers,
  unpacked,
  warnings: [],
  limitHit: null,
  stoppedAt: null,
});

describe('every member, frame and stream of a layer is read', () => {
  const [head, tail] = [TEXT.subarray(0, 9000), TEXT.subarray(9000)];

  test.each([
    ['zstd', 'frames.zst'],
    ['bzip2', 'streams.bz2'],
    ['xz', 'streams-blocks.xz'],
    ['xz', 'one.xz'],
    ['lz4', 'frames.lz4'],
    ['lz4', 'legacy.lz4'],
  ])('%s: %s', async (id, name) => {
    expect(await unpack(fixture(name))).toEqual(sound([id], TEXT));
  });

  test('gzip: members and NUL padding between and behind them', async () => {
    const bytes = Buffer.concat([gzipSync(head), Buffer.alloc(70_000), gzipSync(tail), Buffer.alloc(512)]);

    expect(await unpack(bytes)).toEqual(sound(['gzip'], TEXT));
  });

  test('gzip: thousands of small members, in chunks of any size', async () => {
    const members = Array.from({ length: 3000 }, (_, index) => gzipSync(Buffer.from(`line ${index}\n`)));
    const expected = Buffer.from(Array.from({ length: 3000 }, (_, index) => `line ${index}\n`).join(''));

    expect(await unpack(Buffer.concat(members))).toEqual(sound(['gzip'], expected));
  });

  test('gzip: a header with name, comment, extra field and checksum', async () => {
    const plain = gzipSync(TEXT);
    const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]);
    const fields = Buffer.from('\x03\x00abcname\0comment\0cc', 'latin1');

    expect(await unpack(Buffer.concat([header, fields, plain.subarray(10)]))).toEqual(sound(['gzip'], TEXT));
  });

  test('empty content inside a layer is a leaf of no bytes', async () => {
    expect(await unpack(gzipSync(''))).toEqual(sound(['gzip'], Buffer.alloc(0)));
    expect(await unpack(zstdCompressSync(''))).toEqual(sound(['zstd'], Buffer.alloc(0)));
  });

  test('large text comes through unchanged', async () => {
    const text = makeText(5_000_000);

    expect(sha256((await unpack(gzipSync(text))).unpacked)).toBe(sha256(text));
    expect(sha256((await unpack(zstdCompressSync(text))).unpacked)).toBe(sha256(text));
  });
});

describe('damage', () => {
  test('trailing garbage behind a layer is said with length and place', async () => {
    const packed = gzipSync(TEXT);
    const result = await unpack(Buffer.concat([packed, Buffer.from('\0\0not gzip')]));

    expect(result.unpacked.equals(TEXT)).toBe(true);
    expect(result.warnings).toEqual([`trailing garbage after gzip stream: 8 bytes at ${packed.length + 2}`]);
  });

  test('a cut gzip stream gives everything that can be inflated, to the byte', async () => {
    const packed = gzipSync(makeText(400_000));
    for (const cut of [400, 20_000, packed.length >> 1, packed.length - 9, packed.length - 3]) {
      const expected = inflateRawSync(packed.subarray(10, cut), { finishFlush: constants.Z_SYNC_FLUSH });

      const result = await unpack(packed.subarray(0, cut));

      expect(result.unpacked.equals(expected)).toBe(true);
      expect(result.warnings).toEqual([
        `unexpected end of gzip stream at byte ${cut}, ${expected.length} bytes unpacked`,
      ]);
      expect(result.stoppedAt).toBe(expected.length);
    }
  });

  test('a gzip stream with a damaged block gives everything before it', async () => {
    const text = makeText(2_000_000);
    const packed = gzipSync(text);
    const half = packed.length >> 1;
    const noise = Array.from({ length: 1000 }, (_, index) => createHash('sha512').update(`${index}`).digest());
    const damaged = Buffer.concat([packed.subarray(0, half), ...noise]);
    const expected = inflateRawSync(packed.subarray(10, half), { finishFlush: constants.Z_SYNC_FLUSH });

    const { unpacked, warnings, stoppedAt } = await unpack(damaged);

    expect(unpacked.subarray(0, expected.length).equals(expected)).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^damaged deflate stream .* at byte \d+, \d+ bytes unpacked$/);
    expect(stoppedAt).toBe(unpacked.length);
  });

  test('a second look at more packed bytes than are kept reads the source again', async () => {
    const noise = Buffer.concat(
      Array.from({ length: 200_000 }, (_, index) => createHash('sha256').update(`${index}`).digest()),
    );
    const packed = gzipSync(noise, { level: 1 });
    const half = packed.length - 500_000;
    const damaged = Buffer.concat([
      packed.subarray(0, half),
      Buffer.alloc(300_000, 0xff),
      packed.subarray(half + 300_000),
    ]);

    const { unpacked } = await unpack(damaged);

    const common = unpacked.findIndex((byte, index) => byte !== noise[index]);
    expect(packed.length).toBeGreaterThan(5_000_000);
    expect(common < 0 ? unpacked.length : common).toBeGreaterThan(half - 100_000);
  });

  test('a cut or damaged zstd stream gives every whole block before it', async () => {
    const text = makeText(2_000_000);
    const packed = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const cut = packed.length >> 1;
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, cut, cut + 40);

    const short = await unpack(packed.subarray(0, cut));
    const broken = await unpack(damaged);

    expect(short.unpacked.length).toBeGreaterThan(400_000);
    expect(text.subarray(0, short.unpacked.length).equals(short.unpacked)).toBe(true);
    expect(short.warnings[0]).toMatch(/^unexpected end of zstd stream at byte \d+, \d+ bytes unpacked$/);
    expect(broken.unpacked.equals(short.unpacked)).toBe(true);
    expect(broken.warnings[0]).toMatch(/^damaged zstd stream/);
  });

  test('a wrong checksum is a warning and loses nothing', async () => {
    for (const [name, id] of [
      ['one.xz', 'xz'],
      ['frames.lz4', 'lz4'],
      ['streams.bz2', 'bzip2'],
    ] as const) {
      const bytes = fixture(name);
      // In each format the checksum is found by breaking bytes until the text stays whole and a word is said.
      const words: string[] = [];
      for (let at = 0; at < bytes.length; at++) {
        const copy = Buffer.from(bytes);
        copy[at]! ^= 0x55;
        if (at % 7 !== 0 && at < bytes.length - 40) continue;
        const { unpacked, warnings, containers } = await unpack(copy);
        if (containers[0] === id && unpacked.equals(TEXT)) words.push(...warnings);
      }
      expect(words.length).toBeGreaterThan(0);
    }
  });

  test('what only looks like a layer is read as it is, with a word', async () => {
    for (const bytes of [
      Buffer.from('1f8b08ff', 'hex'),
      Buffer.from('28b52ffd00', 'hex'),
      gzipSync(TEXT).subarray(0, 12),
    ]) {
      const result = await unpack(bytes);

      expect(result.unpacked).toEqual(bytes);
      expect(result.containers).toEqual([]);
      expect(result.warnings).toHaveLength(1);
      expect(result.warnings[0]).toMatch(/^looks like (gzip|zstd) but cannot be unpacked: /);
    }
  });

  test('a zstd window above 128 MiB is named, and the bytes are kept', async () => {
    const bytes = fixture('window-2gib.zst');
    const result = await unpack(bytes);

    expect(result.unpacked).toEqual(bytes);
    expect(result.warnings).toEqual([
      'looks like zstd but cannot be unpacked: zstd window of 2048 MiB is above the limit of 128 MiB',
    ]);
  });

  test('formats that are not unpacked are named and still handed out', async () => {
    const starts: Record<string, string> = {
      '7z archive': '377abcaf271c',
      'rar archive': '526172211a0700',
      'Parquet file': '50415231',
      'Avro file': '4f626a01',
      'SQLite database': '53514c69746520666f726d6174203300',
    };
    for (const [name, magic] of Object.entries(starts)) {
      const bytes = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.from('rest')]);
      const result = await unpack(bytes);

      expect(result).toEqual({ ...sound([], bytes), warnings: [`unsupported: ${name}`] });
    }
  });
});

describe('limits', () => {
  test('a bomb stops at the ratio, with what was read so far', async () => {
    const { limitHit, unpacked, stoppedAt } = await unpack(zstdCompressSync(Buffer.alloc(60_000_000, 'a')));

    expect(limitHit).toBe('ratio');
    expect(stoppedAt).toBe(unpacked.length);
    expect(unpacked.length).toBeLessThan(10_000_000);
  });

  test('a nested bomb stops as well', async () => {
    const { limitHit, unpacked } = await unpack(gzipSync(gzipSync(Buffer.alloc(60_000_000, 'a'))));

    expect(limitHit).toBe('ratio');
    expect(unpacked.length).toBeLessThan(5_000_000);
  });

  test('a hole of NUL in a log is no bomb', async () => {
    const log = Buffer.concat([makeText(1000), Buffer.alloc(40_000_000), makeText(1000)]);

    expect((await unpack(zstdCompressSync(log))).unpacked.equals(log)).toBe(true);
    expect((await unpack(gzipSync(log))).limitHit).toBe(null);
  });

  test('the ninth container is handed out packed', async () => {
    let bytes: Buffer = TEXT;
    const layers: Buffer[] = [];
    for (let depth = 0; depth < 9; depth++) {
      layers.push(bytes);
      bytes = gzipSync(bytes);
    }
    const allowed = await unpack(gzipSync(layers[7]!));
    const result = await unpack(bytes);

    expect(allowed.unpacked.equals(TEXT)).toBe(true);
    expect(result.unpacked).toEqual(layers[1] && gzipSync(layers[0]!));
    expect(result).toMatchObject({ limitHit: 'nesting', stoppedAt: 0 });
    expect(result.containers).toHaveLength(8);
  });
});

describe('any bytes', () => {
  const samples: [string, Buffer][] = [
    ['gzip', Buffer.concat([gzipSync(TEXT.subarray(0, 9000)), gzipSync(TEXT.subarray(9000))])],
    ['zstd', fixture('frames.zst')],
    ['bzip2', fixture('streams.bz2')],
    ['xz', fixture('streams-blocks.xz')],
    ['lz4', fixture('frames.lz4')],
    ['legacy lz4', fixture('legacy.lz4')],
  ];

  test.each(samples)('%s cut anywhere gives a prefix, or the bytes as they are', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), async (cut) => {
        const part = bytes.subarray(0, cut);
        const { unpacked, containers, count } = await unpack(part);

        expect(count).toBe(1);
        expect((containers.length === 0 ? part : TEXT).subarray(0, unpacked.length).equals(unpacked)).toBe(true);
        if (containers.length === 0) expect(unpacked.length).toBe(cut);
      }),
      { numRuns: 60 },
    );
  });

  test.each(samples)('%s with broken bits never throws and keeps what stands before the damage', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const broken = Buffer.from(bytes);
        broken[at]! ^= mask;
        const { digests } = await readMembers(broken);
        const before = await unpack(bytes.subarray(0, at));
        const { unpacked, containers } = await unpack(broken);

        expect(digests).toEqual([{ sha256: sha256(broken), bytes: broken.length }]);
        // What a cut in front of the damage gives, the damaged stream gives too.
        if (containers.length > 0 && before.containers.length > 0) {
          expect(unpacked.subarray(0, before.unpacked.length).equals(before.unpacked)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('chunks of any size make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.integer({ min: 1, max: 3000 }), async ([, bytes], size) => {
        const { leaves } = await readMembers(streamSource('in', inChunks(bytes, size)));

        expect(leaves.map((leaf) => leaf.bytes.equals(TEXT))).toEqual([true]);
      }),
      { numRuns: 40 },
    );
  });

  test('bytes without a container are handed out as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (content) => {
        const { leaves, digests } = await readMembers(bufferSource('in', content));

        expect(leaves.map(({ bytes }) => [...bytes])).toEqual([[...content]]);
        expect(digests).toEqual([{ sha256: sha256(Buffer.from(content)), bytes: content.length }]);
      }),
      { numRuns: 50 },
    );
  });

  test('zlib data without a gzip header are no layer', async () => {
    const bytes = deflateSync(TEXT);
    expect(await unpack(bytes)).toEqual(sound([], bytes));
  });
});

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
