import { expect, test } from 'vitest';
import { faultJson, faultText } from '../../core/cli/fault-text.ts';
import { paintFor } from '../../core/cli/paint.ts';

const plain = paintFor({}, {});

test('a fault says what, where and what next', () => {
  const fault = {
    code: 'import/unreadable',
    message: 'It cannot be read.',
    at: { path: '/a.log', offset: 12 },
    hint: 'Copy it.',
  };

  expect(faultText(fault as never, undefined, plain)).toBe('decklog: It cannot be read. (/a.log, byte 12)\nCopy it.\n');
});

test('a query is shown with a caret below the place, its line alone, odd characters written out', () => {
  const fault = { code: 'query/invalid', message: 'No.', at: { line: 2, column: 7 } };

  expect(faultText(fault as never, 'verb:get\nand \u202e x:1', plain)).toBe(
    `decklog: No.\n  and \\u202e x:1\n  ${' '.repeat(11)}^\n`,
  );
});

test('all problems of a rule are listed with their places', () => {
  const problem = {
    path: 'r.yml',
    severity: 'error',
    code: 'condition/syntax',
    message: 'It ends too soon.',
    line: 7,
    column: 3,
    suggestion: 'a and b',
  };

  expect(faultText({ code: 'rule/invalid', message: 'Wrong.', problems: [problem] } as never, undefined, plain)).toBe(
    'decklog: Wrong.\nr.yml:7:3: error: It ends too soon. (condition/syntax) Write: a and b\n',
  );
});

test('what evidence put into a fault drives no terminal', () => {
  const fault = { code: 'import/unreadable', message: 'a\u001b[2J\nb', hint: '\u202e' } as never;

  expect(faultText(fault, undefined, plain)).toBe('decklog: a\\u001b[2J\\u000ab\n\\u202e\n');
  expect(faultJson(fault)).toBe(
    '{"fault":{"code":"import/unreadable","message":"a\\u001b[2J\\nb","hint":"\\u202e"}}\n',
  );
});

test('colours are for terminals, and for those who want them', () => {
  const shown = [paintFor({ isTTY: true }, {}), paintFor({ isTTY: true }, { NO_COLOR: '1' }), paintFor({}, {})];

  expect(shown.map((paint) => paint('x', 'red'))).toEqual(['\x1b[31mx\x1b[0m', 'x', 'x']);
});
