import { expect, test } from 'vitest';
import { fold } from '../../core/sigma/fold.ts';

/** All characters that have another case. */
function casedCharacters(): string[] {
  const found: string[] = [];
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    if (character.toLowerCase() !== character || character.toUpperCase() !== character) found.push(character);
  }
  return found;
}

test('two characters fold alike exactly when regular expressions without case take them for one', () => {
  const all = casedCharacters();
  const text = all.join('');
  const groups = Map.groupBy(all, fold);

  const wrong = [...groups.values()].flat().filter((character) => {
    const alike = new Set(text.match(new RegExp(character.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu')));
    const own = groups.get(fold(character)) ?? [];
    return alike.size !== own.length || own.some((other) => !alike.has(other));
  });

  expect(wrong).toEqual([]);
});

test('folding never changes the length', () => {
  expect(casedCharacters().filter((character) => fold(character).length !== character.length)).toEqual([]);
});

test('what is folded stays as it is', () => {
  expect(casedCharacters().filter((character) => fold(fold(character)) !== fold(character))).toEqual([]);
});
