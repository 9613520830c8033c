import { setImmediate as nextTurn } from 'node:timers/promises';
import { TACTIC_TITLES, techniqueName } from '../../contract/attack-names.ts';
import { type Coverage, LEVELS, type Level } from '../../contract/rows.ts';
import type { MatrixTactic, MatrixTechnique, RuleCost, RuleLine } from '../../contract/rule-calls.ts';
import { CaseError } from '../../fault.ts';
import { alertLines } from '../alert-lines.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { type RulePack, rulePackOf } from '../rule-pack.ts';
import type { ListedRule } from '../rules-api.ts';

/** Tests of all rules run between other calls, in slices of this length. */
const SLICE_MS = 15;

export const ruleCalls = {
  'rules/list': (_req, scope) => ruleLines(rulePackOf(scope.rules, scope.store.settings), scope),

  'rules/tests': async (_req, scope) => {
    const pack = rulePackOf(scope.rules, scope.store.settings);
    await testAll(pack, scope);
    return pack.rules.flatMap(({ id, path }) => {
      const tests = countTests(pack, path);
      return tests === null ? [] : [{ rule: id, ...tests }];
    });
  },

  'rules/detail': ({ id }, scope) => {
    const pack = rulePackOf(scope.rules, scope.store.settings);
    const line = ruleLines(pack, scope).find((candidate) => candidate.id === id);
    const rule = pack.rules.find((candidate) => candidate.id === id);
    const document = pack.document(id);
    if (line === undefined || rule === undefined || document === undefined)
      throw new CaseError('rule/unreadable', 'This rule is not among those that are loaded.', {
        hint: 'A rule of an earlier run stands with its alerts.',
      });
    const tests = pack.tests(rule.path) ?? [];
    return {
      line,
      description: document.description,
      text: pack.source(rule.path)?.text ?? document.text,
      testsText: pack.testsText(rule.path),
      tests: tests.map(({ kind, name, ok, reason }) => ({ kind, name, ok, reason })),
      needs: rule.needs,
      falsePositives: document.falsepositives,
      nextSteps: textsOf(document.custom['nextSteps']),
      references: document.references,
      problems: pack.pack.problems.filter(({ path }) => path === rule.path),
      coverage: scope.session.coverage().find((row) => row.rule.id === id) ?? null,
    };
  },

  'rules/matrix': (_req, scope) => matrixOf(ruleLines(rulePackOf(scope.rules, scope.store.settings), scope), scope),

  'coverage/list': ({ state }, { session }) =>
    session.coverage().filter((row) => state === undefined || row.state === state),

  'coverage/sum': (_req, { session }) => {
    const rows = session.coverage();
    const count = (state: Coverage['state']) => rows.filter((row) => row.state === state).length;
    const reasons = Map.groupBy(
      rows.filter(({ state }) => state === 'blind'),
      ({ reason }) => reason,
    );
    return {
      rules: rows.length,
      fired: count('fired'),
      clean: count('clean'),
      blind: count('blind'),
      partly: rows.filter(({ state, parts }) => state === 'clean' && parts.length > 0).length,
      reasons: [...reasons]
        .map(([reason, those]) => ({ reason, rules: those.length }))
        .sort((a, b) => b.rules - a.rules || (a.reason < b.reason ? -1 : 1)),
      policy: session.policy('medium').policy,
    };
  },
} satisfies Partial<CallTable>;

async function testAll(pack: RulePack, { signal }: CallScope): Promise<void> {
  let turn = performance.now();
  for (const { path } of pack.rules) {
    pack.tests(path);
    if (performance.now() - turn < SLICE_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    turn = performance.now();
  }
}

function countTests(pack: RulePack, path: string): { passed: number; failed: number } | null {
  const results = pack.tests(path);
  if (results === null) return null;
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed };
}

function ruleLines(pack: RulePack, scope: CallScope): RuleLine[] {
  const coverage = new Map(scope.session.coverage().map((row) => [row.rule.id, row]));
  const alerts = Map.groupBy(alertLines(scope.store), (line) => line.rule.id);
  const costs = costsOf(scope);
  const { settings } = scope.store;
  const set = new Map(settings.ruleSettings().map((setting) => [setting.ruleId, setting]));
  const own = new Set(settings.ownRules().flatMap(({ path, isRemoved }) => (isRemoved ? [] : [path])));
  return pack.rules.map((rule) => {
    const { id, title, path, attack, tactics, defender } = rule;
    const setting = set.get(id);
    const isOff = setting?.isEnabled === false;
    const hits = alerts.get(id) ?? [];
    const seen = coverage.get(id);
    return {
      ...{ id, title, path, attack, tactics, defender, isOff },
      level: setting?.level ?? rule.level,
      origin: path.startsWith('rules/') && !own.has(path) ? 'shipped' : 'own',
      kind: kindOf(rule, pack),
      alerts: hits.length,
      open: hits.filter(({ status }) => status === 'open').length,
      state: seen?.state ?? 'not run',
      reason: isOff
        ? `Switched off in this case: ${setting.reason}`
        : (seen?.reason ?? 'The rules have not been run with it.'),
      cost: costs.get(id) ?? null,
    };
  });
}

function kindOf({ id }: ListedRule, pack: RulePack): RuleLine['kind'] {
  const kind = pack.document(id)?.kind;
  // Baselines are the one kind that is registered beside Sigma's own.
  if (kind === 'extension') return 'baseline';
  return kind === 'correlation' || kind === 'filter' ? kind : 'rule';
}

/** What the last run of this session measured. */
function costsOf({ jobs, store }: CallScope): ReadonlyMap<string, RuleCost> {
  const result = jobs.lastDone('detect')?.result;
  if (result?.kind !== 'detect') return new Map();
  const millions = Math.max(1, store.glance().events) / 1_000_000;
  return new Map(
    result.costs.map(({ rule, seen, matched, ms }) => [rule, { seen, matched, ms, msPerMillionEvents: ms / millions }]),
  );
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

function matrixOf(lines: readonly RuleLine[], scope: CallScope): MatrixTactic[] {
  const levels = worstLevels(scope);
  return Object.entries(TACTIC_TITLES).flatMap(([tactic, title]) => {
    const those = lines.filter((line) => line.tactics.includes(tactic));
    if (those.length === 0) return [];
    const ids = [...new Set(those.flatMap(({ attack }) => (attack.length > 0 ? attack : [''])))].sort();
    return [{ tactic, title, techniques: ids.map((id) => techniqueOf(id, those, levels)) }];
  });
}

function techniqueOf(id: string, lines: readonly RuleLine[], levels: ReadonlyMap<string, Level>): MatrixTechnique {
  const those = lines.filter(({ attack }) => (id === '' ? attack.length === 0 : attack.includes(id)));
  const count = (state: RuleLine['state']) => those.filter((line) => line.state === state).length;
  const found = those.flatMap((line) => levels.get(line.id) ?? []);
  return {
    ...{ id, name: id === '' ? 'no technique' : techniqueName(id) },
    ...{ fired: count('fired'), clean: count('clean'), blind: count('blind') },
    alerts: those.reduce((sum, line) => sum + line.alerts, 0),
    level: found.length === 0 ? null : found.reduce(worse),
    rules: those.map((line) => line.id),
  };
}

const worse = (a: Level, b: Level): Level => (LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b);

/** The worst level of the alerts of each rule. */
function worstLevels({ store }: CallScope): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  for (const { rule, level } of alertLines(store)) levels.set(rule.id, worse(levels.get(rule.id) ?? level, level));
  return levels;
}
