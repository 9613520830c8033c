import { expect, test } from 'vitest';
import type { Completion } from '../../core/contract/hunt-calls.ts';
import { completionsAt } from '../../renderer/views/hunt/completions.ts';

const option = (text: string) => ({ kind: 'value', label: text, text, count: null, detail: null }) as const;
const TOLD: Completion = { from: 9, to: 12, options: [option('secrets'), option('securitypolicies')] };

/** The query after the first choice has been taken. */
function taken(told: Completion, isEarlier: boolean, text: string): string | null {
  const { from, to, options } = completionsAt(told, isEarlier, text, text.length);
  const [first] = options;
  return first === undefined ? null : text.slice(0, from) + first.text + text.slice(to);
}

test('an answer to the text as it stands is taken as it was told', () => {
  expect(taken(TOLD, false, 'resource:sec')).toBe('resource:secrets');
});

test('of an answer to an earlier text, what fits the letters typed since is taken in their place', () => {
  expect(taken(TOLD, true, 'resource:secr')).toBe('resource:secrets');
  expect(taken(TOLD, true, 'resource:Secu')).toBe('resource:securitypolicies');
});

test('nothing is taken where another word has been begun, or the cursor has gone before it', () => {
  expect(taken(TOLD, true, 'resource:sec and')).toBeNull();
  expect(taken(TOLD, true, 'verb:g')).toBeNull();
  expect(completionsAt(undefined, true, 'verb', 4)).toEqual({ from: 4, to: 4, options: [] });
});
