import { CaseError } from '../../fault.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { eventOf } from '../event-rows.ts';
import type { Hunting } from '../hunting.ts';
import { huntingOf } from '../hunting.ts';
import { CaseValues } from '../studio/case-values.ts';
import { checkText } from '../studio/check-text.ts';
import { complete, hover } from '../studio/complete.ts';
import { difference } from '../studio/difference.ts';
import { draftOfEvent, filterOfAlert } from '../studio/draft-from.ts';
import { draftOfQuery } from '../studio/draft-from-query.ts';
import { type StudioRules, studioRules } from '../studio/draft-rules.ts';
import { formatted } from '../studio/format.ts';
import { matchPool } from '../studio/match-pool.ts';
import { exportRules, openRule, ownRule, removeRule, ruleSettings, saveRule, setRule } from '../studio/own-rules.ts';
import { preview } from '../studio/preview.ts';
import { readPack } from '../studio/read-pack.ts';
import { foldersOf, withFolder } from '../studio/rule-folders.ts';
import { sightOfDraft } from '../studio/sight.ts';
import { takePack, tryPack } from '../studio/take-pack.ts';
import { testText, withTest } from '../studio/tests.ts';
import { dropUnsaved, keepUnsaved, listUnsaved, readUnsaved } from '../studio/unsaved.ts';
import { pastedEvent, why } from '../studio/why.ts';

const valuesByCase = new WeakMap<Hunting, CaseValues>();

function valuesOf({ store }: CallScope): CaseValues {
  const hunting = huntingOf(store);
  const known = valuesByCase.get(hunting) ?? new CaseValues(hunting.source);
  valuesByCase.set(hunting, known);
  return known;
}

const rulesOf = ({ store, rules }: CallScope): StudioRules => studioRules(store, rules);
const by = ({ examiner }: CallScope) => ({ examiner, time: Date.now() * 1000 });

/** One of the case, or one that was pasted. */
function oneEvent({ event, json }: { readonly event?: number; readonly json?: string }, { store }: CallScope) {
  if ((event === undefined) === (json === undefined))
    throw new CaseError('usage', 'One event is needed.', { hint: 'Pick one, or paste one.' });
  return event === undefined ? pastedEvent(json ?? '') : eventOf(store.events, event);
}

/** Calls of the rule studio. */
export const studioCalls = {
  'studio/open': ({ path }, scope) => {
    // Whoever opens a rule soon looks at its matches.
    matchPool.start();
    const unsaved = scope.role === 'admin' ? readUnsaved(scope.store.path, path) : null;
    return { ...openRule(path, rulesOf(scope), scope.rules, scope.store), unsaved };
  },
  'studio/unsaved': (_req, { store, role }) =>
    role === 'admin' ? listUnsaved(store.path).map(({ path, version, time }) => ({ path, version, time })) : [],
  'studio/keep': (rule, { store }) => {
    keepUnsaved(store.path, rule);
    return {};
  },
  'studio/give-up': ({ path }, { store }) => {
    dropUnsaved(store.path, path);
    return {};
  },
  'studio/format': ({ text }) => ({ text: formatted(text) }),
  'studio/check': ({ path, text }, scope) => checkText(rulesOf(scope).read(path, text), valuesOf(scope)),
  'studio/complete': ({ text, line, column }, scope) => complete(text, line, column, valuesOf(scope), scope.signal),
  'studio/hover': ({ text, line, column }, scope) => hover(text, line, column, valuesOf(scope)),
  'studio/preview': ({ path, text, until }, scope) => {
    const rules = rulesOf(scope);
    return preview(rules.read(path, text), rules, until, scope.store, scope.signal);
  },
  'studio/why': ({ path, text, ...asked }, scope) => why(rulesOf(scope).read(path, text), oneEvent(asked, scope)),
  'studio/sight': ({ path, text }, scope) => {
    const rules = rulesOf(scope);
    return sightOfDraft(rules.read(path, text), rules, scope.store, scope.signal);
  },
  'studio/test': ({ path, text, tests }, scope) => testText(rulesOf(scope), path, text, tests),
  'studio/add-test': ({ tests, kind, name, ...asked }, scope) => ({
    tests: withTest(tests, kind, name, oneEvent(asked, scope)),
  }),
  'studio/draft': ({ from }, { store }) => {
    if ('query' in from) return draftOfQuery(from.query);
    if ('event' in from) return draftOfEvent(eventOf(store.events, from.event), from.fields, from.patterns);
    const [first] = store.findings.proofOf(from.alert);
    if (first === undefined) throw new CaseError('usage', 'The alert has no events.', { hint: 'Take an event.' });
    return draftOfEvent(eventOf(store.events, first), from.fields, from.patterns);
  },
  'studio/exclude': ({ alert }, { store }) => ({ text: filterOfAlert(store.findings.get(alert)) }),
  'studio/difference': ({ path, text }, scope) => {
    const rules = rulesOf(scope);
    return difference(rules.read(path, text), rules, scope.store, scope.signal);
  },
  'studio/own': (_req, { store }) => store.settings.ownRules().map(ownRule),
  'studio/versions': ({ path }, { store }) => store.settings.ruleVersions(path).map(ownRule),
  'studio/folders': (_req, { rules, role }) => (role === 'admin' ? foldersOf(rules) : []),
  'studio/use-folder': ({ path }, { rules, takeRules }) => {
    const more = withFolder(rules, path);
    takeRules(more);
    return foldersOf(more);
  },
  'studio/leave-folder': ({ path }, { rules, takeRules }) => {
    const less = { ...rules, paths: rules.paths.filter((one) => one !== path) };
    takeRules(less);
    return foldersOf(less);
  },
  'studio/save': (rule, scope) => {
    const saved = scope.change(() => saveRule(scope.store, rulesOf(scope), scope.rules, rule, by(scope)));
    dropUnsaved(scope.store.path, rule.path);
    return saved;
  },
  'studio/remove': ({ path, reason }, scope) => scope.change(() => removeRule(scope.store, path, reason, by(scope))),
  'studio/settings': (_req, { store }) => ruleSettings(store),
  'studio/set': (setting, scope) => scope.change(() => setRule(scope.store, setting, by(scope))),
  'studio/import': async ({ paths, names, reason, isTrial }, scope) => {
    const pack = await readPack(paths, names, scope.signal);
    if (isTrial) return tryPack(pack, rulesOf(scope), scope.store);
    return scope.change(() => takePack(pack, rulesOf(scope), scope.store, reason, by(scope)));
  },
  'studio/export': (_req, { store, files }) => files.write('rules.zip', 'application/zip', [exportRules(store)]),
} satisfies Partial<CallTable>;
