import type { Status } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { Action } from '../store/actions.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { StoredRuleSetting } from '../store/settings.ts';
import type { RuleSelection } from './api.ts';
import type { CallScope } from './call-scope.ts';
import { studioRules } from './studio/draft-rules.ts';
import { takeBackFile } from './studio/own-rules.ts';

/** A decision about an alert as an action records it, with what stood there before. */
export interface Decided {
  readonly alert: string;
  readonly rule: string;
  readonly from: Status;
  readonly fromReason: string;
}

interface Undoing {
  readonly action: Action;
  readonly store: CaseStore;
  readonly rules: RuleSelection;
  readonly examiner: string;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
}

type Undoer = Pick<Undoing, 'store' | 'examiner' | 'time'>;
type Undo = (undoing: Undoing) => readonly ('findings' | 'marks' | 'settings')[];

/** What takes an action back, by the action's name. */
const UNDO: Readonly<Record<string, Undo>> = {
  'alert/status': ({ action: { detail }, store }) => {
    const ids = new Map(store.findings.list().map(({ key, id }) => [key, id]));
    for (const { alert, from, fromReason } of detail['alerts'] as readonly Decided[]) {
      const id = ids.get(alert);
      if (id !== undefined) store.findings.setStatus(id, from, fromReason);
    }
    return ['findings'];
  },
  'mark/add': ({ action: { detail }, store, time }) => {
    store.marks.setRemoved(detail['marks'] as number[], time);
    return ['marks'];
  },
  'mark/remove': ({ action: { detail }, store }) => {
    store.marks.setRemoved(detail['marks'] as number[], null);
    return ['marks'];
  },
  'mark/edit': ({ action: { detail }, store }) => {
    store.marks.setText(detail['mark'] as number, detail['from'] as string);
    return ['marks'];
  },
  'query/save': ({ action: { detail }, store, time }) => {
    store.savedQueries.setRemoved(detail['query'] as number, time);
    if (detail['replaced'] !== null) store.savedQueries.setRemoved(detail['replaced'] as number, null);
    return ['marks'];
  },
  'query/forget': ({ action: { detail }, store }) => {
    store.savedQueries.setRemoved(detail['query'] as number, null);
    return ['marks'];
  },
  'rule/save': ({ action: { detail }, ...undoing }) => {
    takeBackVersions([detail as unknown as SavedVersion], undoing);
    return ['settings'];
  },
  'rule/write': ({ action: { detail }, store, rules }) => {
    takeBackFile(detail, studioRules(store, rules), rules);
    return [];
  },
  'rule/remove': ({ action: { detail }, ...undoing }) => {
    takeBackVersions([detail as unknown as SavedVersion], undoing);
    return ['settings'];
  },
  'rule/import': ({ action: { detail }, ...undoing }) => {
    takeBackVersions(detail['rules'] as readonly SavedVersion[], undoing);
    return ['settings'];
  },
  'rule/set': ({ action: { id, detail }, store, examiner, time }) => {
    const ruleId = detail['rule'] as string;
    const isLater = (one: Action) => one.id > id && one.name === 'rule/set' && one.detail['rule'] === ruleId;
    if (store.actions().some(isLater)) throw cannot('The rule was set again since.');
    const from = detail['from'] as StoredRuleSetting | null | undefined;
    if (from === undefined) throw cannot('What the rule was set to before is not known.');
    store.settings.setRule(from ?? { ruleId, isEnabled: true, level: null, reason: '', examiner, time });
    return ['settings'];
  },
};

/** A version of a rule as the action that made it names it. */
interface SavedVersion {
  readonly path: string;
  readonly version: number;
}

/** Puts what stood there before back as the newest version: versions are never taken away. */
function takeBackVersions(saved: readonly SavedVersion[], { store, examiner, time }: Undoer): void {
  for (const { path, version } of saved) {
    const [newest, before] = store.settings.ruleVersions(path);
    if (newest?.version !== version) throw cannot(`${path} was changed since.`);
    const back = before ?? { ...newest, isRemoved: true };
    store.settings.addRule({ ...back, reason: 'undone', examiner, time });
  }
}

/** Takes an action back by a further one, whose id it gives. Raises `usage` where that cannot be. */
export function undoAction(id: number, { store, rules, examiner, change }: CallScope): number {
  const actions = store.actions();
  const action = actions.find((candidate) => candidate.id === id);
  const undo = action !== undefined && Object.hasOwn(UNDO, action.name) ? UNDO[action.name] : undefined;
  if (action === undefined || undo === undefined || isBare(action)) throw cannot('This cannot be undone.');
  if (actions.some(({ name, detail }) => name === 'action/undo' && detail['action'] === id))
    throw cannot('This has been undone already.');
  const time = Date.now() * 1000;
  return change(() => {
    const changed = undo({ action, store, rules, examiner, time });
    return store.record({ examiner, time, name: 'action/undo', detail: { action: id, what: action.name }, changed });
  });
}

/** A status that the command line set names one alert, and no way back. */
const isBare = ({ name, detail }: Action) => name === 'alert/status' && !Array.isArray(detail['alerts']);

const cannot = (message: string) =>
  new CaseError('usage', message, { hint: 'Change it by hand; the action log shows what was there before.' });
