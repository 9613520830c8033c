import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack } from '../../core/detect/pack.ts';
import { ColumnBuilder, Dictionaries } from '../../core/scan/columns.ts';
import { LineScanner } from '../../core/scan/line-scanner.ts';
import { matcherFor } from '../../core/scan/matcher.ts';
import { BlockScanner } from '../../core/scan/scan-block.ts';

/** Lines of the bundled sample: what API servers wrote while a cluster was attacked. */
const LINES = samples(join(import.meta.dirname, '../../sample'))
  .flatMap((text) => text.split('\n'))
  .filter((line) => line !== '');
/** A few lines at a time: in a long block the scanner takes none. */
const BLOCKS = Array.from({ length: Math.ceil(LINES.length / 100) }, (_, index) =>
  LINES.slice(index * 100, index * 100 + 100),
);
const bytesOf = (lines: readonly string[]) => new Uint8Array(Buffer.from(`${lines.join('\n')}\n`));

function samples(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.includes('.log'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .map((bytes) => zlib.gunzipSync(bytes).toString());
}

test('an event whose parts are parsed when they are asked for is the event of the line', () => {
  const scanner = new LineScanner(new Dictionaries(), new ColumnBuilder());
  let taken = 0;
  for (const lines of BLOCKS) {
    const bytes = bytesOf(lines);
    let start = 0;
    for (const line of lines) {
      const end = start + Buffer.byteLength(line);
      if (scanner.scan(bytes, start, end)) {
        taken++;
        const event = scanner.event();
        expect(Object.keys(event).sort()).toEqual(Object.keys(JSON.parse(line)).sort());
        expect(JSON.parse(JSON.stringify(event))).toEqual(JSON.parse(line));
      }
      start = end + 1;
    }
  }

  expect(taken).toBeGreaterThan(LINES.length * 0.9);
});

test('columns and what they leave open decide as the rules do', () => {
  const { set } = loadRuleFiles({ shipped: true, paths: [] });
  const { rules } = compilePack(set);
  const expected = LINES.map((line) => JSON.parse(line) as unknown).map((event) =>
    rules.flatMap((rule, index) => (rule.matches(event) ? [index] : [])),
  );

  const scanner = new BlockScanner(matcherFor(set));
  const found = BLOCKS.flatMap((lines) => {
    const met = lines.map(() => [] as readonly number[]);
    const shape = { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' } as const;
    const { hits } = scanner.scan({ offset: 0, bytes: bytesOf(lines), shape });
    for (const { row, rules: numbers } of hits) met[row] = numbers;
    return met;
  });

  expect(found.filter((met) => met.length > 0).length).toBeGreaterThan(100);
  expect(found).toEqual(expected);
});
