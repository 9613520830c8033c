import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { EventMapper } from '../../core/detect/map.ts';
import { compilePack } from '../../core/detect/pack.ts';
import type { AuditEvent } from '../../core/event/audit-event.ts';
import { rulesOf } from '../../core/event/hit-columns.ts';
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
  const pack = compilePack(set);
  const mapper = new EventMapper(pack);
  const expected = LINES.map((line) => {
    const event = JSON.parse(line) as AuditEvent;
    const met = pack.rules.flatMap((rule, index) => (rule.matches(event) ? [index] : []));
    return met.length > 0 && mapper.keptOf(met, event) !== null ? met : [];
  });

  const scanner = new BlockScanner(matcherFor(set));
  const found = BLOCKS.flatMap((lines) => {
    const met = lines.map(() => [] as readonly number[]);
    const shape = { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' } as const;
    const { hits } = scanner.scan({ offset: 0, bytes: bytesOf(lines), shape });
    for (const [at, row] of hits.row.entries()) met[row] = [...rulesOf(hits, at)];
    return met;
  });

  expect(found.filter((met) => met.length > 0).length).toBeGreaterThan(100);
  expect(found).toEqual(expected);
});

test('an event that only parts of correlations ask for is kept where they find something to remember', () => {
  const rule = (name: string) =>
    `title: ${name}\nname: ${name}\nlogsource:\n  product: kubernetes\ndetection:\n  a:\n    verb: get\n  condition: a\n`;
  const correlation =
    'title: Often\ncorrelation:\n  type: event_count\n  rules: [part]\n  group-by: [user.extra.key]\n  timespan: 1h\n  condition:\n    gte: 2\n';
  const text = `${rule('part')}---\n${correlation}`;
  const mapper = new EventMapper(compilePack({ sources: [{ path: 'a.yml', text }], lists: {} }));
  const event = (extra: object) => ({
    ...{ verb: 'get', requestReceivedTimestamp: '2026-03-04T10:00:00.000000Z' },
    user: { username: 'a', extra },
  });

  expect(mapper.keptOf([0], event({ key: ['k'] }))?.items).toMatchObject([{ group: ['k'] }]);
  expect(mapper.keptOf([0], event({}))).toBeNull();
});
