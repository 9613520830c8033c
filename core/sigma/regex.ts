import { RE2JS } from 're2js';
import { SIGMA_LIMITS } from './limits.ts';

export interface RegexFault {
  readonly code: 'regex/invalid' | 'regex/unsupported' | 'yaml/limit';
  readonly message: string;
  /** Index of the part at fault, or 0. */
  readonly index: number;
  readonly suggestion?: string;
}

/** What backtracking engines know and linear time forbids, or the appendix does not list. */
const GROUP_FAULTS: readonly (readonly [string, string])[] = [
  ['(?=', 'a lookahead'],
  ['(?!', 'a lookahead'],
  ['(?<=', 'a lookbehind'],
  ['(?<!', 'a lookbehind'],
  ['(?>', 'an atomic group'],
  ['(?(', 'a conditional group'],
  ['(?#', 'a comment'],
  ['(?|', 'a branch reset'],
  ['(?R', 'a recursion'],
  ['(?&', 'a recursion'],
  ['(?P=', 'a back reference'],
  ['(?P>', 'a recursion'],
];

const FLAG_BITS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Compiles an expression that is searched anywhere, in time linear in the text (Sigma modifiers, section Regular Expression). */
export function compileRegex(source: string, flags: string): ((text: string) => boolean) | RegexFault {
  if (source.length > SIGMA_LIMITS.regexLength) {
    return { code: 'yaml/limit', message: `The expression is longer than ${SIGMA_LIMITS.regexLength}`, index: 0 };
  }
  const unsupported = findUnsupported(source);
  if (unsupported) return unsupported;
  try {
    const bits = [...flags].reduce((sum, flag) => sum | (FLAG_BITS[flag] ?? 0), 0);
    const expression = RE2JS.compile(source, bits);
    return (text) => expression.test(text);
  } catch (error) {
    return describe(source, error as Error & { error?: string; input?: string });
  }
}

function describe(source: string, error: Error & { error?: string; input?: string }): RegexFault {
  if (error.name === 'RangeError')
    return { code: 'yaml/limit', message: 'The expression is nested too deeply', index: 0 };
  const message = `This is no regular expression: ${error.error ?? error.message} ${error.input ? `\`${error.input}\`` : ''}`;
  const index = Math.max(0, source.indexOf(error.input ?? ''));
  const isForeign = error.error === 'invalid escape sequence' && /^\\[hHRKGZXNecgouVLU]/.test(error.input ?? '');
  const isLong = error.error === 'invalid repeat count' && !isReversed(error.input ?? '');
  if (!isForeign && !isLong) return { code: 'regex/invalid', message: message.trim(), index };
  const what = isForeign ? `\`${error.input}\` is not supported` : 'More than 1,000 repetitions are not supported';
  return { code: 'regex/unsupported', message: what, index };
}

function isReversed(repeat: string): boolean {
  const bounds = /^\{(\d+),(\d+)\}$/.exec(repeat);
  return bounds !== null && Number(bounds[1]) > Number(bounds[2]);
}

function findUnsupported(source: string): RegexFault | null {
  let afterQuantifier = false;
  for (let index = 0; index < source.length; index++) {
    const character = source[index] as string;
    const what = character === '\\' ? backReference(source, index) : groupFault(source, index);
    if (what) return unsupported(what, index);
    if (character === '+' && afterQuantifier) return unsupported('a possessive quantifier', index);
    const repeat = quantifierEnd(source, index);
    afterQuantifier = repeat > index;
    if (character === '\\') index++;
    else if (character === '[') index = classEnd(source, index);
    else if (afterQuantifier) index = repeat - 1;
  }
  return null;
}

function unsupported(what: string, index: number): RegexFault {
  const suggestion = what.startsWith('a look')
    ? 'Write it as a selection of its own and join it by `not` or `and`'
    : '';
  const message = `Expressions run in linear time, so ${what} is not supported`;
  return { code: 'regex/unsupported', message, index, ...(suggestion && { suggestion }) };
}

function backReference(source: string, index: number): string | null {
  return /^\\(?:[1-9]|k[<{'])/.test(source.slice(index, index + 3)) ? 'a back reference' : null;
}

function groupFault(source: string, index: number): string | null {
  if (source[index] !== '(' || source[index + 1] !== '?') return null;
  return GROUP_FAULTS.find(([start]) => source.startsWith(start, index))?.[1] ?? null;
}

/** End of the quantifier at `index`, or `index` if there is none. */
function quantifierEnd(source: string, index: number): number {
  const character = source[index] as string;
  if ('*+?'.includes(character)) return source[index - 1] === '(' && character === '?' ? index : index + 1;
  if (character !== '{') return index;
  const bounds = /^\{\d+(?:,\d*)?\}/.exec(source.slice(index, index + 16));
  return bounds ? index + bounds[0].length : index;
}

/** Index of the bracket that closes the class at `start`, or the end of the text. */
function classEnd(source: string, start: number): number {
  let index = start + 1;
  if (source[index] === '^') index++;
  if (source[index] === ']') index++;
  for (; index < source.length && source[index] !== ']'; index++) {
    if (source[index] === '\\') index++;
    else if (source.startsWith('[:', index)) index = Math.max(index, source.indexOf(':]', index + 2) + 1);
  }
  return index;
}
