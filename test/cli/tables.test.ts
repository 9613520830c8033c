import { expect, test } from 'vitest';
import { type Column, shortened, tableLines, widthOf } from '../../core/cli/table.ts';
import { count, duration, quoted, size } from '../../core/cli/words.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Path', least: 8, cut: 'start' },
  { head: 'Events', align: 'right' },
];

test('columns are as wide as their cells, numbers stand right', () => {
  expect(
    tableLines(
      COLUMNS,
      [
        ['audit.log', '12'],
        ['a', '1,234,567'],
      ],
      null,
    ),
  ).toEqual(['Path          Events', 'audit.log         12', 'a          1,234,567']);
});

test('a narrow terminal cuts the columns that may be cut, at the end that matters less', () => {
  expect(tableLines(COLUMNS, [['/evidence/node-1/audit.log', '12']], 20)).toEqual([
    'Path          Events',
    '…1/audit.log      12',
  ]);
});

test('evidence in a cell cannot break the table', () => {
  expect(tableLines(COLUMNS, [['a\nb\u001b[2J', '1']], null)[1]).toBe('a\\u000ab\\u001b[2J       1');
});

test('East Asian letters take two cells, marks none', () => {
  expect([widthOf('名前'), widthOf('e\u0301'), shortened('名前名前', 5)]).toEqual([4, 1, '名前…']);
});

test('numbers, sizes and durations read well', () => {
  expect([count(1234567), size(999), size(421_900_000), duration(400), duration(75_000), duration(3_900_000)]).toEqual([
    '1,234,567',
    '999 bytes',
    '421.9 MB',
    '0.4 s',
    '1 min 15 s',
    '1 h 5 min',
  ]);
});

test('arguments are quoted for the shell only where they need it', () => {
  expect(['user:a', 'it is', "it's"].map(quoted)).toEqual(['user:a', "'it is'", "'it'\\''s'"]);
});
