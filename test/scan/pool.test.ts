import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { ScanPool } from '../../core/scan/pool.ts';

const RULE = `title: Secret read
logsource: { product: kubernetes, category: application, service: audit }
detection: { a: { verb: get, resource: secrets }, condition: a }
`;

const SHAPE = { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' } as const;

const line = (verb: string, at: number) =>
  `${JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/secrets/a',
    verb,
    user: { username: 'eve', groups: ['system:authenticated'] },
    sourceIPs: ['10.0.0.1'],
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'a', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
    stageTimestamp: '2026-01-01T00:00:00.001000Z',
  })}\n`;

test('blocks whose memory is let go after each of them are all matched, large and small', async () => {
  const pool = new ScanPool({ rules: { sources: [{ path: 'rule.yml', text: RULE }], lists: {} } }, 1);
  try {
    const blocks = [1500, 3, 1500, 1500].map((lines) => {
      const text = Array.from({ length: lines }, (_, at) => line(at % 3 === 0 ? 'get' : 'list', at)).join('');
      const bytes = Buffer.from(text);
      const ends = Array.from(text.matchAll(/\n/g), ({ index }) => index);
      const places = Int32Array.from(ends.flatMap((end, at) => [at === 0 ? 0 : (ends[at - 1] as number) + 1, end]));
      return { data: zlib.zstdCompressSync(bytes), offset: 0, length: bytes.length, lines: places };
    });
    const found = await Promise.all(blocks.map((block) => pool.scanPacked({ ...block, shape: SHAPE })));
    expect(blocks.map(({ length }) => length > 512 * 1024)).toEqual([true, false, true, true]);
    expect(found.map(({ scanned }) => [...scanned.hits.row])).toEqual(
      [1500, 3, 1500, 1500].map((lines) => Array.from({ length: Math.ceil(lines / 3) }, (_, at) => at * 3)),
    );
  } finally {
    await pool.close();
  }
});

test('a block comes back with its bytes and packed, whatever room stands behind them', async () => {
  const pool = new ScanPool({ rules: null }, 1);
  try {
    const texts = [1500, 2, 1500].map((lines) => Array.from({ length: lines }, (_, at) => line('get', at)).join(''));
    const blocks = texts.map((text) => {
      const memory = new Uint8Array(Buffer.byteLength(text) + 5000);
      const { written } = new TextEncoder().encodeInto(text, memory);
      return { offset: 0, shape: SHAPE, bytes: memory.subarray(0, written) };
    });
    const found = await Promise.all(blocks.map((block) => pool.scan(block)));
    expect(found.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(texts);
    expect(found.map(({ packed }) => zlib.zstdDecompressSync(packed as Uint8Array).toString())).toEqual(texts);
    expect(found.map(({ scanned }) => scanned.columns.count)).toEqual([1500, 2, 1500]);
  } finally {
    await pool.close();
  }
});
