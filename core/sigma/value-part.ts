import { compareNumbers, compareTexts } from './compare.ts';
import type { Field } from './field.ts';
import type { ValueTest } from './field-path.ts';
import type { Chain } from './modifier-chain.ts';
import { networkAround, networkTest, parseNetwork } from './network.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { patternSource } from './placeholder.ts';
import { compileRegex } from './regex.ts';
import { numberOf, textOf } from './scalar.ts';
import type { Scope } from './scope.ts';
import { alike } from './text-test.ts';
import { timePart } from './time-part.ts';
import { fillPlaceholders, numberTexts, patternsOf, type ValueFault } from './value-patterns.ts';
import type { ScalarNode } from './yaml-node.ts';

/** What one value of a rule asks for: any of these. */
export interface ValuePart {
  readonly patterns?: readonly Pattern[];
  readonly number?: number | bigint;
  readonly isNull?: true;
  readonly tests?: readonly ValueTest[];
  /** A test that needs another field of the same event. */
  readonly bind?: (event: unknown) => ValueTest;
  /** The other field that is read. */
  readonly reads?: string;
}

export interface ItemContext {
  readonly chain: Chain;
  readonly isKeyword: boolean;
  readonly scope: Scope;
}

/** Reads one value under its chain. Reports what is wrong with it and returns null. */
export function readValue(node: ScalarNode, keyAt: number, context: ItemContext): ValuePart | null {
  const result = readers[context.chain.kind](node, context);
  if (!('code' in result)) return result;
  const { index = 0, ...fault } = result;
  const at = index > 0 && node.textAt >= 0 ? node.textAt + index : node.at;
  context.scope.report.error({ ...fault, at: node.source === '' ? keyAt : at });
  return null;
}

type Fault = ValueFault & { readonly index?: number };
type Reader = (node: ScalarNode, context: ItemContext) => ValuePart | Fault;

const readers: Readonly<Record<Chain['kind'], Reader>> = {
  text: readText,
  re: readRegex,
  cidr: readNetwork,
  compare: readLimit,
  time: readTime,
  fieldref: readFieldReference,
  exists: () => ({ code: 'modifier/value', message: '`exists` asks for one value: true or false' }),
};

function wrongValue(chain: Chain, what: string, suggestion?: string): Fault {
  const message = `\`${chain.names.join('|')}\` asks for ${what}`;
  return { code: 'modifier/value', message, ...(suggestion && { suggestion }) };
}

/** Text, numbers, booleans and null (Sigma rules, sections General and Special Field Values). */
function readText(node: ScalarNode, { chain, isKeyword, scope }: ItemContext): ValuePart | Fault {
  const { value } = node;
  if (value === null) return readNull(chain, isKeyword);
  if (typeof value !== 'string' && chain.transforms.length > 0) {
    return wrongValue(chain, 'text', typeof value === 'number' ? `'${node.source}'` : undefined);
  }
  if (typeof value === 'string' || isKeyword || chain.affix) {
    const texts = typeof value === 'string' ? [value] : plainTexts(node);
    return joinPatterns(texts.map((text) => patternsOf(text, chain, isKeyword, scope)));
  }
  const patterns = plainTexts(node).map((text) => [text]);
  return typeof value === 'boolean' ? { patterns } : { patterns, number: value };
}

function plainTexts(node: ScalarNode): string[] {
  return typeof node.value === 'boolean' ? [String(node.value)] : numberTexts(node);
}

function joinPatterns(results: readonly (Pattern[] | ValueFault)[]): ValuePart | Fault {
  const fault = results.find((result): result is ValueFault => 'code' in result);
  return fault ?? { patterns: results.flatMap((result) => ('code' in result ? [] : result)) };
}

function readNull(chain: Chain, isKeyword: boolean): ValuePart | Fault {
  if (isKeyword) return { code: 'detection/invalid-value', message: 'A keyword is text or a number, not null' };
  const isPlain = chain.names.every((name) => name === 'neq' || name === 'all');
  return isPlain ? { isNull: true } : wrongValue(chain, 'text, and null is none');
}

function readRegex(node: ScalarNode, { chain, scope }: ItemContext): ValuePart | Fault {
  if (typeof node.value === 'boolean' || node.value === null) return wrongValue(chain, 'an expression');
  const written = typeof node.value === 'string' ? node.value : node.source;
  const write = (value: string | number) => patternSource(parsePattern(String(value)));
  const sources = chain.transforms.includes('expand') ? fillPlaceholders(written, scope, write) : [written];
  if ('code' in sources) return sources;
  const tests: ValueTest[] = [];
  for (const source of sources) {
    const search = compileRegex(source, chain.flags);
    if (typeof search !== 'function') return search;
    tests.push((value) => {
      const text = textOf(value);
      return text !== null && search(text);
    });
  }
  return { tests };
}

function readNetwork(node: ScalarNode, { chain, scope }: ItemContext): ValuePart | Fault {
  const written = typeof node.value === 'string' ? node.value : node.source;
  const texts = chain.transforms.includes('expand') ? fillPlaceholders(written, scope, String) : [written];
  if ('code' in texts) return texts;
  const tests: ValueTest[] = [];
  for (const text of texts) {
    const network = parseNetwork(text);
    if (!network) return notNetwork(text);
    const contains = networkTest(network);
    tests.push((value) => typeof value === 'string' && contains(value));
  }
  return { tests };
}

function notNetwork(text: string): Fault {
  const around = networkAround(text);
  const message = `\`${text}\` is no network in CIDR notation${around ? ': bits are set beyond its prefix' : ''}`;
  return { code: 'cidr/invalid', message, ...(around && { suggestion: around }) };
}

function readLimit(node: ScalarNode, { chain }: ItemContext): ValuePart | Fault {
  const { value } = node;
  const { operator } = chain;
  if ((typeof value !== 'number' && typeof value !== 'bigint') || !operator) {
    const isQuoted = typeof value === 'string' && numberOf(value) !== null;
    return wrongValue(chain, 'a number', isQuoted ? `${value}, without quotes` : undefined);
  }
  const test: ValueTest = (given) => {
    const number = numberOf(given);
    return number !== null && compareNumbers(operator, number, value);
  };
  return { tests: [test] };
}

function readTime(node: ScalarNode, { chain }: ItemContext): ValuePart | Fault {
  const { value } = node;
  const { part, operator } = chain;
  if (typeof value !== 'number' || !Number.isInteger(value) || !part) return wrongValue(chain, 'a whole number');
  const test: ValueTest = (given) => {
    const number = typeof given === 'string' ? timePart(given, part) : null;
    return number !== null && (operator ? compareNumbers(operator, number, value) : number === value);
  };
  return { tests: [test] };
}

function readFieldReference(node: ScalarNode, { chain, scope }: ItemContext): ValuePart | Fault {
  if (typeof node.value === 'boolean' || node.value === null || node.source === '') {
    return wrongValue(chain, 'the name of a field');
  }
  const reads = typeof node.value === 'string' ? node.value : node.source;
  const other = scope.field(reads);
  const prepare = alike({ cased: chain.cased, windash: false });
  const bind = (event: unknown): ValueTest => {
    const texts = textsOf(other, event).map(prepare);
    return (value) => {
      const text = textOf(value);
      return text !== null && texts.some((one) => compareTexts(chain.affix, prepare(text), one));
    };
  };
  return { bind, reads };
}

function textsOf(field: Field, event: unknown): string[] {
  const texts: string[] = [];
  field.some(event, (value) => {
    const text = textOf(value);
    if (text !== null) texts.push(text);
    return false;
  });
  return texts;
}
