import type { Draft } from '../../contract/studio-calls.ts';
import { type Field, fieldOf } from '../../hunt/fields.ts';
import { comparisonOf, intervalOf, readNumber } from '../../hunt/interval.ts';
import type { NarrowColumn } from '../../hunt/narrow.ts';
import { type Node, parseQuery } from '../../hunt/syntax.ts';
import { isActive, isBare, isWildcard, type Word } from '../../hunt/word.ts';
import { quoted } from './complete.ts';
import { ruleText } from './draft-from.ts';

/** Columns of the query language, and the fields of a rule. */
const FIELDS: Readonly<Partial<Record<NarrowColumn, string>>> = {
  auditID: 'auditID',
  stage: 'stage',
  level: 'level',
  verb: 'verb',
  user: 'user.username',
  groups: 'user.groups',
  impersonatedUser: 'impersonatedUser.username',
  sourceIPs: 'sourceIPs',
  userAgent: 'userAgent',
  apiGroup: 'objectRef.apiGroup',
  resource: 'objectRef.resource',
  subresource: 'objectRef.subresource',
  namespace: 'objectRef.namespace',
  name: 'objectRef.name',
  decision: 'annotations.authorization.k8s.io/decision',
};

/** A selection: what stands behind each key, as YAML. */
type Selection = Map<string, string[]>;

/** A rule from a query; what a rule cannot say (free text, times, marks of this case) stands in a comment. Raises `query/invalid`. */
export function draftOfQuery(query: string): Draft {
  const node = parseQuery(query);
  const writer = new RuleWriter(query);
  const condition = node === null ? null : writer.condition(node);
  if (condition === null) writer.add('selection', new Map([['verb', ['create']]]));
  const left = [...new Set(writer.left)];
  const note = left.length === 0 ? '' : `# Not carried over: ${left.join(', ').replace(/\s+/g, ' ')}\n`;
  const selections = [...writer.selections].map(([name, selection]) => `  ${name}:\n${linesOf(selection)}`).join('\n');
  const detection = {
    selections,
    condition: condition ?? 'selection',
    isStaged: writer.fields.has('stage'),
    isDerived: [...writer.fields].some((field) => field.startsWith('decklog.')),
  };
  return { text: note + ruleText('New rule', detection), fields: [] };
}

function linesOf(selection: Selection): string {
  return [...selection]
    .map(([key, values]) => {
      const [only] = values;
      return values.length === 1
        ? `    ${key}: ${only}`
        : `    ${key}:\n${values.map((one) => `      - ${one}`).join('\n')}`;
    })
    .join('\n');
}

class RuleWriter {
  readonly selections = new Map<string, Selection>();
  readonly fields = new Set<string>();
  /** Parts of the query that a rule cannot say. */
  readonly left: string[] = [];
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  /** The condition that says the same, with the selections that it needs; null where nothing of it can be said. */
  condition(node: Node): string | null {
    const selection = this.#selectionOf(node);
    if (selection === 'none') return null;
    if (selection !== null) return this.add('selection', selection);
    switch (node.kind) {
      case 'and':
        return this.#all(node.parts);
      case 'or':
        return this.#any(node);
      case 'not':
        return this.#not(node);
      default:
        return null;
    }
  }

  /** Adds a selection under a free name. */
  add(name: string, selection: Selection): string {
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : `${name}_${number}`;
      if (this.selections.has(free)) continue;
      this.selections.set(free, selection);
      return free;
    }
  }

  /** Fields that must all hold stand in one selection, as long as no key stands there twice. */
  #all(parts: readonly Node[]): string | null {
    const joined: Selection = new Map();
    const others: string[] = [];
    for (const part of parts) {
      const selection = this.#selectionOf(part);
      if (selection === 'none') continue;
      if (selection !== null && [...selection.keys()].every((key) => !joined.has(key))) {
        for (const [key, values] of selection) joined.set(key, values);
      } else {
        const condition = selection === null ? this.condition(part) : this.add('selection', selection);
        if (condition !== null) others.push(condition);
      }
    }
    const first = joined.size === 0 ? [] : [this.add('selection', joined)];
    return joinedBy('and', [...first, ...others]);
  }

  /** One of several: left out whole if a part of it cannot be said, since less would be found without it. */
  #any(node: Extract<Node, { kind: 'and' | 'or' }>): string | null {
    return this.#wholly(node, () => {
      const conditions = node.parts.map((part) => this.condition(part));
      const said = conditions.filter((condition) => condition !== null);
      return said.length < conditions.length ? null : joinedBy('or', said);
    });
  }

  #not(node: Extract<Node, { kind: 'not' }>): string | null {
    return this.#wholly(node, () => {
      const selection = this.#selectionOf(node.part);
      const condition = selection instanceof Map ? this.add('filter', selection) : this.condition(node.part);
      return condition === null ? null : `not ${condition}`;
    });
  }

  /** Says a part of the query as it is, or leaves it out as it is written. */
  #wholly(node: Node, say: () => string | null): string | null {
    const [left, names] = [this.left.length, new Set(this.selections.keys())];
    const condition = say();
    if (condition !== null && this.left.length === left) return condition;
    for (const name of this.selections.keys()) if (!names.has(name)) this.selections.delete(name);
    this.left.length = left;
    this.left.push(written(node));
    return null;
  }

  /** What one key, or two of one value, can say; null: it takes a condition; `none`: a rule cannot say it. */
  #selectionOf(node: Node): Selection | 'none' | null {
    if (node.kind === 'text') return this.#leave(node);
    if (node.kind === 'field') return this.#fieldOf(node) ?? this.#leave(node);
    if (node.kind !== 'or') return null;
    const parts = node.parts.map((part) => (part.kind === 'field' ? this.#fieldOf(part) : null));
    const [key, ...others] = new Set(parts.flatMap((part) => [...(part?.keys() ?? [])]));
    const isOne = others.length === 0 && parts.every((part) => part?.size === 1);
    return isOne && key !== undefined ? new Map([[key, parts.flatMap((part) => part?.get(key) ?? [])]]) : null;
  }

  #leave(node: Node): 'none' {
    this.left.push(written(node));
    return 'none';
  }

  #fieldOf({ field: name, value }: Extract<Node, { kind: 'field' }>): Selection | null {
    const field = fieldOf(this.#query, name);
    const key = keyOf(field, name);
    const selection = key === null ? null : selectionOf(key, field, value);
    for (const each of selection?.keys() ?? []) this.fields.add(each.replace(/\|.*/, ''));
    return selection;
  }
}

/** A part of a query as it may be written. */
function written(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.value.text;
    case 'field':
      return `${node.field.text}:${node.value.text}`;
    case 'not':
      return `not ${written(node.part)}`;
    default:
      return `(${node.parts.map(written).join(` ${node.kind} `)})`;
  }
}

function joinedBy(word: 'and' | 'or', parts: readonly string[]): string | null {
  if (parts.length < 2) return parts[0] ?? null;
  return `(${parts.join(` ${word} `)})`;
}

function keyOf(field: Field, name: Word): string | null {
  switch (field.kind) {
    case 'text':
    case 'list':
      return FIELDS[field.column] ?? null;
    case 'range':
      return field.column === 'code' ? 'responseStatus.code' : null;
    case 'path':
      return field.steps.join('.');
    case 'derived':
      return name.text;
    case 'lastAddress':
      return 'decklog.sourceIP';
    default:
      return null;
  }
}

function selectionOf(key: string, field: Field, value: Word): Selection | null {
  if (isBare(value, '*')) return new Map([[key, [`'?*'`]]]);
  if (/^[\da-f.:]+\/\d{1,3}$/i.test(value.text) && /sourceIP/.test(key))
    return new Map([[`${key}|cidr`, [value.text]]]);
  if (field.kind === 'range') return rangeOf(key, value);
  const slash = key === 'objectRef.resource' ? value.text.indexOf('/') : -1;
  if (slash > 0) {
    const part = (from: number, to?: number) => ({
      ...value,
      text: value.text.slice(from, to),
      mask: value.mask.slice(from, to),
    });
    return new Map([
      [key, [valueText(part(0, slash))]],
      ['objectRef.subresource', [valueText(part(slash + 1))]],
    ]);
  }
  if (field.kind === 'path' && /^[<>]|\.\./.test(value.text) && isActive(value, 0)) return rangeOf(key, value);
  return new Map([[key, [valueText(value)]]]);
}

const MODIFIERS = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

function rangeOf(key: string, value: Word): Selection | null {
  const hundred = /^(\d)xx$/i.exec(value.text)?.[1];
  if (hundred !== undefined) return between(key, `${hundred}00`, `${hundred}99`);
  const comparison = comparisonOf(value);
  if (intervalOf(comparison, readNumber) === null) return null;
  const [low, high = ''] = comparison.bounds;
  if (comparison.operator === '..') return between(key, low, high);
  return new Map([[comparison.operator === '=' ? key : `${key}|${MODIFIERS[comparison.operator]}`, [low]]]);
}

function between(key: string, low: string, high: string): Selection {
  const selection: Selection = new Map();
  if (low !== '') selection.set(`${key}|gte`, [low]);
  if (high !== '') selection.set(`${key}|lte`, [high]);
  return selection;
}

/** A word as a value of a rule: its wildcards stay, what was quoted is plain. */
function valueText(word: Word): string {
  if (/^(true|false|\d{1,15})$/.test(word.text)) return word.text;
  if (![...word.text].some((_, index) => isWildcard(word, index))) return quoted(word.text);
  const text = [...word.text]
    .map((unit, index) => (/[*?]/.test(unit) && !isWildcard(word, index) ? `\\${unit}` : unit === '\\' ? '\\\\' : unit))
    .join('');
  return `'${text.replaceAll("'", "''")}'`;
}
