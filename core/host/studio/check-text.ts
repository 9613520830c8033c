import { randomUUID } from 'node:crypto';
import type { Problem } from '../../contract/fault.ts';
import type { CheckedText, Diagnostic, OutlineEntry, QuickFix, TextRange } from '../../contract/studio-calls.ts';
import { fieldProblems } from '../../detect/field-check.ts';
import { bodyOfField, needsOfMembers, needsOfRule } from '../../detect/rule-needs.ts';
import { FIELD_ALIASES, VALUE_ALIASES } from '../../event/aliases.ts';
import { nearestName, parseYaml, type SigmaDocument } from '../../sigma/sigma.ts';
import type { CaseValues } from './case-values.ts';
import { type DraftRules, rulesBelow } from './draft-rules.ts';
import { findInLine, inLine, wordAt } from './text-place.ts';
import { TACTICS, VERBS, WRONG_VERBS } from './vocabulary.ts';

/** Everything an editor shows of a text: problems with their fixes, the outline, what the rules need. */
export function checkText(draft: DraftRules, values: CaseValues): CheckedText {
  const fromEngine = [...draft.problems, ...draft.documents.flatMap((document) => fieldProblems(document))];
  const hasErrors = draft.problems.some(({ severity }) => severity === 'error');
  const diagnostics = [
    ...fromEngine.map((problem) => diagnosticOf(problem, draft.text)),
    ...draft.documents.flatMap((document) => [...idHints(document, draft), ...tagHints(document, draft)]),
    ...documentsOf(draft).flatMap((document) => [
      ...unusedSelections(document, draft),
      ...valueHints(document, draft, values),
      ...bodyHints(document, draft, values),
    ]),
  ];
  return {
    diagnostics: diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column),
    outline: outlineOf(draft),
    needs: hasErrors ? null : needsOf(draft),
  };
}

function needsOf(draft: DraftRules): CheckedText['needs'] {
  const below = rulesBelow(draft.correlations, draft.linked);
  const [first] = draft.rules;
  if (draft.correlations.length > 0) return needsOfMembers(below, true);
  return first === undefined
    ? null
    : draft.rules.length === 1
      ? needsOfRule(first)
      : needsOfMembers(draft.rules, false);
}

/** Codes whose suggestion is what should stand in the place of the word. */
const REPLACING =
  /^(modifier\/unknown|field\/unknown|condition\/unknown-identifier|rule\/invalid-value|correlation\/(type|unknown-rule))$/;

function diagnosticOf({ severity, code, message, line, column, suggestion }: Problem, text: string): Diagnostic {
  const wrong = /`([^`]+)`/.exec(message)?.[1];
  const word = wordAt(text, line, column);
  const named = wrong === undefined ? null : findInLine(text, wrong, line, column);
  const better = suggestion?.replace(/^`([^`]*)`$/, '$1');
  const isWord = better !== undefined && REPLACING.test(code) && !/^--|`/.test(better);
  const at = isWord && named !== null ? named : word;
  const fixes: QuickFix[] = isWord ? [{ title: `Write ${better}`, edits: [{ ...at, text: better }] }] : [];
  const more =
    suggestion !== undefined && !isWord ? ` ${suggestion.startsWith('--') ? 'Use' : 'Write:'} ${suggestion}` : '';
  return { ...word, severity, code, message: `${message}.${more}`, fixes };
}

function idHints({ id, line, kind }: SigmaDocument, { text }: DraftRules): Diagnostic[] {
  if (id !== null || kind === 'filter') return [];
  const at = inLine(line, 1, (text.split('\n')[line - 1] ?? '').length);
  const insert = `id: ${randomUUID()}\n`;
  const edit = { line: line + 1, column: 1, endLine: line + 1, endColumn: 1, text: insert };
  const message = 'The rule has no `id`: alerts of other versions could not be told to be of the same rule.';
  return [{ ...at, severity: 'warning', code: 'rule/no-id', message, fixes: [{ title: 'Add an id', edits: [edit] }] }];
}

const TACTIC_NAMES = TACTICS.map(({ name }) => name);
/** Other tags that Sigma knows: groups, software, CVE, detection kinds. */
const OTHER_TAG = /^(attack\.[gs]\d{4}|cve\.|detection\.|tlp\.|car\.|d3fend\.|stp\.)/i;

function tagHints({ tags, line, text: own }: SigmaDocument, { text }: DraftRules): Diagnostic[] {
  return tags.flatMap((tag): Diagnostic[] => {
    const name = tag.toLowerCase();
    if (OTHER_TAG.test(name) || /^attack\.t\d{4}(\.\d{3})?$/.test(name)) return [];
    const tactic = name.replace(/^attack\./, '').replaceAll('_', '-');
    if (name.startsWith('attack.') && TACTIC_NAMES.includes(tactic)) return [];
    const at = placeOf(tag, line, own, text);
    const near = nearestName(tactic, TACTIC_NAMES);
    const fixes = near ? [{ title: `Write attack.${near}`, edits: [{ ...at, text: `attack.${near}` }] }] : [];
    const message = `\`${tag}\` is no tactic and no technique of ATT&CK: write attack.execution or attack.t1609.`;
    return [{ ...at, severity: 'warning', code: 'tag/unknown', message, fixes }];
  });
}

/** Where a piece of text stands below the first line of a document. */
function placeOf(wanted: string, line: number, own: string, text: string, accepts = (_: string) => true): TextRange {
  const lines = own.split('\n');
  const index = lines.findIndex((each) => each.includes(wanted) && accepts(each));
  return findInLine(text, wanted, line + Math.max(0, index)) ?? inLine(line, 1, 1);
}

/** Documents as plain values, for what the engine does not tell. */
interface PlainRule {
  readonly line: number;
  readonly text: string;
  readonly detection: Readonly<Record<string, unknown>>;
}

function documentsOf({ text, documents }: DraftRules): PlainRule[] {
  const lines = new Map(documents.map((document) => [document.line, document.text]));
  return parseYaml('', text).documents.flatMap(({ value, line }) => {
    const detection = value['detection'] ?? value['filter'];
    const own = lines.get(line);
    if (typeof detection !== 'object' || detection === null || own === undefined) return [];
    return [{ line, text: own, detection: detection as Record<string, unknown> }];
  });
}

const NO_SELECTION = ['condition', 'timeframe', 'rules'];

function unusedSelections({ line, text: own, detection }: PlainRule, { text }: DraftRules): Diagnostic[] {
  const conditions = [detection['condition']].flat().filter((each) => typeof each === 'string');
  if (conditions.length === 0) return [];
  const words = conditions.flatMap((condition) => condition.split(/[\s()]+/)).filter(Boolean);
  const names = Object.keys(detection).filter((name) => !NO_SELECTION.includes(name));
  const isUsed = (name: string) =>
    words.some((word) => word === name || (word === 'them' ? !name.startsWith('_') : fits(word, name)));
  return names.flatMap((name): Diagnostic[] => {
    if (isUsed(name)) return [];
    const at = placeOf(name, line, own, text, (each) => /^\s*["']?/.exec(each)?.[0].length === each.indexOf(name));
    const end = conditionEnd(line, own);
    const more = name.startsWith('filter') ? ` and not ${name}` : ` and ${name}`;
    const fixes = end === null ? [] : [{ title: `Add${more} to the condition`, edits: [{ ...end, text: more }] }];
    const message = `The selection \`${name}\` stands in no condition and does nothing.`;
    return [{ ...at, severity: 'warning', code: 'condition/unused-selection', message, fixes }];
  });
}

function fits(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return false;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** The end of a condition that stands on one line. */
function conditionEnd(line: number, own: string): TextRange | null {
  const lines = own.split('\n');
  const index = lines.findIndex((each) => /^\s+condition:\s*[^\s>|[]/.test(each));
  const text = lines[index]?.replace(/\s+(#.*)?$/, '').trimEnd();
  return text === undefined ? null : inLine(line + index, text.length + 1, 0);
}

const KNOWN_VERBS = VERBS.map(({ name }) => name);

/** Exact values that the log never holds: verbs that are none, and values that this case does not have. */
function valueHints({ line, text: own, detection }: PlainRule, { text }: DraftRules, values: CaseValues): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, selection] of Object.entries(detection)) {
    if (NO_SELECTION.includes(name)) continue;
    for (const [field, value] of itemsOf(selection)) {
      if (typeof value !== 'string' || field.includes('|') || /[*?%\\]/.test(value) || value === '') continue;
      const hint = field === 'verb' ? verbHint(value, values) : unseenHint(field, value, values);
      if (hint === null) continue;
      const at = placeOf(value, line, own, text, (each) => !/^\s*#/.test(each) && isValueLine(each, value));
      const fixes = hint.better ? [{ title: `Write ${hint.better}`, edits: [{ ...at, text: hint.better }] }] : [];
      found.push({ ...at, severity: hint.severity, code: hint.code, message: hint.message, fixes });
    }
  }
  return found;
}

/** Fields of bodies that the case does not hold: the log was written at a lower audit level. */
function bodyHints({ line, text: own, detection }: PlainRule, draft: DraftRules, values: CaseValues): Diagnostic[] {
  const selections = Object.entries(detection).filter(([name]) => !NO_SELECTION.includes(name));
  const keys = new Set(selections.flatMap(([, selection]) => itemsOf(selection).map(([key]) => key)));
  const asked = draft.rules.find((rule) => rule.line === line)?.requires('objectRef.resource') ?? null;
  return [...keys].flatMap((key): Diagnostic[] => {
    const field = key.split('|')[0] ?? '';
    const read = bodyOfField(FIELD_ALIASES[field]?.[0] ?? field);
    const resources = asked !== null ? [...asked] : (read?.resources ?? []);
    if (read === null || !lacksBodies(values.bodies(read.body), resources)) return [];
    const of = resources.length === 0 || resources.length > 3 ? '' : ` for ${resources.join(', ')}`;
    const level = read.body === 'request' ? 'Request' : 'RequestResponse';
    const message = `\`${field}\` stands in the body of the ${read.body}, and this case holds none${of}: it is logged at level ${level}.`;
    return [{ ...placeOf(key, line, own, draft.text), severity: 'hint', code: 'field/no-body', message, fixes: [] }];
  });
}

/** Whether there are events, and none with a body. What the case never recorded is told elsewhere. */
function lacksBodies(counts: ReturnType<CaseValues['bodies']>, resources: readonly string[]): boolean {
  const those = resources.length === 0 ? [...counts.values()] : resources.flatMap((name) => counts.get(name) ?? []);
  return those.some(({ events }) => events > 0) && those.every(({ withBody }) => withBody === 0);
}

function isValueLine(line: string, value: string): boolean {
  const after = line.slice(line.indexOf(value) + value.length);
  return /^["']?\s*([,\]}#]|$)/.test(after);
}

type Item = readonly [field: string, value: unknown];

function itemsOf(selection: unknown): Item[] {
  if (Array.isArray(selection)) return selection.flatMap(itemsOf);
  if (typeof selection !== 'object' || selection === null) return [];
  return Object.entries(selection).flatMap(([field, value]) => [value].flat().map((one): Item => [field, one]));
}

type Hint = Pick<Diagnostic, 'severity' | 'code' | 'message'> & { readonly better: string | undefined };

function verbHint(verb: string, values: CaseValues): Hint | null {
  const name = verb.toLowerCase();
  const seen = values.ofColumn('verb') ?? [];
  if (KNOWN_VERBS.includes(name) || seen.some(({ value }) => value.toLowerCase() === name)) return null;
  const better = WRONG_VERBS[name] ?? nearestName(name, KNOWN_VERBS);
  const here = seen.slice(0, 5).map(({ value, events }) => `${value} ${events}`);
  const message = `No audit event has the verb \`${verb}\`.${here.length > 0 ? ` In this case: ${here.join(', ')}.` : ''}`;
  return { severity: 'warning', code: 'value/no-verb', message, better };
}

function unseenHint(field: string, value: string, values: CaseValues): Hint | null {
  const seen = values.ofColumn(field);
  if (seen === null || seen.length === 0) return null;
  const folded = value.toLowerCase();
  if (seen.some((one) => one.value.toLowerCase() === folded) || meansAnother(field, folded)) return null;
  const better = nearestName(
    value,
    seen.map((one) => one.value),
  );
  const message = `No event of this case has \`${value}\` there.${better ? ` It has ${better}.` : ''}`;
  return { severity: 'hint', code: 'value/never-seen', message, better };
}

/** Whether rules write it for a value of another field: no event has it, and yet it is met. */
const meansAnother = (field: string, folded: string): boolean =>
  VALUE_ALIASES.some((alias) => alias.field === field && alias.value.toLowerCase() === folded);

function outlineOf(draft: DraftRules): OutlineEntry[] {
  const plain = new Map(documentsOf(draft).map((document) => [document.line, document]));
  return draft.documents.map((document) => {
    const inner = plain.get(document.line);
    const names =
      inner === undefined
        ? []
        : Object.keys(inner.detection).filter((name) => name !== 'timeframe' && name !== 'rules');
    const children = names.map((name): OutlineEntry => {
      const at = placeOf(`${name}:`, document.line, document.text, draft.text);
      return { name, kind: name === 'condition' ? 'condition' : 'selection', line: at.line, children: [] };
    });
    const kind = document.kind === 'extension' ? 'baseline' : document.kind;
    return { name: document.title, kind, line: document.line, children };
  });
}
