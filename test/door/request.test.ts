import { expect, test } from 'vitest';
import { ADMIN_CALLS } from '../../core/contract/calls.ts';
import { PARSERS } from '../../core/door/parsers.ts';
import { parseRequest } from '../../core/door/request.ts';
import { CaseError } from '../../core/fault.ts';
import { CALLS } from '../../core/host/call-table.ts';

const refused = (name: string, raw: unknown): string => {
  try {
    parseRequest(name, raw);
  } catch (error) {
    if (error instanceof CaseError) return error.code;
    throw error;
  }
  return 'let through';
};

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'case/none', '', 'events/page '])(
  '%s is no call',
  (name) => {
    expect(refused(name, {})).toBe('usage');
  },
);

test.each([
  ['no object', 'case/open', null],
  ['a list', 'case/open', []],
  ['more than it names', 'case/open', { path: '/etc/passwd' }],
  ['a text for a number', 'events/detail', { id: '1' }],
  ['a fraction', 'events/detail', { id: 1.5 }],
  ['not a number', 'events/detail', { id: Number.NaN }],
  ['an id of zero', 'events/detail', { id: 0 }],
  ['too many rows', 'events/page', { scope: { query: '' }, order: 'oldest', start: { at: 'start' }, limit: 100_000 }],
  ['another order', 'events/page', { scope: { query: '' }, order: 'id; DROP', start: { at: 'start' }, limit: 10 }],
  ['a path for a token', 'import/start', { sources: [{ token: '../../etc/passwd' }], detect: true }],
  ['a path beside a token', 'import/start', { sources: [{ token: 'a'.repeat(32), path: '/etc' }], detect: true }],
  ['paths', 'import/start', { paths: ['/etc/passwd'], detect: true }],
  ['no evidence', 'import/start', { sources: [], detect: true }],
  ['another status', 'alerts/decide', { ids: [1], status: 'deleted', reason: 'x' }],
  ['no alerts', 'alerts/decide', { ids: [], status: 'open', reason: '' }],
  ['a query beyond all measure', 'hunt/check', { query: 'a'.repeat(30_000) }],
  ['endless time', 'sql/run', { sql: 'SELECT 1', limit: 10, timeoutMs: 1e12 }],
])('a request with %s is refused', (_, name, raw) => {
  expect(refused(name, raw)).toBe('usage');
});

test('a request that is right comes through as it is', () => {
  const req = {
    scope: { query: 'verb:get', range: { from: 1, to: 2 } },
    order: 'newest',
    start: { at: 'end' },
    limit: 5,
  };

  expect(parseRequest('events/page', req)).toEqual({ name: 'events/page', req });
});

test('every call that changes something is an admin call, and every admin call exists', () => {
  const changing = Object.keys(PARSERS).filter((name) =>
    /\/(seal|undo|start|add|remove|take-off|edit|decide|save|forget|choose|cancel)$/.test(name),
  );

  expect(changing.filter((name) => !ADMIN_CALLS.has(name as never))).toEqual(['verify/start']);
  expect([...ADMIN_CALLS].filter((name) => !Object.hasOwn(PARSERS, name))).toEqual([]);
});

test('every call has a parser and an answer; folders are looked into by the door alone', () => {
  expect(Object.keys(CALLS).filter((name) => !Object.hasOwn(PARSERS, name))).toEqual([]);
  expect(Object.keys(PARSERS).filter((name) => !Object.hasOwn(CALLS, name))).toEqual(['evidence/browse']);
});
