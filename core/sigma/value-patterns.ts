import { type Draft, encode } from './encode.ts';
import { SIGMA_LIMITS } from './limits.ts';
import type { Chain, Encoding } from './modifier-chain.ts';
import { ANY, hasWildcard, normalise, ONE, type Pattern, parsePattern, piecesOf } from './pattern.ts';
import { combinations, type PlaceholderPart, readPlaceholderValue, splitPlaceholders } from './placeholder.ts';
import type { Scope } from './scope.ts';
import type { ScalarNode } from './yaml-node.ts';

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** What is wrong with a value, for the one who knows where it stands. */
export interface ValueFault {
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** Thrown inside of this file only, and turned into a problem at its door. */
class Refused extends Error {
  readonly fault: ValueFault;

  constructor(fault: ValueFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/**
 * The patterns, any of which may be met, that a chain makes of one text. The text is parsed first, and then each modifier
 * works on its parts in the order of the chain: none of them can turn a wildcard into text or text into a wildcard.
 */
export function patternsOf(text: string, chain: Chain, isKeyword: boolean, scope: Scope): Pattern[] | ValueFault {
  try {
    const drafts = applyTransforms(text, chain, scope);
    return drafts.map(({ pattern }) => checkLength(normalise(addStars(pattern, chain, isKeyword))));
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}

function applyTransforms(text: string, chain: Chain, scope: Scope): readonly Draft[] {
  const expands = chain.transforms.includes('expand');
  const patterns = expands ? expandPatterns(text, scope) : [parsePattern(text)];
  let drafts: readonly Draft[] = patterns.map((pattern) => ({ pattern, isBytes: false }));
  for (const transform of chain.transforms) {
    if (transform === 'expand') continue;
    if (transform === 'windash') drafts = dashDrafts(drafts, chain);
    else drafts = drafts.flatMap((draft) => encodeDraft(draft, transform));
    checkCount(drafts.length);
    checkTotal(drafts);
  }
  return drafts;
}

function encodeDraft(draft: Draft, encoding: Encoding): readonly Draft[] {
  const encoded = encode(draft, encoding);
  if (typeof encoded === 'string') throw new Refused({ code: 'modifier/value', message: encoded });
  return encoded;
}

/** Dashes are compared as one character; only before an encoding every combination has to be written out. */
function dashDrafts(drafts: readonly Draft[], chain: Chain): readonly Draft[] {
  if (!writesOutDashes(chain)) return drafts;
  return drafts.flatMap(({ pattern, isBytes }) => {
    const pieces = pattern.flatMap((part): readonly (string | typeof part)[] =>
      typeof part === 'string' ? part.split(/([-/\u2013-\u2015])/) : [part],
    );
    const choices = pieces.map((piece) => (typeof piece === 'string' && DASHES.includes(piece) ? DASHES : [piece]));
    checkCount(5 ** choices.filter((choice) => choice.length > 1).length);
    return combinations<Pattern[number]>(choices).map((parts) => ({ pattern: normalise(parts), isBytes }));
  });
}

export function writesOutDashes(chain: Chain): boolean {
  return chain.transforms.some((name) => name !== 'expand' && name !== 'windash');
}

function expandPatterns(text: string, scope: Scope): Pattern[] {
  const choices = splitPlaceholders(text).map((part) =>
    'text' in part ? [parsePattern(part.text)] : placeholderValues(part.name, scope).map(readPlaceholderValue),
  );
  checkCount(choices.reduce((product, choice) => product * choice.length, 1));
  return combinations(choices).map((parts) => parts.flat());
}

/** The values of a placeholder (Sigma rules, section Placeholders: a tool without them must refuse the rule). */
function placeholderValues(name: string, { options }: Scope): readonly (string | number)[] {
  const { placeholders } = options;
  if (placeholders && Object.hasOwn(placeholders, name)) return placeholders[name] ?? [];
  const message = `No values are known for the placeholder \`%${name}%\``;
  throw new Refused({ code: 'placeholder/unresolved', message, suggestion: 'Give a list of that name' });
}

/** Text with placeholders filled in by `write`, for expressions and networks. */
export function fillPlaceholders(
  text: string,
  scope: Scope,
  write: (value: string | number) => string,
): string[] | ValueFault {
  try {
    const choices = splitRaw(text).map((part) =>
      'text' in part ? [part.text] : placeholderValues(part.name, scope).map(write),
    );
    checkCount(choices.reduce((product, choice) => product * choice.length, 1));
    return combinations(choices).map((parts) => parts.join(''));
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}

/** Outside of Sigma text a backslash is not Sigma's. */
function splitRaw(text: string): PlaceholderPart[] {
  return text.split(/%([\w.-]+)%/).map((part, index) => (index % 2 === 0 ? { text: part } : { name: part }));
}

function addStars(pattern: Pattern, chain: Chain, isKeyword: boolean): Pattern {
  const affix = chain.affix ?? (isKeyword ? 'contains' : null);
  const before = affix === 'contains' || affix === 'endswith' ? [ANY] : [];
  const after = affix === 'contains' || affix === 'startswith' ? [ANY] : [];
  return [...before, ...pattern, ...after] as Pattern;
}

function checkLength(pattern: Pattern): Pattern {
  if (!hasWildcard(pattern)) return pattern;
  if (lengthOf(pattern) > SIGMA_LIMITS.patternLength) {
    refuseSize(`A value with wildcards may have ${SIGMA_LIMITS.patternLength} characters`);
  }
  for (const piece of piecesOf(pattern)) {
    if (piece.includes(ONE) && lengthOf(piece) > SIGMA_LIMITS.markedLength) {
      refuseSize(`Between two stars a value with a question mark may have ${SIGMA_LIMITS.markedLength} characters`);
    }
  }
  return pattern;
}

function refuseSize(message: string): never {
  throw new Refused({ code: 'yaml/limit', message });
}

function lengthOf(pattern: Pattern): number {
  return pattern.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
}

function checkTotal(drafts: readonly Draft[]): void {
  const total = drafts.reduce((sum, { pattern }) => sum + lengthOf(pattern), 0);
  if (total > SIGMA_LIMITS.encodedLength) refuseSize('The value becomes too long by its encodings');
}

function checkCount(count: number): void {
  if (count <= SIGMA_LIMITS.expansions) return;
  const message = `The value becomes more than ${SIGMA_LIMITS.expansions} texts`;
  throw new Refused({ code: 'yaml/limit', message, suggestion: 'Split it, or use fewer placeholders or dashes' });
}

/**
 * Texts that a number of a rule equals: as it is written, and as it is usually written. Hexadecimal and octal numbers
 * stand for their value only.
 */
export function numberTexts(node: ScalarNode): string[] {
  const usual = String(node.value);
  if (/^[-+]?0[xo]/.test(node.source) || typeof node.value === 'bigint') return [usual];
  const isFraction = /[.eE]/.test(node.source);
  const canonical = isFraction && Number.isInteger(node.value) ? `${usual}.0` : usual;
  return isFraction ? [...new Set([node.source, canonical])] : [usual];
}
