import { beforeEach, expect, test, vi } from 'vitest';
import { keyCommands, setKey, takenBy } from '../../renderer/keys/own-keys.ts';
import { prefer, preferences } from '../../renderer/prefs.ts';

// What preferences touch of a page: where they are kept, and what they set on it.
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
vi.stubGlobal('matchMedia', () => ({ matches: false }));
vi.stubGlobal('document', { documentElement: { dataset: {}, setAttribute: () => undefined } });

beforeEach(() => prefer({ keys: {} }));

const keysOf = (id: string): readonly string[] | undefined => keyCommands().find((command) => command.id === id)?.keys;

test('a key of one’s own takes the place of all shipped ones, and goes back', () => {
  const shipped = keysOf('go.alerts');
  setKey('go.alerts', 'Ctrl+Shift+a');
  expect(keysOf('go.alerts')).toEqual(['Ctrl+Shift+a']);
  setKey('go.hunt', 'F9');
  setKey('go.alerts', null);
  expect([keysOf('go.alerts'), keysOf('go.hunt')]).toEqual([shipped, ['F9']]);
  expect(preferences().keys).toEqual({ 'go.hunt': ['F9'] });
});

test('what was stored by another version or by hand is ignored where it names no keys', () => {
  const shipped = keysOf('search');
  const stored = { search: 'x', palette: [1, 2], toString: ['q'] } as unknown as Record<string, string[]>;
  const commands = keyCommands(stored);
  expect(commands.find(({ id }) => id === 'search')?.keys).toEqual(shipped);
  expect(commands.find(({ id }) => id === 'palette')?.keys).toEqual(['Ctrl+k']);
});

test('the table is made once for the same keys', () => {
  const own = { search: ['F3'] };
  expect(keyCommands(own)).toBe(keyCommands(own));
});

test('a key is taken where it works in the same place or everywhere, also as the first stroke of two', () => {
  const commands = keyCommands({});
  const taken = (key: string, id: Parameters<typeof takenBy>[1]) => takenBy(key, id, commands).map((each) => each.id);
  expect(taken('x', 'list.next')).toEqual(['list.select']);
  expect(taken('x', 'alert.star')).toEqual([]);
  expect(taken('/', 'alert.star')).toEqual(['search']);
  expect(taken('s', 'alert.star')).toEqual([]);
  expect(taken('g', 'list.next')).toContain('go.alerts');
});
