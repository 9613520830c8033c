import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DictionaryRows } from '../../core/store/dictionary-rows.ts';
import { TermPages } from '../../core/store/term-pages.ts';

/** Texts of all kinds at ids with holes between them. */
const TEXTS = new Map(
  Array.from({ length: 2000 }, (_, index): [number, string] => [
    1 + index * 3,
    index % 4 === 0 ? '' : `${'名é😀x\u0000'.slice(0, (index % 7) + 1)}-${index}`,
  ]),
);

function database() {
  const db = new Database(':memory:');
  db.exec(
    'CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT); CREATE TABLE pair (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)',
  );
  const add = db.prepare('INSERT INTO term VALUES (?, ?)');
  for (const [id, text] of TEXTS) add.run(id, text.replace(/[\ud800-\udfff]/g, '?'));
  return db;
}

test.each([64 * 1024 * 1024, 4_000, 1])('texts are those of the case, whichever pages are kept: %i bytes', (most) => {
  const db = database();
  const pages = new TermPages(db, most);
  const stored = db.prepare('SELECT text FROM term WHERE id = ?').pluck();

  for (const id of [...TEXTS.keys(), ...[...TEXTS.keys()].reverse().filter((_, at) => at % 50 === 0)])
    expect(pages.text(id)).toBe(stored.get(id));
  expect(pages.text(0)).toBe(null);
});

test('rows of integers are found by id, those that were added later too', () => {
  const db = database();
  const add = db.prepare('INSERT INTO pair VALUES (?, ?, ?)');
  add.run(1, 5, null);
  add.run(4000, null, 2 ** 31 - 1);
  const rows = new DictionaryRows(db, 'pair', ['a', 'b']);

  expect([rows.at(1, 0), rows.at(1, 1), rows.at(4000, 1), rows.at(17, 0), rows.at(0, 0)]).toEqual([
    5,
    0,
    2 ** 31 - 1,
    0,
    0,
  ]);
  add.run(9000, 7, 8);
  expect([rows.at(9000, 0), rows.at(9000, 1), rows.at(9001, 0)]).toEqual([7, 8, 0]);
});
