import { createHmac } from 'node:crypto';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { replaceDisguised } from './disguise.ts';
import { DASHED, ENCODED, HIDDEN_FORM, LONG } from './name-forms.ts';
import { NameIndex } from './name-index.ts';
import { isPublicWord } from './public-words.ts';
import type { NameKind, Vocabulary } from './vocabulary.ts';

const WORD: Readonly<Record<NameKind, string>> = {
  user: 'user',
  address: 'address',
  namespace: 'ns',
  node: 'node',
  name: 'name',
};
/** Texts that are kept with what became of them, and the longest of them. */
const MOST_TEXTS = 50_000;
const LONGEST_KEPT = 400;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Members whose texts are words of ours, of Kubernetes or of a rule, hashes or times: no evidence names anything there. */
const KEPT = new Set([
  'level',
  'status',
  'outcome',
  'kind',
  'state',
  'form',
  'tactics',
  'attack',
  'defender',
  'sha256',
  'hash',
  'caseHash',
  'rulesHash',
  'evidenceRoot',
  'findingsRoot',
  'head',
  'made',
  'version',
  'decklog',
  'redact',
  'without',
  'firstTime',
  'lastTime',
  'time',
  'stageTime',
  'from',
  'to',
  'format',
  'containers',
  'encoding',
  'flags',
  'examiner',
  'certainty',
  'field',
  'deed',
]);
/** Members that hold texts of rules. */
const PROSE = new Set(['rule', 'coverage', 'falsePositives', 'nextSteps', 'nextChecks', 'ruleText']);
/** Members whose texts come from evidence, where they are words that every cluster has, or else may be names. */
const WORDS = new Set(['verb', 'resource', 'subresource', 'decision', 'stage', 'apiGroup', 'auditID', 'auditIDs']);
const WITHHELD = '(left out: holds a name)';
/** Members whose whole text is a name. */
const NAMES = new Set([
  'user',
  'users',
  'impersonatedUser',
  'namespace',
  'name',
  'cluster',
  'server',
  'sourceIPs',
  'addresses',
  'identities',
  'groups',
  'clusters',
  'namespaces',
  'nodes',
  'label',
]);
const PATHS = new Set(['path', 'file', 'evidencePath']);

/**
 * Puts pseudonyms in the place of names: the same name gets the same one in every output of a case, because it follows from
 * the name and a key that only the original case holds.
 */
export class Redactor {
  readonly #key: Uint8Array;
  readonly #vocabulary: Vocabulary;
  readonly #index = new NameIndex();
  readonly #known = new Map<string, string>();
  /** Made-up addresses: in a text that is looked at again they stay. */
  readonly #madeUp = new Set<string>();
  /** Texts of events come again and again. */
  readonly #texts = new Map<string, string>();
  readonly #paths = new Map<string, string>();

  constructor(key: Uint8Array, vocabulary: Vocabulary) {
    this.#key = key;
    this.#vocabulary = vocabulary;
    this.learn();
  }

  /** Takes in names that the vocabulary has gained. */
  learn(): void {
    if (this.#known.size === this.#vocabulary.size) return;
    this.#texts.clear();
    for (const [name, kind] of this.#vocabulary.entries()) {
      if (this.#known.has(name)) continue;
      this.#known.set(name, this.#pseudonym(kind, name));
      this.#index.add(name);
    }
  }

  /** The pseudonym of each name. */
  mapping(): ReadonlyMap<string, string> {
    return this.#known;
  }

  /** A text that may hold names: plain, escaped, in base64, in hexadecimal. */
  text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const shown = this.#text(text);
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear();
    if (text.length <= LONGEST_KEPT) this.#texts.set(text, shown);
    return shown;
  }

  #text(text: string): string {
    return replaceDisguised(
      this.#plain(text),
      (part) => this.#plain(part),
      (run) => `redacted${this.#code('base64', run)}`,
    );
  }

  #plain(text: string): string {
    return this.#names(this.#addresses(text));
  }

  /** A text that is a name as a whole, or a path of names, however short they are. */
  name(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const parts = this.#addresses(text).split(/([/:])/);
    return this.text(parts.map((part) => this.#known.get(part) ?? part).join(''));
  }

  /** A text from a list that everybody knows, unless it holds a name after all. */
  word(text: string): string {
    return isPublicWord(text) ? text : this.text(text);
  }

  #names(text: string): string {
    return this.#index.replace(text, (name, how) => {
      const pseudonym = this.#known.get(name) as string;
      if (how === ENCODED) return encodeURIComponent(pseudonym);
      if (how === DASHED) return pseudonym.replaceAll('.', '-');
      return how === LONG || how === HIDDEN_FORM ? `redacted${this.#code('base64', name)}` : pseudonym;
    });
  }

  /** Plain data, member by member; see `KEPT`. */
  data<T>(value: T, key = ''): T {
    return this.#data(value, key) as T;
  }

  /** A path tells folders and machines: files get numbers, in the order in which they are met. */
  path(path: string): string {
    const known = this.#paths.get(path) ?? `evidence-${this.#paths.size + 1}`;
    this.#paths.set(path, known);
    return known;
  }

  #data(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.#string(value, key);
    if (Array.isArray(value)) return value.map((item) => this.#data(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        name === 'title' && isTitleOfRule(value, item) ? this.#prose(item) : this.#member(item, name),
      ]),
    );
  }

  #member(item: unknown, name: string): unknown {
    if (PROSE.has(name)) return this.#prose(item);
    const isPlain = typeof item === 'string' || (Array.isArray(item) && item.every((part) => typeof part === 'string'));
    return name === 'activity' || (isPlain && KEPT.has(name)) ? item : this.#data(item, name);
  }

  /**
   * Texts of rules are known to everybody: a pseudonym in one would tell what it stands for, and a name must not stand in
   * one. A text that happens to hold a name is left out as a whole.
   */
  #prose(item: unknown): unknown {
    if (typeof item === 'string') return this.text(item) === item ? item : WITHHELD;
    if (Array.isArray(item)) return item.map((part) => this.#prose(part));
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, this.#prose(part)]));
  }

  #string(text: string, key: string): string {
    if (PATHS.has(key)) return this.path(text);
    if (WORDS.has(key)) return this.word(text);
    return NAMES.has(key) || key === 'object' ? this.name(text) : this.text(text);
  }

  /** Any address, known or not: a body may name one that never called. */
  #addresses(text: string): string {
    return text
      .replace(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g, (found) =>
        isIPv4(found) ? this.#address(found) : found,
      )
      .replace(/(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])/g, (found) =>
        isIPv6(found) ? this.#address(found) : found,
      );
  }

  #address(address: string): string {
    if (/^(127\.|0\.0\.0\.0|::1?$)/.test(address) || this.#madeUp.has(address)) return address;
    return this.#pseudonym('address', address);
  }

  #pseudonym(kind: NameKind, name: string): string {
    if (kind !== 'address' || isIP(name) === 0) return `${WORD[kind]}-${this.#code('name', name)}`;
    const bytes = this.#hmac('address', name);
    // 240.0.0.0/4 and 2001:db8::/32 are nobody's: readers see that an address is made up, and other tools still read it.
    const madeUp = isIPv4(name)
      ? `${240 + ((bytes[0] as number) & 15)}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
      : `2001:db8:${[0, 2, 4].map((at) => (((bytes[at] as number) << 8) | (bytes[at + 1] as number) | 0x1000).toString(16)).join(':')}::1`;
    this.#madeUp.add(madeUp);
    return madeUp;
  }

  /** Ten letters: fifty bits. */
  #code(use: string, name: string): string {
    return [...this.#hmac(use, name).subarray(0, 10)].map((byte) => LETTERS[byte & 31]).join('');
  }

  #hmac(use: string, name: string): Buffer {
    return createHmac('sha256', this.#key).update(`${use}\0${name}`).digest();
  }
}

/** Alerts bear the title of their rule. */
const isTitleOfRule = (value: object, title: unknown): boolean =>
  'rule' in value &&
  typeof value.rule === 'object' &&
  value.rule !== null &&
  'title' in value.rule &&
  value.rule.title === title;
