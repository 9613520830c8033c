import { expect, test } from 'vitest';
import { commandsFor, KEY_COMMANDS, strokeOf } from '../../renderer/keys/key-map.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {}) =>
  strokeOf({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...held });

test('a stroke is written as the table writes it', () => {
  expect([
    press('k', { ctrlKey: true }),
    press('E', { shiftKey: true }),
    press('?', { shiftKey: true }),
    press(' '),
    press('ArrowDown', { shiftKey: true }),
    press('k', { metaKey: true }),
  ]).toEqual(['Ctrl+k', 'Shift+e', '?', 'Space', 'Shift+ArrowDown', 'Ctrl+k']);
});

test('two strokes make one command, and the first alone none', () => {
  expect(commandsFor(null, 'g')).toEqual({ ends: [], begins: true });
  expect(commandsFor('g', 'a').ends).toEqual(['go.alerts']);
});

test('no key means two things in one place', () => {
  const seen = new Map<string, string[]>();
  for (const { where, keys, id } of KEY_COMMANDS)
    for (const key of keys) seen.set(`${where} ${key}`, [...(seen.get(`${where} ${key}`) ?? []), id]);

  expect([...seen].filter(([, ids]) => ids.length > 1)).toEqual([]);
});
