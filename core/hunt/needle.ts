import { isWildcard, type Word } from './word.ts';

/**
 * What the bytes of a verbatim record must hold for an event to be accepted: searching bytes costs a hundredth of reading
 * events. It is a necessary condition only, and may say nothing.
 */
export type Needle =
  | { readonly any: true }
  | { readonly and: readonly Needle[] }
  | { readonly or: readonly Needle[] }
  /** ASCII of which no byte need ever be escaped in JSON. */
  | { readonly literal: string; readonly ignoresCase: boolean };

export const ANYWHERE: Needle = { any: true };

/** Characters that writers of JSON leave as they are. */
const PLAIN = /^[a-z0-9_.:,=@*()$%+;?! -]$/i;
/** The text of a number may differ from its bytes: `1e3` is `1000`. */
const NUMBER_LIKE = /^[0-9e+.-]*$/i;
const SHORTEST = 2;
/** Texts that reading adds to an event of an older version (core/event/normalise.ts). */
const ADDED = [
  'audit.k8s.io/v1',
  'requestreceivedtimestamp',
  'stagetimestamp',
  'decklog.originalversion',
  'decklog.timeprecision',
  'apigroup',
  'apiversion',
];

/** The longest run of characters of a word that stand in the bytes as they are, whatever stands around them. */
export function textNeedle(word: Word): Needle {
  const best = runsOf(word).reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  const literal = best.toLowerCase();
  const isUseless = best.length < SHORTEST || NUMBER_LIKE.test(best) || ADDED.some((text) => text.includes(literal));
  return isUseless ? ANYWHERE : { literal, ignoresCase: true };
}

function runsOf(word: Word): string[] {
  let run = '';
  const runs: string[] = [];
  for (let index = 0; index < word.text.length; index++) {
    const character = word.text[index] as string;
    if (PLAIN.test(character) && !isWildcard(word, index)) run += character;
    else {
      runs.push(run);
      run = '';
    }
  }
  return [...runs, run];
}

/** The key at the end of a path: it ends with the last step, whichever steps are one key. */
export function keyNeedle(steps: readonly string[]): Needle {
  const last = steps.at(-1) ?? '';
  const isPlain = last !== '' && [...last].every((character) => PLAIN.test(character));
  const isAdded = ADDED.some((text) => text.endsWith(last.toLowerCase()));
  return isPlain && !isAdded ? { literal: `${last}"`, ignoresCase: false } : ANYWHERE;
}

/** All of the parts. */
export function every(parts: readonly Needle[]): Needle {
  const left = parts.filter((part) => !('any' in part));
  return left.length === 0 ? ANYWHERE : left.length === 1 ? (left[0] as Needle) : { and: left };
}

/** One of the parts. */
export function some(parts: readonly Needle[]): Needle {
  return parts.some((part) => 'any' in part) ? ANYWHERE : { or: parts };
}
