import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { LEVELS, type Level } from '../../contract/rows.ts';
import type { OpenedRule, OwnRule, RuleSetting } from '../../contract/studio-calls.ts';
import { CaseError } from '../../fault.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { StoredRule } from '../../store/settings.ts';
import type { RuleSelection } from '../api.ts';
import { testsBeside } from '../rule-files.ts';
import type { StudioRules } from './draft-rules.ts';
import { isFile, isNewFile, readFileRule, removeFileRule, writeFileRule } from './rule-folders.ts';

/** Who changes something, and when (microseconds). */
export interface By {
  readonly examiner: string;
  readonly time: number;
}

const NAME = /^case\/[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\.yml$/;

/** A rule of the case stands below `case/`; one with the path of a shipped rule stands in its place; others are files. */
export function checkPath(path: string, rules: StudioRules, selection: RuleSelection): void {
  const isKnown = rules.files.set.sources.some((source) => source.path === path);
  if (NAME.test(path) || isKnown || isNewFile(path, selection)) return;
  throw new CaseError('usage', `${path} is no name of a rule.`, {
    hint: 'Use letters, digits, - and _: case/shell-in-pod.yml.',
  });
}

interface SavedRule {
  readonly path: string;
  readonly text: string;
  readonly tests: string;
  readonly reason: string;
  readonly over?: string | null;
}

/**
 * Keeps a text as the newest version of a rule, or writes the file that it stands in. Raises `rule/invalid` for a text with
 * errors, `rule/changed` if something else stands there than what was opened. Belongs into a change.
 */
export function saveRule(
  store: CaseStore,
  rules: StudioRules,
  selection: RuleSelection,
  { path, text, tests, reason, over }: SavedRule,
  by: By,
): { action: number; version: number } {
  checkPath(path, rules, selection);
  needReason(reason);
  refuseErrors(path, text, rules);
  const now = openRule(path, rules, selection, store);
  if (over !== undefined && now.sha256 !== over) throw changed(path, now.sha256, over);
  const hashes = { sha256: sha256(text), tests: sha256(tests) };
  if (now.origin !== 'own' && (isFile(path, selection) || isNewFile(path, selection))) {
    writeFileRule(path, text, tests);
    const detail: WrittenFile = { path, ...hashes, reason, ...beforeOf(now) };
    return { version: 0, action: store.record({ ...by, name: 'rule/write', detail: { ...detail }, changed: [] }) };
  }
  const version = store.settings.addRule({ path, text, tests, reason, ...by, isRemoved: false });
  const detail = { path, version, ...hashes, reason };
  return { version, action: store.record({ ...by, name: 'rule/save', detail, changed: ['settings'] }) };
}

/** A file that was written, as the action records it. */
interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  readonly tests: string;
  readonly reason: string;
  /** What stood there before; null: nothing. Not there where it was too long for the log. */
  readonly from?: { readonly text: string; readonly tests: string } | null;
}

/** Characters of a rule and its tests that the log of actions keeps, so that writing over them can be undone. */
const MOST_LOGGED = 64 * 1024;

function beforeOf({ origin, text, tests }: Pick<OpenedRule, 'origin' | 'text' | 'tests'>): Pick<WrittenFile, 'from'> {
  if (origin === 'new') return { from: null };
  return text.length + tests.length > MOST_LOGGED ? {} : { from: { text, tests } };
}

/**
 * Puts a file that was written back to what it was before, or takes a new one away. Raises `rule/changed` if something else stands
 * there than what was written, `usage` where the file is not of these folders or what it was is not known.
 */
export function takeBackFile(detail: Readonly<Record<string, unknown>>, rules: StudioRules, selection: RuleSelection) {
  const { path, sha256: text, tests, from } = detail as unknown as WrittenFile;
  const isKnown = rules.files.set.sources.some((source) => source.path === path) && isFile(path, selection);
  if (!isKnown) {
    throw new CaseError('usage', `${path} is no file of the folders of rules that are open.`, {
      hint: 'If it is still there, start the program with its folder: decklog serve CASE --rules DIR.',
      at: { path },
    });
  }
  const now = readFileRule(path);
  if (sha256(now.text) !== text || sha256(now.tests) !== tests) {
    throw new CaseError('rule/changed', `${path} was changed since it was saved; it stays as it is.`, {
      hint: 'Open it and change it by hand; the action log keeps what stood there before.',
      at: { path },
    });
  }
  if (from === undefined) {
    throw new CaseError('usage', `What stood in ${path} before was too long for the action log.`, {
      hint: 'Take it from your repository or a backup.',
      at: { path },
    });
  }
  if (from === null) removeFileRule(path);
  else writeFileRule(path, from.text, from.tests);
}

function refuseErrors(path: string, text: string, rules: StudioRules): void {
  const problems = rules.read(path, text).problems.filter(({ severity }) => severity === 'error');
  const [first] = problems;
  if (first === undefined) return;
  throw new CaseError('rule/invalid', `${path}:${first.line}:${first.column}: ${first.message}`, {
    hint: 'Mend it first: a run would refuse it.',
    at: { path, line: first.line, column: first.column },
    problems,
  });
}

function changed(path: string, now: string | null, over: string | null): CaseError {
  const what = over === null ? 'stands there already' : now === null ? 'is gone' : 'was changed by something else';
  return new CaseError('rule/changed', `${path} ${what}; nothing was saved.`, {
    hint:
      over === null ? 'Choose another name.' : 'Compare with what stands there now, then save over it or take it up.',
    at: { path },
  });
}

/** Takes a rule out of the case; its versions stay. Belongs into a change. */
export function removeRule(store: CaseStore, path: string, reason: string, by: By): { action: number } {
  needReason(reason);
  const last = store.settings.ruleVersions(path)[0];
  if (last === undefined || last.isRemoved) {
    throw new CaseError('usage', `${path} is no rule of this case.`, {
      hint: 'A shipped rule is switched off instead.',
    });
  }
  const version = store.settings.addRule({ ...last, ...by, reason, isRemoved: true });
  return {
    action: store.record({ ...by, name: 'rule/remove', detail: { path, version, reason }, changed: ['settings'] }),
  };
}

/** Switches a rule on or off, or gives it another level, in this case. Belongs into a change. */
export function setRule(
  store: CaseStore,
  setting: {
    readonly rule: string;
    readonly isEnabled: boolean;
    readonly level: Level | null;
    readonly reason: string;
  },
  by: By,
): { action: number } {
  const { rule, isEnabled, level, reason } = setting;
  if (level !== null && !LEVELS.includes(level))
    throw new CaseError('usage', `${level} is no level.`, { hint: `Use one of ${LEVELS.join(', ')}.` });
  needReason(reason);
  const from = store.settings.ruleSettings().find(({ ruleId }) => ruleId === rule) ?? null;
  store.settings.setRule({ ruleId: rule, isEnabled, level, reason, ...by });
  const detail = { rule, isEnabled, level, reason, from };
  return { action: store.record({ ...by, name: 'rule/set', detail, changed: ['settings'] }) };
}

/** Raises `usage` where nobody says why. */
export function needReason(reason: string): void {
  if (reason.trim() !== '') return;
  throw new CaseError('usage', 'A reason is needed.', { hint: 'Say why: it stands in the log of actions.' });
}

/** A rule as an editor opens it: the newest version of the case, else the file as it is now, else nothing yet. */
export function openRule(
  path: string,
  rules: StudioRules,
  selection: RuleSelection,
  store: CaseStore,
): Omit<OpenedRule, 'unsaved'> {
  const [own] = store.settings.ruleVersions(path);
  if (own !== undefined && !own.isRemoved) return opened('own', own, own.version);
  const source = rules.files.set.sources.find((candidate) => candidate.path === path);
  if (source === undefined) return { ...opened('new', { path, text: '', tests: '' }, own?.version ?? 0), sha256: null };
  if (isFile(path, selection)) return opened('file', readFileRule(path), 0);
  return opened('shipped', { ...source, tests: testsBeside(source)?.text ?? '' }, 0);
}

function opened(
  origin: OpenedRule['origin'],
  { path, text, tests }: Pick<OpenedRule, 'path' | 'text' | 'tests'>,
  version: number,
): Omit<OpenedRule, 'unsaved'> {
  return { path, text, tests, origin, version, sha256: sha256(JSON.stringify([text, tests])) };
}

export const ownRule = ({ path, version, text, tests, isRemoved, reason, examiner, time }: StoredRule): OwnRule => ({
  ...{ path, version, text, tests, isRemoved, reason, examiner, time },
});

export function ruleSettings(store: CaseStore): RuleSetting[] {
  return store.settings.ruleSettings().map(({ ruleId, ...setting }) => ({ rule: ruleId, ...setting }));
}

/** Rules of the case with their tests as files of a zip, and a list of their hashes. The same rules give the same bytes. */
export function exportRules(store: CaseStore): Uint8Array {
  const files = store.settings
    .ownRules()
    .filter(({ isRemoved }) => !isRemoved)
    .flatMap(({ path, text, tests }) => [
      { path: path.replace(/^case\//, ''), text },
      ...(tests.trim() === ''
        ? []
        : [{ path: path.replace(/^case\//, '').replace(/\.yml$/, '.test.yml'), text: tests }]),
    ]);
  const sums = files.map(({ path, text }) => `${sha256(text)}  ${path}\n`).join('');
  const entries = [...files, { path: 'SHA256SUMS', text: sums }].map(
    ({ path, text }) => [path, strToU8(text)] as const,
  );
  return zipSync(Object.fromEntries(entries), { mtime: new Date(Date.UTC(2000, 0, 1, 12)) });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
