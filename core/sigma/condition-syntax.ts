import { SIGMA_LIMITS } from './limits.ts';

/** A condition as it is written (Sigma rules, section Condition). `index` counts characters from its start. */
export type Condition =
  | { readonly kind: 'name'; readonly name: string; readonly index: number }
  | { readonly kind: 'of'; readonly count: 'all' | 'any'; readonly pattern: string; readonly index: number }
  | { readonly kind: 'not'; readonly part: Condition; readonly index: number }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[]; readonly index: number };

export interface ConditionFault {
  readonly code: 'condition/syntax' | 'condition/aggregation';
  readonly message: string;
  readonly index: number;
  readonly suggestion?: string;
}

interface Token {
  readonly text: string;
  readonly index: number;
}

const WORDS = ['and', 'or', 'not', 'of', 'them', 'all', 'any'];

/** Parses a condition. `not` binds tightest, then `and`, then `or`. */
export function parseCondition(text: string): Condition | ConditionFault {
  try {
    return new ConditionParser(tokenise(text), text.length).parse();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

class Fault extends Error {
  readonly fault: ConditionFault;

  constructor(fault: ConditionFault) {
    super(fault.message);
    this.fault = fault;
  }
}

function tokenise(text: string): Token[] {
  return [...text.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({ text: match[0], index: match.index }));
}

function refuse(message: string, index: number, suggestion?: string): never {
  throw new Fault({ code: 'condition/syntax', message, index, ...(suggestion && { suggestion }) });
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  parse(): Condition {
    const pipe = this.#tokens.find((token) => token.text === '|');
    if (pipe) {
      const message = 'The aggregation expression after `|` is gone from Sigma';
      const suggestion = 'A document with `correlation`, such as type `event_count` or `temporal`';
      throw new Fault({ code: 'condition/aggregation', message, index: pipe.index, suggestion });
    }
    if (this.#tokens.length === 0) refuse('The condition is empty', 0);
    const whole = this.#readAny();
    const rest = this.#peek();
    if (rest) this.#refuseRest(rest);
    return whole;
  }

  #refuseRest(rest: Token): never {
    const lower = rest.text.toLowerCase();
    if (rest.text === ')') refuse('This bracket was never opened', rest.index);
    if (WORDS.includes(lower) && lower !== rest.text) refuse('Operators are lower case', rest.index, `\`${lower}\``);
    return refuse(`There is no operator before \`${rest.text}\``, rest.index, '`and` or `or` before it');
  }

  #readAny(): Condition {
    return this.#readChain('or', () => this.#readChain('and', () => this.#readNot()));
  }

  #readChain(operator: 'and' | 'or', readPart: () => Condition): Condition {
    const first = readPart();
    const parts = [first];
    while (this.#peek()?.text === operator) {
      this.#at++;
      parts.push(readPart());
    }
    return parts.length === 1 ? first : { kind: operator === 'and' ? 'all' : 'any', parts, index: first.index };
  }

  #readNot(): Condition {
    const token = this.#next();
    if (token.text === 'not')
      return this.#nested(token, () => ({ kind: 'not', part: this.#readNot(), index: token.index }));
    if (token.text === '(') return this.#nested(token, () => this.#readBracket(token));
    if (this.#peek()?.text === 'of') return this.#readOf(token);
    return this.#readName(token);
  }

  #nested(token: Token, read: () => Condition): Condition {
    if (++this.#depth > SIGMA_LIMITS.conditionDepth) refuse('The condition is nested too deeply', token.index);
    const part = read();
    this.#depth--;
    return part;
  }

  #readBracket(open: Token): Condition {
    const inner = this.#readAny();
    const close = this.#peek();
    if (!close) refuse('This bracket is never closed', open.index, '`)`');
    if (close.text !== ')') this.#refuseRest(close);
    this.#at++;
    return inner;
  }

  #readOf(count: Token): Condition {
    if (!['1', 'any', 'all'].includes(count.text)) {
      refuse(`Only \`1 of\` and \`all of\` exist, not \`${count.text} of\``, count.index, '`1 of` or `all of`');
    }
    this.#at++;
    const pattern = this.#peek();
    if (!pattern || pattern.text === '(' || pattern.text === ')') refuse('`of` needs `them` or a pattern', count.index);
    if (pattern.text !== 'them' && pattern.text.toLowerCase() === 'them') {
      refuse('Keywords are lower case', pattern.index, '`them`');
    }
    this.#at++;
    return { kind: 'of', count: count.text === 'all' ? 'all' : 'any', pattern: pattern.text, index: count.index };
  }

  #readName(token: Token): Condition {
    const { text, index } = token;
    if (text === 'and' || text === 'or') refuse(`\`${text}\` has no left side`, index);
    if (text === ')' || text === 'of') refuse(`\`${text}\` cannot stand here`, index);
    if (['AND', 'OR', 'NOT'].includes(text)) refuse('Operators are lower case', index, `\`${text.toLowerCase()}\``);
    return { kind: 'name', name: text, index };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    return token ?? refuse('The condition ends where a selection is expected', this.#end);
  }
}
