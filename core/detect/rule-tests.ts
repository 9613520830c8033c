import type { Problem } from '../contract/fault.ts';
import {
  correlate,
  itemMapper,
  type LinkedRules,
  linkRules,
  parseRules,
  parseYaml,
  type SigmaDocument,
  type SigmaOptions,
  type SigmaRule,
  type TraceNode,
} from '../sigma/sigma.ts';
import { type LinkedBaseline, linkBaselines } from './baseline/link-baselines.ts';
import { tryBaselines } from './baseline/try-baseline.ts';
import type { RuleSource } from './rule-set.ts';
import { writeOut } from './test-history.ts';

/** What the tests beside a rule ask for. `match` and `miss` are about single events, the others about correlations and baselines. */
export type RuleTestKind = 'match' | 'miss' | 'alert' | 'quiet';

export interface RuleTestResult {
  /** Path of the tests. */
  readonly path: string;
  readonly kind: RuleTestKind;
  readonly name: string;
  readonly ok: boolean;
  /** Why it failed; empty if it did not. */
  readonly reason: string;
}

export interface RuleTestRun {
  readonly results: readonly RuleTestResult[];
  /** Problems of the rule or of the file of tests: with an error among them nothing was run. */
  readonly problems: readonly Problem[];
}

export interface RuleTestInput {
  readonly rule: RuleSource;
  readonly tests: RuleSource;
  readonly options: SigmaOptions;
  /** Documents of other files that the rule may refer to. */
  readonly others: readonly SigmaDocument[];
}

interface RuleTest {
  readonly kind: RuleTestKind;
  readonly name: string;
  readonly events: readonly unknown[];
  readonly alerts: number | null;
}

const KINDS: readonly RuleTestKind[] = ['match', 'miss', 'alert', 'quiet'];

/** Runs the tests beside a rule (docs/sigma.md, section on tests). Pure: texts in, results out. */
export function runRuleTests({ rule, tests, options, others }: RuleTestInput): RuleTestRun {
  const file = parseYaml(tests.path, tests.text);
  const raw = file.documents[0]?.value ?? {};
  const placeholders = { ...options.placeholders, ...(raw['placeholders'] as SigmaOptions['placeholders']) };
  const own = parseRules(rule.path, rule.text, { ...options, placeholders });
  const linked = linkRules([...own.documents, ...others.filter((document) => document.path !== rule.path)]);
  const { baselines, problems: unlinked } = linkBaselines(linked);
  const linkProblems = [...linked.problems, ...unlinked].filter((problem) => problem.path === rule.path);
  const problems = [...file.problems, ...own.problems, ...linkProblems, ...shapeProblems(tests.path, raw)];
  if (problems.some((problem) => problem.severity === 'error')) return { results: [], problems };
  const run = testRunner(linked, baselines, rule.path, options);
  const results = readTests(raw).map(({ kind, name, ...test }) => {
    const reason = run({ kind, name, ...test });
    return { path: tests.path, kind, name, ok: reason === '', reason };
  });
  return { results, problems };
}

function readTests(raw: Readonly<Record<string, unknown>>): RuleTest[] {
  return KINDS.flatMap((kind) =>
    listOf(raw[kind]).map((entry, index) => {
      const { name, event, events, alerts, history } = entry as Record<string, unknown>;
      return {
        kind,
        name: typeof name === 'string' ? name : `${kind} ${index + 1}`,
        events: [...(writeOut(history) ?? []), ...(events === undefined ? [event] : listOf(events))],
        alerts: typeof alerts === 'number' ? alerts : null,
      };
    }),
  );
}

/** A test that nobody runs because of a slip would pass for ever. */
function shapeProblems(path: string, raw: Readonly<Record<string, unknown>>): Problem[] {
  const wrong = (message: string): Problem => ({
    path,
    severity: 'error',
    code: 'rule/invalid-value',
    message,
    line: 1,
    column: 1,
  });
  const unknown = Object.keys(raw).filter((key) => key !== 'placeholders' && !KINDS.some((kind) => kind === key));
  const problems = unknown.map((key) => wrong(`\`${key}\` is no kind of test: ${KINDS.join(', ')}`));
  for (const kind of KINDS) {
    for (const [index, entry] of listOf(raw[kind]).entries()) {
      if (!isTest(entry))
        problems.push(
          wrong(
            `\`${kind}\` number ${index + 1} needs an \`event\`, or a list of \`events\`; a \`history\` has \`event\`, \`from\`, \`every\` and \`times\``,
          ),
        );
    }
  }
  if (KINDS.every((kind) => listOf(raw[kind]).length === 0)) problems.push(wrong('The file holds no test'));
  return problems;
}

function isTest(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  const { event, events, history } = entry as Record<string, unknown>;
  if (history !== undefined && writeOut(history) === null) return false;
  return (typeof event === 'object' && event !== null) !== (Array.isArray(events) && events.length > 0);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function testRunner(
  linked: LinkedRules,
  baselines: readonly LinkedBaseline[],
  path: string,
  options: SigmaOptions,
): (test: RuleTest) => string {
  const habits = baselines.filter(({ document }) => document.path === path);
  const rules = linked.rules.filter((rule) => rule.path === path);
  const toItems = itemMapper(linked, options);
  return ({ kind, events, alerts }) => {
    if (kind === 'match') return firstReason(events, (event) => missReason(rules, event));
    if (kind === 'miss') return firstReason(events, (event) => matchReason(rules, event));
    const reports = tryBaselines(habits, events, options).flatMap(({ episodes }) => episodes);
    const found = countAlerts(linked, path, events, toItems) + reports.length;
    const isFine = kind === 'quiet' ? found === 0 : alerts === null ? found > 0 : found === alerts;
    return isFine ? '' : `${found} alerts instead of ${kind === 'quiet' ? 0 : (alerts ?? 'some')}`;
  };
}

function firstReason(events: readonly unknown[], reasonOf: (event: unknown) => string): string {
  return events.map(reasonOf).find((reason) => reason !== '') ?? '';
}

function missReason(rules: readonly SigmaRule[], event: unknown): string {
  if (rules.some((rule) => rule.matches(event))) return '';
  const rule = rules[0];
  if (!rule) return 'there is no rule in the file';
  return rule.applies
    ? `no match: ${failures(rule.trace(event)).slice(0, 3).join('; ')}`
    : 'its log source is another one';
}

function matchReason(rules: readonly SigmaRule[], event: unknown): string {
  const rule = rules.find((one) => one.matches(event));
  if (!rule) return '';
  const met = rule
    .explain(event)
    .slice(0, 3)
    .map(({ field, value }) => `${field} is ${String(value)}`);
  return `\`${rule.title}\` matches: ${met.join('; ')}`;
}

/** The comparisons that keep a rule from matching, `not` turned round. */
function failures(node: TraceNode, wanted = true): string[] {
  if (node.result === wanted) return [];
  if (node.kind === 'not') return node.parts.flatMap((part) => failures(part, !wanted));
  if (node.kind !== 'comparison') return node.parts.flatMap((part) => failures(part, wanted));
  const seen = node.actual?.length ? node.actual.slice(0, 3).map(String).join(', ') : 'no such field';
  return [`line ${node.line}, \`${node.label}\` is ${node.result}, the event has ${seen}`];
}

function countAlerts(
  linked: LinkedRules,
  path: string,
  events: readonly unknown[],
  toItems: ReturnType<typeof itemMapper>,
): number {
  const members = [...new Set([...linked.members.values()].flat())].filter((member) => member.kind === 'rule');
  const items = events.flatMap((event, index) =>
    toItems(
      event,
      String(index).padStart(9, '0'),
      members.filter((rule) => rule.matches(event)),
    ),
  );
  return correlate(linked, items).filter((alert) => alert.correlation.path === path).length;
}
