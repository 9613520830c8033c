import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from './read-all.ts';
import { readAll } from './read-all.ts';
import { eventText, textSamples } from './sample-files.ts';

const samples = textSamples();

/** All that reading said, as one comparable value. */
function said({ said }: Reading): unknown[] {
  return said.map(({ read, ...rest }) => {
    if (read === undefined) return rest;
    const { text, start: _start, end: _end, ...more } = read;
    return { ...rest, ...more, text: text === null ? null : Buffer.from(text).toString() };
  });
}

/** Kind, id and place of everything that was read, in short. */
function outline({ said }: Reading): string[] {
  return said.map(({ kind, auditID, offset, length }) => `${kind} ${auditID ?? '-'} ${offset}+${length}`);
}

test('the size of blocks and chunks changes nothing that is read', async () => {
  const whole = new Map<string, unknown[]>();
  for (const [name, bytes] of samples) whole.set(name, said(await readAll(bytes, { blockBytes: 1 << 24 })));
  const anyRun = fc.record({
    name: fc.constantFrom(...samples.keys()),
    blockBytes: fc.oneof(fc.integer({ min: 64, max: 5000 }), fc.integer({ min: 5000, max: 1 << 20 })),
    chunkBytes: fc.oneof(fc.integer({ min: 13, max: 700 }), fc.constant(65_536)),
  });

  await fc.assert(
    fc.asyncProperty(anyRun, async ({ name, blockBytes, chunkBytes }) => {
      expect(said(await readAll(samples.get(name)!, { blockBytes, chunkBytes }))).toEqual(whole.get(name));
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('blocks are cut between records, follow one another, and own their memory', async () => {
  const lines = Array.from({ length: 4000 }, (_, index) => `${eventText(`id-${index}`)}\n`).join('');

  const { blocks } = await readAll(Buffer.from(lines), { blockBytes: 100_000 });

  let offset = 0;
  for (const block of blocks) {
    expect(block.offset).toBe(offset);
    expect(Buffer.from(block.bytes).subarray(0, 15).toString()).toBe('{"kind":"Event"');
    offset += block.bytes.length;
    structuredClone(block, { transfer: [block.bytes.buffer] });
    expect(block.bytes.length).toBe(0);
  }
  expect(offset).toBe(lines.length);
  expect(blocks.length).toBeGreaterThan(5);
});

test('a list of any length is cut between its elements, and each still knows its envelope', async () => {
  const items = Array.from({ length: 300 }, (_, index) => `{"level":"Metadata","auditID":"i${index}","verb":"get"}`);
  const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`;

  const reading = await readAll(Buffer.from(list), { blockBytes: 500 });

  expect(reading.blocks.length).toBeGreaterThan(20);
  expect(reading.said.map(({ auditID }) => auditID)).toEqual(items.map((_, index) => `i${index}`));
  expect(new Set(reading.said.map(({ read }) => read?.format))).toEqual(new Set(['k8s-audit-eventlist']));
});

test('runs of NUL are holes: what stands around them is read, and their places are kept', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => `${eventText(id)}\n`) as [string, string, string];
  const bytes = Buffer.from(`${'\0'.repeat(700)}${a}${'\0'.repeat(5000)}${b}${'\0'.repeat(100)}${c}`);

  for (const chunkBytes of [64, 511, 512, 513, 65_536]) {
    const reading = await readAll(bytes, { chunkBytes });

    expect(reading.end.holes).toEqual([
      { offset: 700 - 700, length: 700 },
      { offset: 700 + a.length, length: 5000 },
    ]);
    expect(reading.said.map(({ auditID }) => auditID)).toEqual(['a', 'b', 'c']);
  }
});

test('a hole in UTF-16 text does not shift what follows', async () => {
  for (const isBig of [false, true]) {
    const wide = (text: string) => (isBig ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le'));
    const mark = isBig ? [0xfe, 0xff] : [0xff, 0xfe];
    const bytes = Buffer.concat([
      Buffer.from(mark),
      wide(`${eventText('a')}\n`),
      Buffer.alloc(2000),
      wide(`${eventText('ü')}\n`),
    ]);

    const reading = await readAll(bytes, { chunkBytes: 77 });

    expect(reading.said.map(({ kind, auditID }) => [kind, auditID])).toEqual([
      ['event', 'a'],
      ['event', 'ü'],
    ]);
  }
});

test('bytes that are no text end the reading, but are all drained', async () => {
  const bytes = Buffer.from(Array.from({ length: 900_000 }, (_, index) => (index * 7919) % 256));
  let drained = 0;
  async function* counted() {
    for (let from = 0; from < bytes.length; from += 10_000) {
      drained += 10_000;
      yield bytes.subarray(from, from + 10_000);
    }
  }
  const { cutBlocks } = await import('../../core/ingest/cut.ts');

  const next = await cutBlocks(counted()).next();

  expect(next).toMatchObject({ done: true, value: { encoding: 'binary' } });
  expect(drained).toBe(900_000);
});

describe('a piece over the size limit is passed over, and what stands around it is read', () => {
  const LIMIT = 300_000;
  const [a, c] = [eventText('a'), eventText('c')];
  const big = eventText('b', `,"requestObject":{"x":"${'y'.repeat(900_000)}"}`);
  const quoted = (text: string) => `2026-03-04 10:15:01.131,"${text.replaceAll('"', '""')}"`;
  const bare = (text: string) => text.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', '');
  const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${[a, big, c].map(bare).join(',')}]}`;
  const cases: Record<string, { text: string; told: string[] }> = {
    lines: { text: `${a}\n${big}\n${c}\n`, told: ['event a', 'malformed b', 'event c'] },
    array: { text: `[${a},${big},${c}]`, told: ['event a', 'malformed b', 'event c'] },
    'pretty array': { text: `[\n  ${a},\n  ${big},\n  ${c}\n]\n`, told: ['event a', 'malformed b', 'event c'] },
    stream: { text: a + big + c, told: ['event a', 'malformed b', 'event c'] },
    list: { text: list, told: ['event a', 'malformed b', 'event c'] },
    table: {
      text: `@timestamp,@message\n${[a, big, c].map(quoted).join('\n')}`,
      told: ['event a', 'malformed b', 'event c'],
    },
    'endless line': { text: `${a}\n${'z'.repeat(900_000)}\n${c}`, told: ['event a', 'skipped -', 'event c'] },
    'endless string': { text: `${a}\n${big.slice(0, -4)}`, told: ['event a', 'malformed b'] },
    'endless key': { text: `{"${'k'.repeat(900_000)}":1}\n${c}`, told: ['skipped -', 'event c'] },
    'endless brackets': { text: `${'['.repeat(900_000)}\n${c}`, told: ['skipped -', 'event c'] },
    'endless space': { text: `${a}\n${' '.repeat(900_000)}\n${c}`, told: ['event a', 'event c'] },
  };

  for (const [name, { text, told }] of Object.entries(cases)) {
    test(name, async () => {
      for (const [blockBytes, chunkBytes] of [
        [1000, 70_000],
        [100_000, 999],
        [LIMIT, 1 << 24],
      ] as const) {
        const reading = await readAll(Buffer.from(text), { recordBytes: LIMIT, blockBytes, chunkBytes });

        expect(reading.said.map(({ kind, auditID }) => `${kind} ${auditID ?? '-'}`)).toEqual(told);
        expect(reading.end.limitHit).toBe(name === 'endless space' ? null : 'line-length');
      }
    });
  }
});

test('nesting beyond the limit costs its record only', async () => {
  const deep = `${eventText('deep').slice(0, -1)},"x":${'['.repeat(500)}${']'.repeat(500)}}`;
  const hostile = '['.repeat(60_000) + ']'.repeat(60_000);

  const reading = await readAll(Buffer.from(`${eventText('a')}\n${deep}\n${hostile}\n${eventText('c')}`));

  expect(outline(reading).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'event a',
    'malformed deep',
    'skipped -',
    'event c',
  ]);
  expect(reading.limits).toEqual(['json-depth', 'json-depth']);
});
