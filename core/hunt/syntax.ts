import { queryFault } from './query-fault.ts';
import { isBare, type Word } from './word.ts';

/** What a query says, before fields are looked up. */
export type Node =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Node }
  | { readonly kind: 'field'; readonly field: Word; readonly value: Word }
  | { readonly kind: 'text'; readonly value: Word };

const KEYWORDS = ['and', 'or', 'not'];
const DEEPEST = 50;
const SPACE = /\s/;

/** Reads a query; null for one that holds nothing. The grammar stands in docs/query-language.md. */
export function parseQuery(query: string): Node | null {
  const reader = new Reader(query);
  reader.skipSpace();
  if (reader.isAtEnd()) return null;
  const node = reader.either(0);
  if (!reader.isAtEnd()) {
    throw reader.fault('This bracket closes nothing.', 'Remove it, or put text that holds brackets in quotes.');
  }
  return node;
}

/** Walks over the text of one query; each method reads one rule of the grammar and the space behind it. */
class Reader {
  readonly #query: string;
  #at = 0;

  constructor(query: string) {
    this.#query = query;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#query.length;
  }

  skipSpace(): boolean {
    const start = this.#at;
    while (SPACE.test(this.#query[this.#at] ?? '')) this.#at++;
    return this.#at > start;
  }

  fault(message: string, hint: string, offset = this.#at): Error {
    return queryFault(this.#query, offset, message, hint);
  }

  either(depth: number): Node {
    const parts = [this.all(depth)];
    while (this.#takeKeyword('or')) parts.push(this.all(depth));
    return joined('or', parts);
  }

  all(depth: number): Node {
    const parts = [this.term(depth)];
    while (this.#takeKeyword('and') || !this.#isBeforeEnd()) parts.push(this.term(depth));
    return joined('and', parts);
  }

  term(depth: number): Node {
    if (depth > DEEPEST) throw this.fault(`Brackets stand more than ${DEEPEST} deep here.`, 'Write the query flatter.');
    if (this.#takeKeyword('not')) return { kind: 'not', part: this.term(depth + 1) };
    if (this.#peek() === '(') return this.#group(depth);
    this.#refuseMissingTerm();
    const word = this.#word(':()');
    this.skipSpace();
    if (this.#peek() !== ':') return { kind: 'text', value: word };
    this.#at++;
    return this.#values(word);
  }

  #group(depth: number): Node {
    const open = this.#at++;
    this.skipSpace();
    if (this.#peek() === ')') throw this.fault('These brackets hold nothing.', 'Remove them.', open);
    const node = this.either(depth + 1);
    this.#close(open);
    return node;
  }

  #close(open: number): void {
    if (this.#peek() !== ')') throw this.fault('This bracket is never closed.', 'Add a closing bracket.', open);
    this.#at++;
    this.skipSpace();
  }

  #values(field: Word): Node {
    const isApart = this.skipSpace();
    if (this.#peek() === '(') return this.#list(field);
    const value = this.#word('()', () => this.#noValue(field));
    if (isApart && KEYWORDS.some((keyword) => isBare(value, keyword))) throw this.#noValue(field, value.offset);
    if (this.#peek() === '(') throw this.fault('A bracket stands inside a value.', 'Put the value in quotes.');
    this.skipSpace();
    return { kind: 'field', field, value };
  }

  /** Values in brackets, parted by commas, `or` or space: one of them. */
  #list(field: Word): Node {
    const open = this.#at++;
    const parts: Node[] = [];
    this.skipSpace();
    while (this.#peek() !== ')' && !this.isAtEnd()) {
      const value = this.#word('(),', () => this.#noValue(field));
      if (isBare(value, 'and') || isBare(value, 'not')) throw this.#wrongInList(field, value);
      if (!isBare(value, 'or')) parts.push({ kind: 'field', field, value });
      this.skipSpace();
      if (this.#peek() === ',') this.#at++;
      this.skipSpace();
      if (this.#peek() === '(') throw this.fault('A list holds no further brackets.', 'Put the value in quotes.');
    }
    if (parts.length === 0) throw this.#noValue(field);
    this.#close(open);
    return joined('or', parts);
  }

  /** Text up to a space or one of `stops`; pieces in quotes belong to it. */
  #word(stops: string, empty?: () => Error): Word {
    const start = this.#at;
    let [text, mask] = ['', ''];
    while (!this.isAtEnd()) {
      const unit = this.#peek();
      if (SPACE.test(unit) || stops.includes(unit)) break;
      const piece = unit === '"' ? this.#quoted() : this.#unit();
      text += piece.text;
      mask += piece.mask;
    }
    if (this.#at === start) throw (empty ?? (() => this.#nothing()))();
    return { text, mask, offset: start };
  }

  #quoted(): { text: string; mask: string } {
    const open = this.#at++;
    let text = '';
    while (this.#peek() !== '"') {
      if (this.isAtEnd()) throw this.fault('This quotation mark is never closed.', 'Add a closing one.', open);
      text += this.#unit().text;
    }
    this.#at++;
    return { text, mask: 'q'.repeat(text.length) };
  }

  /** One character; a backslash makes the next one plain. */
  #unit(): { text: string; mask: string } {
    if (this.#peek() === '\\' && this.#at + 1 < this.#query.length) {
      this.#at += 2;
      return { text: this.#query[this.#at - 1] as string, mask: 'q' };
    }
    return { text: this.#query[this.#at++] as string, mask: ' ' };
  }

  #peek(): string {
    return this.#query[this.#at] ?? '';
  }

  #takeKeyword(keyword: string): boolean {
    const pattern = new RegExp(`${keyword}(?=[\\s()"]|$)`, 'iy');
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#query)) return false;
    this.#at += keyword.length;
    this.skipSpace();
    return true;
  }

  /** Whether what `all` reads ends here. */
  #isBeforeEnd(): boolean {
    return (
      this.isAtEnd() || this.#peek() === ')' || /^or(?=[\s()"]|$)/i.test(this.#query.slice(this.#at, this.#at + 3))
    );
  }

  #refuseMissingTerm(): void {
    const isOperator = /^(and|or)(?=[\s()"]|$)/i.exec(this.#query.slice(this.#at, this.#at + 4));
    if (isOperator)
      throw this.fault(`"${isOperator[1]}" joins nothing here.`, 'Write a condition on both sides of it.');
    if (this.isAtEnd() || this.#peek() === ')') throw this.#nothing();
  }

  #nothing(): Error {
    return this.fault('A condition is missing here.', 'Write field:value, or text to search for.');
  }

  #noValue(field: Word, offset = this.#at): Error {
    const hint = `Write ${field.text}:value, or ${field.text}:* for any.`;
    return this.fault(`A value for "${field.text}" is missing here.`, hint, offset);
  }

  #wrongInList(field: Word, value: Word): Error {
    const hint = `Write (${field.text}:a ${value.text} ${field.text}:b), or put the word in quotes if it is a value.`;
    return this.fault(`A list of values knows no "${value.text}".`, hint, value.offset);
  }
}

function joined(kind: 'and' | 'or', parts: readonly Node[]): Node {
  return parts.length === 1 ? (parts[0] as Node) : { kind, parts };
}
