import type { Completion, CompletionItem, Hover } from '../../contract/studio-calls.ts';
import { FIELD_ALIASES } from '../../event/aliases.ts';
import { DERIVED_FIELDS } from '../../event/derived.ts';
import { EVENT_FIELDS, eventField } from '../../event/event-fields.ts';
import type { CaseValues } from './case-values.ts';
import { SNIPPETS } from './snippets.ts';
import { inLine } from './text-place.ts';
import {
  ATTRIBUTES,
  CORRELATION_KEYS,
  CORRELATION_TYPES,
  LEVEL_HELP,
  MODIFIER_HELP,
  STATUS_HELP,
  TACTICS,
  type WordHelp,
} from './vocabulary.ts';
import { type YamlContext, yamlContext } from './yaml-context.ts';

/** Values shown of a field: more are found by typing on. */
const MOST_VALUES = 200;

/** What may be written at a place of a rule. */
export async function complete(
  text: string,
  line: number,
  column: number,
  values: CaseValues,
  signal: AbortSignal,
): Promise<Completion> {
  const context = yamlContext(text, line, column);
  const range = { line, column: context.start, endLine: line, endColumn: Math.max(context.end, column) };
  return { ...range, ...(await itemsFor(context, text, values, signal, range)) };
}

type Found = { readonly items: readonly CompletionItem[]; readonly column?: number };

async function itemsFor(
  context: YamlContext,
  text: string,
  values: CaseValues,
  signal: AbortSignal,
  range: { readonly column: number },
): Promise<Found> {
  const { path, kind, typed } = context;
  const [first, , third] = path;
  if (path.length === 0 && kind === 'key') return { items: [...SNIPPETS, ...keys(ATTRIBUTES)] };
  if (first === 'detection' || first === 'filter') {
    if (kind === 'value' && path.length === 2 && path[1] === 'condition')
      return { items: conditionWords(text, context) };
    if (kind === 'key' && path.length >= 2) return fieldKeys(typed, range);
    if (kind === 'value' && third !== undefined) return { items: await valueItems(path.at(-1) ?? '', values, signal) };
    if (kind === 'key') return { items: keys([{ name: 'condition', about: 'How the selections are joined.' }]) };
  }
  if (first === 'correlation') {
    if (kind === 'key' && path.length === 1) return { items: keys(CORRELATION_KEYS) };
    if (path[1] === 'type') return { items: words(CORRELATION_TYPES) };
    if (path[1] === 'group-by') return { items: fieldItems() };
  }
  if (kind === 'value') return { items: plainValues(first ?? '') };
  if (first === 'logsource')
    return {
      items: keys([
        { name: 'product', about: 'kubernetes' },
        { name: 'service', about: 'audit' },
      ]),
    };
  return { items: [] };
}

function plainValues(attribute: string): CompletionItem[] {
  switch (attribute) {
    case 'level':
      return words(LEVEL_HELP);
    case 'status':
      return words(STATUS_HELP);
    case 'tags':
      return words(TACTICS.map(({ name, about }) => ({ name: `attack.${name}`, about })));
    case 'taxonomy':
      return words([{ name: 'decklog', about: 'For fields that begin with decklog.' }]);
    case 'fields':
      return fieldItems();
    case 'logsource':
      return words([
        { name: 'kubernetes', about: 'product' },
        { name: 'audit', about: 'service' },
      ]);
    default:
      return [];
  }
}

const keys = (list: readonly WordHelp[]): CompletionItem[] =>
  list.map(({ name, about }) => ({ label: name, kind: 'key', insert: `${name}: `, detail: '', about }));

const words = (list: readonly WordHelp[]): CompletionItem[] =>
  list.map(({ name, about }) => ({ label: name, kind: 'word', insert: name, detail: '', about }));

/** A field, or after a bar a modifier. */
function fieldKeys(typed: string, range: { readonly column: number }): Found {
  const bar = typed.lastIndexOf('|');
  if (bar < 0) return { items: fieldItems() };
  const items = MODIFIER_HELP.map(
    ({ name, about }): CompletionItem => ({ label: name, kind: 'modifier', insert: name, detail: '', about }),
  );
  return { items, column: range.column + bar + 1 };
}

function fieldItems(): CompletionItem[] {
  const item = (name: string, detail: string, about: string): CompletionItem => ({
    ...{ label: name, kind: 'field', insert: name, detail, about },
  });
  return [
    ...EVENT_FIELDS.map(({ name, level, description }) => item(name, level, description)),
    ...DERIVED_FIELDS.map(({ name, needs, description }) => item(name, needs.level, description)),
    ...Object.entries(FIELD_ALIASES).map(([name, paths]) => item(name, 'short name', paths[0] ?? '')),
  ];
}

async function valueItems(key: string, values: CaseValues, signal: AbortSignal): Promise<CompletionItem[]> {
  const field = key.split('|')[0] ?? '';
  const found = await values.of(field, signal);
  return found.slice(0, MOST_VALUES).map(({ value, events, isWhole }) => ({
    label: value,
    kind: 'value',
    insert: quoted(value),
    detail: `${events}${isWhole ? '' : ' of those looked at'}`,
    about: `Occurs in this case in ${events} ${isWhole ? 'events' : 'of the events that were looked at'}.`,
  }));
}

/** A value of evidence as a rule may hold it: its wildcards are plain, and YAML takes it for text. */
export function quoted(value: string): string {
  const plain = value.replace(/\\(?=[*?\\])|[*?]/g, (match) => `\\${match}`);
  const isSafe = /^[A-Za-z0-9_./@-]+$/.test(plain) && !/^([-.]|true$|false$|null$|~|[\d.]+$|0[xo])/i.test(plain);
  return isSafe ? plain : `'${plain.replaceAll("'", "''")}'`;
}

function conditionWords(text: string, { from }: YamlContext): CompletionItem[] {
  const lines = text.split('\n').slice(from - 1);
  const start = lines.findIndex((line) => /^(detection|filter):/.test(line));
  const names: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\S/.test(line)) break;
    const name = /^ {1,8}([A-Za-z_][\w-]*):/.exec(line);
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (name?.[1] && indent === (/^ */.exec(lines[start + 1] ?? '')?.[0].length ?? 0)) names.push(name[1]);
  }
  const selections = names.filter((name) => !['condition', 'timeframe', 'rules'].includes(name));
  return words([
    ...selections.map((name) => ({ name, about: 'A selection of this rule.' })),
    ...['and', 'or', 'not', '1 of', 'all of', 'them'].map((name) => ({ name, about: '' })),
  ]);
}

/** What a word of a rule means. */
export function hover(text: string, line: number, column: number, values: CaseValues): Hover | null {
  const whole = text.split('\n')[line - 1] ?? '';
  const word = [...whole.matchAll(/[^\s:,'"[\]{}|]+(?:\.[^\s:,'"[\]{}|]+)*/g)].find(
    ({ index, 0: found }) => index < column && column <= index + found.length + 1,
  );
  if (word === undefined) return null;
  const name = word[0];
  const about = meaningOf(name, whole[word.index - 1] === '|', values);
  return about === null ? null : { ...inLine(line, word.index + 1, name.length), ...about };
}

function meaningOf(name: string, isModifier: boolean, values: CaseValues): Pick<Hover, 'title' | 'lines'> | null {
  const among = (list: readonly WordHelp[]) => list.find((each) => each.name === name);
  if (isModifier) {
    const modifier = among(MODIFIER_HELP);
    return modifier ? { title: `modifier ${name}`, lines: [modifier.about] } : null;
  }
  const derived = DERIVED_FIELDS.find((field) => field.name === name);
  if (derived) {
    const { needs, description } = derived;
    const of = needs.resources.length === 0 ? 'any resource' : needs.resources.join(', ');
    return {
      title: name,
      lines: [description, `Audit level ${needs.level}${needs.bodies ? ', bodies' : ''}, of ${of}.`],
    };
  }
  const alias = FIELD_ALIASES[name];
  const field = eventField(alias?.[0] ?? name);
  if (field && (alias || name.includes('.') || EVENT_FIELDS.some((each) => each.name === name))) {
    const seen = values.ofColumn(name)?.slice(0, 5) ?? [];
    const here = seen.map(({ value, events }) => `${value} (${events})`);
    return {
      title: alias ? `${name}: short for ${alias[0]}` : name,
      lines: [
        field.description,
        `Audit level ${field.level}.`,
        ...(here.length > 0 ? [`In this case: ${here.join(', ')}.`] : []),
      ],
    };
  }
  const word = [ATTRIBUTES, CORRELATION_KEYS, CORRELATION_TYPES, LEVEL_HELP, STATUS_HELP].map(among).find(Boolean);
  if (word) return { title: name, lines: [word.about] };
  const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(name)?.[1];
  if (technique) return { title: technique.toUpperCase(), lines: ['A technique of MITRE ATT&CK.'] };
  const tactic = TACTICS.find((each) => name === `attack.${each.name}`);
  return tactic ? { title: name, lines: [tactic.about] } : null;
}
