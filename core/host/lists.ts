import { stringify } from 'yaml';
import type { OwnValue, RuleList } from '../contract/rows.ts';
import { listName, loadRuleFiles, type RuleFiles } from '../detect/load-rules.ts';
import { compilePack, listsUsedBy } from '../detect/pack.ts';
import { formatTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import { parseYaml } from '../sigma/sigma.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { Change, ListEntry, Settings } from '../store/settings.ts';
import type { ListChange } from './api.ts';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Values of one change: a longer list is an indicator feed, which has its own import. */
const MOST_VALUES = 10_000;
const MOST_CHARACTERS = 1000;

/** Every list that rules compare with, by name: what is shipped and what the case has of its own. */
export function listsOf(settings: Settings): RuleList[] {
  const files = loadRuleFiles({ shipped: true, paths: [] });
  const pack = compilePack(files.set);
  const users = new Map<string, string[]>();
  for (const document of pack.documents) {
    for (const list of listsUsedBy(document)) users.set(list, [...(users.get(list) ?? []), document.title]);
  }
  const own = Map.groupBy(settings.listEntries(), ({ list }) => list);
  const replaced = new Set(settings.replacedLists());
  const sources = new Map(files.listSources.map((source) => [listName(source), source.text]));
  const names = [...new Set([...sources.keys(), ...own.keys(), ...replaced])].sort();
  return names.map((name) => ({
    name,
    ...describe(sources.get(name)),
    shipped: (files.set.lists[name] ?? []).map(String),
    isReplaced: replaced.has(name),
    own: (own.get(name) ?? []).map(ownValue),
    rules: [...new Set(users.get(name) ?? [])].sort(),
  }));
}

function describe(text: string | undefined): Pick<RuleList, 'title' | 'description' | 'date' | 'origin'> {
  if (text === undefined) return { title: '', description: 'A list of this case.', date: null, origin: '' };
  const raw = parseYaml('', text).documents[0]?.value ?? {};
  const textOf = (key: string) => (raw[key] === undefined || raw[key] === null ? '' : String(raw[key]).trim());
  return {
    title: textOf('title'),
    description: textOf('description'),
    date: textOf('date') || null,
    origin: textOf('origin'),
  };
}

const ownValue = ({ value, note, examiner, time }: ListEntry): OwnValue => ({
  value,
  note,
  examiner,
  time: formatTime(time),
});

/** The rules as this case wants them run: its own values join the lists, or stand in their place. */
export function withOwnLists(files: RuleFiles, settings: Settings): RuleFiles {
  const replaced = settings.replacedLists();
  const own = Map.groupBy(settings.listEntries(), ({ list }) => list);
  const names = [...new Set([...own.keys(), ...replaced])].sort();
  if (names.length === 0) return files;
  const lists: Record<string, readonly (string | number)[]> = { ...files.set.lists };
  for (const name of names) {
    const before = replaced.includes(name) ? [] : (files.set.lists[name] ?? []);
    lists[name] = [...new Set([...before, ...(own.get(name) ?? []).map(({ value }) => value)])];
  }
  const sources = names.map((name) => ({
    path: `case/lists/${name}.yml`,
    text: textOfList(name, replaced.includes(name), own.get(name) ?? []),
  }));
  return { ...files, set: { ...files.set, lists }, listSources: [...files.listSources, ...sources] };
}

/** What a run keeps of a list of the case: a file of the same shape as those that are shipped. */
function textOfList(name: string, isReplaced: boolean, entries: readonly ListEntry[]): string {
  return stringify({
    title: name,
    origin: isReplaced
      ? 'values of this case, in the place of the shipped ones'
      : 'values of this case, beside the shipped ones',
    values: entries.map(({ value }) => value),
    entries: entries.map(({ value, note, examiner, time }) => ({ value, note, examiner, date: formatTime(time) })),
  });
}

/** Changes a list of the case and says what that changed. Raises `list/invalid` and leaves all as it was if a rule could not be run then. */
export function changeList(store: CaseStore, change: ListChange, examiner: string, time: number): void {
  const { name, add = [], remove = [], replaces, note = '' } = change;
  checkValues(name, [...add, ...remove]);
  const by: Change = { note, examiner, time };
  store.change(() => {
    const { settings } = store;
    const removed = remove.filter((value) => settings.removeEntry(name, value));
    const missing = remove.filter((value) => !removed.includes(value));
    if (missing[0] !== undefined) throw notOwn(name, missing[0]);
    const added = add.filter((value) => settings.addEntry(name, value, by));
    const isSwitched = replaces !== undefined && settings.setReplaced(name, replaces, by);
    if (added.length + removed.length === 0 && !isSwitched) return;
    refuseBrokenRules(settings, name);
    store.record({
      examiner,
      time,
      name: 'list/change',
      detail: { list: name, added, removed, ...(isSwitched && { replaces }), note },
      changed: ['settings'],
    });
  });
}

function checkValues(name: string, values: readonly string[]): void {
  const hint = 'A list is named with small letters, digits and _, as rules write it between percent signs.';
  if (!NAME.test(name)) throw new CaseError('list/invalid', `${name} is no name of a list.`, { hint });
  if (values.length > MOST_VALUES) {
    throw new CaseError('list/invalid', `${values.length} values are more than ${MOST_VALUES} at once.`, {
      hint: 'Import a feed of indicators as such.',
    });
  }
  const wrong = values.find((value) => value.trim() === '' || value.length > MOST_CHARACTERS || /\p{Cc}/u.test(value));
  if (wrong === undefined) return;
  throw new CaseError(
    'list/invalid',
    `A value of ${name} is empty, longer than ${MOST_CHARACTERS} characters, or has control characters.`,
    {
      hint: 'Give one value a line.',
    },
  );
}

function notOwn(name: string, value: string): CaseError {
  return new CaseError('list/invalid', `${value} is no value of this case in ${name}.`, {
    hint: 'Shipped values cannot be taken out one by one: put your own in the place of all with --replace.',
  });
}

/** A value may be wrong for what a rule does with it, such as a name where networks are compared. */
function refuseBrokenRules(settings: Settings, name: string): void {
  const files = loadRuleFiles({ shipped: true, paths: [] });
  const before = new Set(compilePack(files.set).problems.map(({ message }) => message));
  const problems = compilePack(withOwnLists(files, settings).set).problems.filter(
    ({ severity, message }) => severity === 'error' && !before.has(message),
  );
  const first = problems[0];
  if (first === undefined) return;
  throw new CaseError(
    'list/invalid',
    `With these values of ${name} a rule cannot be run: ${first.message} (${first.path}).`,
    {
      hint: 'See `decklog lists <case> NAME` for what its values are compared with.',
      problems,
    },
  );
}
