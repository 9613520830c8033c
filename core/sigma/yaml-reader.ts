import { Composer, type Document, isAlias, isMap, isScalar, isSeq, type Pair, Parser, type Scalar, visit } from 'yaml';
import { SIGMA_LIMITS } from './limits.ts';
import type { ProblemReporter } from './problems.ts';
import type { MapEntry, MapNode, ScalarNode, YamlNode } from './yaml-node.ts';

/** A document of a file: its map and the text that it stands in. */
export interface YamlDocument {
  readonly map: MapNode;
  readonly text: string;
  /** Whether the YAML itself is without fault. */
  readonly isSound: boolean;
}

class TooMuch extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  intAsBigInt: true,
  // The library compares every key with every other; the tree reader finds double keys in one pass.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** One slip makes many errors, and nobody reads them all. */
const MOST_SYNTAX_ERRORS = 20;

const LONG_NUMBER = new RegExp(`[0-9a-fA-F]{${SIGMA_LIMITS.digits}}`);

/**
 * Documents of a YAML 1.2 text (Sigma rules, section YAML File). Hostile text ends in `yaml/limit`, in time and memory
 * linear in its length: nothing is ever expanded.
 */
export function readYaml(rawText: string, report: ProblemReporter): YamlDocument[] {
  if (rawText.length > SIGMA_LIMITS.textLength) {
    tooMuch(report, 0, `The text is longer than ${SIGMA_LIMITS.textLength} characters`);
    return [];
  }
  const long = LONG_NUMBER.exec(rawText);
  if (long) {
    tooMuch(report, long.index, `A number has at most ${SIGMA_LIMITS.digits} digits`);
    return [];
  }
  const text = rawText.replaceAll('\r\n', '\n');
  const documents: YamlDocument[] = [];
  const { stackTraceLimit } = Error;
  try {
    // The library makes an error object for each slip, and hostile text has one in every character.
    Error.stackTraceLimit = 0;
    readDocuments(text, report, documents);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    tooMuch(report, error.at, error.message);
    documents.length = 0;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return documents;
}

function tooMuch(report: ProblemReporter, at: number, message: string): void {
  report.error({ code: 'yaml/limit', at, message, suggestion: 'Split the text into smaller files' });
}

function readDocuments(text: string, report: ProblemReporter, documents: YamlDocument[]): void {
  const tokens = new Parser(report.lines.addNewLine).parse(text);
  const budget = { nodes: 0 };
  let count = 0;
  for (const document of new Composer(OPTIONS).compose(tokens)) {
    if (++count > SIGMA_LIMITS.documents) throw new TooMuch('The text has too many documents', document.range[0]);
    const before = report.errors;
    const map = readDocument(document, report, budget);
    const isSound = report.errors === before;
    if (map) documents.push({ map, text: text.slice(map.at, document.range[1]).trimEnd(), isSound });
  }
  if (count === 0) report.error({ code: 'yaml/not-a-map', at: 0, message: 'The file is empty: a rule is a map' });
}

function readDocument(document: Document.Parsed, report: ProblemReporter, budget: { nodes: number }): MapNode | null {
  for (const { code, message, pos } of document.errors.slice(0, MOST_SYNTAX_ERRORS)) {
    if (code === 'RESOURCE_EXHAUSTION') throw new TooMuch('The text is nested too deeply', pos[0]);
    const at = code === 'MISSING_CHAR' ? openedAt(document, pos[0]) : pos[0];
    report.error({ code: 'yaml/syntax', at, message: `This is not YAML 1.2: ${message}` });
  }
  if (document.errors.length > 0 || document.contents === null) return null;
  const node = new TreeReader(report, budget).read(document.contents, 1);
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.source === '') return null;
  report.error({ code: 'yaml/not-a-map', at: node.at, message: 'A rule is a map of attributes, and this is none' });
  return null;
}

/** Where the text begins that lacks its closing quote: the library names where the file ends. */
function openedAt(document: Document.Parsed, end: number): number {
  let at = end;
  visit(document, {
    Scalar: (_key, { range }) => {
      if (range && range[0] < end && end <= range[2]) at = range[0];
    },
  });
  return at;
}

interface YamlSource {
  readonly anchor?: string | undefined;
  readonly range?: readonly [number, number, number] | null | undefined;
}

/** Turns the library's nodes into ours, in the order of the text: an alias means the last anchor of that name before it. */
class TreeReader {
  readonly #report: ProblemReporter;
  readonly #budget: { nodes: number };
  readonly #anchors = new Map<string, YamlNode>();

  constructor(report: ProblemReporter, budget: { nodes: number }) {
    this.#report = report;
    this.#budget = budget;
  }

  read(node: unknown, depth: number): YamlNode {
    const at = startOf(node as YamlSource);
    if (depth > SIGMA_LIMITS.depth) throw new TooMuch(`The text is nested deeper than ${SIGMA_LIMITS.depth}`, at);
    if (isAlias(node)) return this.#spend(this.#resolve(node.source, at), at);
    const read = this.#readOwn(node, at, depth);
    const { anchor } = node as YamlSource;
    if (anchor) this.#anchors.set(anchor, read);
    return read;
  }

  #readOwn(node: unknown, at: number, depth: number): YamlNode {
    if (isMap(node)) return this.#readMap(node.items, at, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item, depth + 1));
      this.#budget.nodes++;
      return { kind: 'list', items, at, size: sizeOf(items) };
    }
    return this.#spend(isScalar(node) ? readScalar(node, at) : nothing(at), at);
  }

  #readMap(pairs: readonly Pair[], at: number, depth: number): MapNode {
    const seen = new Set<string>();
    const entries = pairs.map((pair) => this.#readEntry(pair, seen, depth));
    this.#budget.nodes++;
    return { kind: 'map', entries, at, size: sizeOf(entries.map(({ value }) => value)) };
  }

  #readEntry(pair: Pair, seen: Set<string>, depth: number): MapEntry {
    const keyNode = this.read(pair.key, depth + 1);
    const key = keyNode.kind === 'scalar' ? keyNode.source : '';
    const keyAt = startOf(pair.key as YamlSource);
    if (keyNode.kind !== 'scalar') {
      this.#report.error({ code: 'yaml/syntax', at: keyAt, message: 'A key must be text, not a list or a map' });
    } else if (seen.has(key)) {
      const message = `The key \`${key}\` stands twice in this map`;
      this.#report.error({ code: 'yaml/duplicate-key', at: keyAt, message, suggestion: 'Join the two, or rename one' });
    }
    seen.add(key);
    return { key, keyAt, value: pair.value === null ? nothing(keyAt) : this.read(pair.value, depth + 1) };
  }

  #resolve(anchor: string, at: number): YamlNode {
    const found = this.#anchors.get(anchor);
    if (found) return found;
    this.#report.error({ code: 'yaml/syntax', at, message: `There is no anchor \`&${anchor}\` before this alias` });
    return nothing(at);
  }

  #spend<T extends YamlNode>(node: T, at: number): T {
    this.#budget.nodes += node.size;
    if (this.#budget.nodes <= SIGMA_LIMITS.nodes) return node;
    throw new TooMuch(`With its aliases written out the text has more than ${SIGMA_LIMITS.nodes} values`, at);
  }
}

function sizeOf(nodes: readonly YamlNode[]): number {
  return nodes.reduce((sum, node) => sum + node.size, 1);
}

function startOf(node: YamlSource | null): number {
  return node?.range?.[0] ?? 0;
}

function nothing(at: number): ScalarNode {
  return { kind: 'scalar', value: null, source: '', textAt: -1, at, size: 1 };
}

function readScalar(node: Scalar, at: number): ScalarNode {
  const value = scalarValue(node.value, node.source ?? '');
  return { kind: 'scalar', value, source: node.source ?? '', textAt: textStart(node, at), at, size: 1 };
}

/** Integers stay exact; what is no finite number (`.inf`, `1e999`) is the text that was written. */
function scalarValue(value: unknown, source: string): ScalarNode['value'] {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : source;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return source;
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}

/** Only text without escapes and line breaks has its characters where the value has them. */
function textStart(node: Scalar, at: number): number {
  const written = (node.range?.[1] ?? 0) - at;
  const text = node.source ?? '';
  if (text.includes('\n')) return -1;
  if (node.type === 'PLAIN') return written === text.length ? at : -1;
  return node.type?.startsWith('QUOTE') && written === text.length + 2 ? at + 1 : -1;
}
