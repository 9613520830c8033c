import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { listRules } from '../../core/host/rules.ts';
import type { ListedRule } from '../../core/host/rules-api.ts';

/** A row of another product's catalogue, and what answers to it here. */
export interface Reference {
  readonly id: string;
  readonly name: string;
  /** Names of files of rules. */
  readonly rules: readonly string[];
  /** What has to be learnt to see it. */
  readonly learning?: string;
  /** Why an audit log cannot show it. */
  readonly impossible?: string;
}

export interface References {
  /** Control-plane alerts. */
  readonly defender: readonly Reference[];
  /** Alerts of a sensor on nodes whose equivalent in an audit log is good. */
  readonly node: readonly Reference[];
  readonly capabilities: readonly Reference[];
}

export const readReferences = (): References =>
  JSON.parse(readFileSync(new URL('../../rules/references.json', import.meta.url), 'utf8'));

export type State = 'covered' | 'learning' | 'impossible' | 'empty';

/** A row with the rules that answer to it. */
export interface Answered extends Reference {
  readonly state: State;
  readonly answers: readonly ListedRule[];
}

const nameOf = ({ path }: ListedRule) => basename(path, '.yml');

/** Rules that are named for a row, and those that carry its id. */
export function answered(reference: Reference, rules: readonly ListedRule[]): Answered {
  const answers = rules.filter((rule) => reference.rules.includes(nameOf(rule)) || rule.defender === reference.id);
  const isEmpty = answers.length === 0;
  const state = reference.impossible ? 'impossible' : reference.learning ? 'learning' : isEmpty ? 'empty' : 'covered';
  return { ...reference, state, answers };
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const link = (rule: ListedRule) => `[${nameOf(rule)}](../${rule.path}) ${rule.level}`;

function row({ id, name, state, answers, learning, impossible }: Answered): string {
  const why = impossible ?? (learning ? `learnt: ${learning}` : '');
  const rules = answers.map(link).join(', ');
  return `| \`${id}\` | ${cell(name)} | ${state} | ${[rules, cell(why)].filter(Boolean).join('; ')} |\n`;
}

function table(title: string, about: string, rows: readonly Answered[]): string {
  return `\n## ${title}\n\n${about}\n\n${tally(rows)}\n\n| id | what | state | rules |\n|---|---|---|---|\n${rows.map(row).join('')}`;
}

function tally(rows: readonly Answered[]): string {
  const count = (state: State) => rows.filter((one) => one.state === state).length;
  return `${rows.length} rows: ${count('covered')} covered, ${count('learning')} learning, ${count('impossible')} impossible.`;
}

const HEAD = `# The pack and what other products see

This page is made from the rules and from \`rules/references.json\` (\`npm run docs:rules\`; a test says when it is out of date). Our
rules are equivalents seen from an audit log, never the detections of the products named.

*covered*: the rules named find it. *learning*: what is unusual has to be learnt from the log itself, by rules with a \`baseline\`; the
rules named see the parts of it that need no learning. *impossible*: an audit log cannot show it, and why.
`;

const WORDS: Readonly<Record<keyof References, readonly [title: string, about: string]>> = {
  defender: [
    'Control-plane alerts of Microsoft Defender',
    'Every alert of the catalogue that begins with `K8S_`, and those that were seen and never documented.',
  ],
  node: [
    'Runtime alerts of Microsoft Defender',
    'Alerts of the sensor on nodes (`K8S.NODE_`) whose equivalent in an audit log is good: what goes through the API server. The others need a sensor.',
  ],
  capabilities: [
    'Capabilities of other products',
    'The union of what thirteen public products find in audit logs of Kubernetes.',
  ],
};

/** docs/rules.md as rules and references make it. */
export function rulesPage(references = readReferences()): string {
  const rules = listRules([]);
  const tables = (['defender', 'node', 'capabilities'] as const).map((kind) => {
    const [title, about] = WORDS[kind];
    return table(
      title,
      about,
      references[kind].map((reference) => answered(reference, rules)),
    );
  });
  return [HEAD, ...tables, wholePack(rules, references)].join('');
}

function wholePack(rules: readonly ListedRule[], references: References): string {
  const rows = [...references.defender, ...references.node, ...references.capabilities].map((reference) =>
    answered(reference, rules),
  );
  const named = new Map(
    rules.map((rule) => [rule, rows.filter(({ answers }) => answers.includes(rule)).map(({ id }) => `\`${id}\``)]),
  );
  const own = rules.filter((rule) => named.get(rule)?.length === 0).length;
  const folders = [...Map.groupBy(rules, (rule) => basename(dirname(rule.path)))].sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = folders.map(([folder, inside]) => {
    const lines = inside.map((rule) => packRow(rule, named.get(rule) ?? []));
    return `\n### ${folder}\n\n| rule | level | title | ATT&CK | needs | answers to |\n|---|---|---|---|---|---|\n${lines.join('')}`;
  });
  const about = `${rules.length} rules, ${own} of them answer to no row of the catalogues above: no product that was read has them.`;
  return `\n## The whole pack\n\n${about} *Needs* is the lowest audit level that can show it, and whether bodies are read.\n${sections.join('')}`;
}

function packRow(rule: ListedRule, answersTo: readonly string[]): string {
  const { level, bodies } = rule.needs;
  const needs = `${level}${bodies ? ', bodies' : ''}`;
  const cells = [
    `[${nameOf(rule)}](../${rule.path})`,
    rule.level,
    cell(rule.title),
    rule.attack.join(' '),
    needs,
    answersTo.join(' '),
  ];
  return `| ${cells.join(' | ')} |\n`;
}
