import { expect, test } from 'vitest';
import { byteFinder } from '../../core/hunt/byte-finder.ts';

/** As the finder should answer, the slow way: on one-byte text, where letters of ASCII have no other case than their own. */
function slowly(text: string, bytes: Buffer): number[] {
  const [wanted, all] = [text.toLowerCase(), bytes.toString('latin1').replace(/[A-Z]+/g, (run) => run.toLowerCase())];
  const places: number[] = [];
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

/** Bytes of a few kinds, so that near misses are frequent; the same for the same seed. */
function someBytes(length: number, seed: number, alphabet: readonly number[]): Buffer {
  let state = seed;
  return Buffer.from(
    new Uint8Array(length).map(() => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return alphabet[(state >>> 16) % alphabet.length] as number;
    }),
  );
}

const LETTERS = [...Buffer.from('aAbB-@`[{'), 0xe1, 0x00, 0xff];

test.each(['a', 'ab', 'Ab-', 'aba', 'b`a@', 'abababab', 'aaaaaaaaaaaaaaaaaaaa'])(
  '"%s" is found at every place',
  (text) => {
    for (const length of [0, 1, 15, 16, 17, 4_000]) {
      const bytes = someBytes(length, 7, LETTERS);
      expect(byteFinder().anyCase(text, bytes)).toEqual(slowly(text, bytes));
    }
  },
);

test('a text is found where windows meet, and once', () => {
  const bytes = Buffer.alloc(800_000, 'x');
  const text = 'kubectl-Exec';
  const places = [0, 262_132, 262_150, 524_282, 524_288 + 262_144 - 6, 800_000 - text.length];
  for (const at of places) bytes.write(text, at);

  expect(byteFinder().anyCase(text, bytes)).toEqual(places);
});

test('what text of before left in the memory is not found', () => {
  byteFinder().anyCase('needle', Buffer.from('a needle'));

  expect(byteFinder().anyCase('needle', Buffer.from('a need'))).toEqual([]);
  expect(byteFinder().anyCase('edle', Buffer.from('a ne'))).toEqual([]);
});

test('escapes and letters that fold to ASCII are odd, other letters are not', () => {
  const text = 'plain \\n \\" é Ω 中 \u0130 then \\u0041 and \u017f, \u212a; \u2129 \u0131 \\\\u';
  const bytes = Buffer.from(text.padStart(262_150, '.'));
  const wanted = [...text.matchAll(/\u0130|\u017f|\u212a|\\u/g)].map(
    ({ index }) => bytes.length - Buffer.byteLength(text.slice(index)),
  );

  expect(byteFinder().odd(bytes)).toEqual(wanted);
  expect(wanted.length).toBe(5);
});
