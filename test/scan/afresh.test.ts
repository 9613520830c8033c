import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compareRecords } from '../../core/host/import-evidence.ts';
import { matcherFor } from '../../core/scan/matcher.ts';
import { BlockScanner, type ScannedBlock } from '../../core/scan/scan-block.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { HitSpool } from '../../core/store/hit-spool.ts';
import { newCasePath, temporaryFolder } from '../host/case.ts';

const SHAPE = { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' } as const;
const FOLDER = join(import.meta.dirname, '../../sample');
const LINES = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.includes('.log'))
  .flatMap((entry) =>
    zlib
      .gunzipSync(readFileSync(join(entry.parentPath, entry.name)))
      .toString()
      .split('\n'),
  )
  .filter((line) => line !== '');
const BLOCKS = Array.from(
  { length: Math.ceil(LINES.length / 100) },
  (_, at) => new Uint8Array(Buffer.from(`${LINES.slice(at * 100, at * 100 + 100).join('\n')}\n`)),
);

const matching = () => matcherFor(loadRuleFiles({ shipped: true, paths: [] }).set);

/** A case with all blocks, as a worker with that scanner reads them; its rows. */
function written(scanner: BlockScanner): { readonly rows: unknown[]; readonly scanned: ScannedBlock[] } {
  const path = newCasePath();
  const store = CaseStore.create(path, 'tester', 0);
  const spool = new HitSpool(temporaryFolder());
  const writer = store.beginImport(compareRecords, spool);
  const file = writer.beginFile('a.log');
  const draft = { path: 'a.log', containers: [], server: null, cluster: null, label: null };
  writer.beginEvidence(file, draft);
  let offset = 0;
  const scanned = BLOCKS.map((bytes) => {
    const block = scanner.scan({ offset, bytes, shape: SHAPE });
    const packed = zlib.zstdCompressSync(bytes);
    writer.addBlock({ ...structuredClone(block), worker: 0, offset, shape: JSON.stringify(SHAPE), packed, bytes });
    offset += bytes.length;
    return block;
  });
  const sha256 = createHash('sha256').digest();
  const end = { sha256, bytes: offset, encoding: 'utf-8', nearMiss: null, limitHit: null, rejectedMembers: null };
  writer.endEvidence({ ...end, warnings: [], gaps: [] });
  writer.endFile(file, sha256, offset);
  writer.finish({ examiner: 'tester', time: 0, detail: {} });
  writer.commit();
  store.close();
  spool.close();
  const db = new Database(path, { readonly: true });
  const rows = ['term', 'actor', 'operation', 'answer', 'reading', 'event', 'event_chunk'].map((table) =>
    db.prepare(`SELECT * FROM ${table} ORDER BY id`).raw().all(),
  );
  db.close();
  return { rows, scanned };
}

test('a worker whose dictionary is full starts afresh, keeps no more than it may, and no row or hit is another', () => {
  const whole = written(new BlockScanner(matching()));
  const small = new BlockScanner(matching(), { count: 300, bytes: 2 ** 30 });
  const parts = written(small);

  expect(whole.scanned.filter(({ added }) => added.isAfresh).length).toBe(0);
  expect(parts.scanned.filter(({ added }) => added.isAfresh).length).toBeGreaterThan(3);
  const mostOfOneBlock = Math.max(...parts.scanned.map(({ added }) => added.terms.length));
  expect(small.dictionaries.terms.count).toBeLessThanOrEqual(300 + mostOfOneBlock);
  expect(parts.rows).toEqual(whole.rows);
  const hits = (blocks: readonly ScannedBlock[]) => blocks.map((block) => block.hits);
  expect(hits(parts.scanned)).toEqual(hits(whole.scanned));
});
