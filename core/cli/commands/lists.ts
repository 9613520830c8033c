import { readFileSync } from 'node:fs';
import type { RuleList } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { ListChange } from '../../host/api.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { gathered } from '../shared-options.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

interface ListFlags {
  readonly add?: readonly string[];
  readonly addFile?: string;
  readonly remove?: readonly string[];
  readonly replace?: true;
  readonly extend?: true;
  readonly note?: string;
}

export const lists: CommandDefinition = {
  name: 'lists',
  summary: 'lists that rules compare with, and your own values',
  description: `Shows the lists that rules compare with, or the values of one. With --add, --remove, --replace or --extend it
changes the values that belong to this case; shipped values stay as they are. Each change is signed and goes into the
log of actions; the next run uses it. A value is a pattern: * and ? are wildcards, case does not count.`,
  examples: [
    { command: 'lists northwind.decklog', does: 'all lists' },
    {
      command: 'lists northwind.decklog threat_addresses --add 203.0.113.7 --note "mail of 4 March"',
      does: 'add a value',
    },
    { command: 'lists northwind.decklog allowed_registries --add-file registries.txt', does: 'add values, one a line' },
    { command: 'lists northwind.decklog known_users --replace', does: 'only the values of this case count' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('[name]', 'the list')
      .option('--add <value>', 'a value of this case (repeatable)', gathered)
      .option('--add-file <file>', 'values of this case, one a line; lines that begin with # do not count')
      .option('--remove <value>', 'take a value of this case out (repeatable)', gathered)
      .option('--replace', "let this case's values stand in the place of the shipped ones")
      .option('--extend', "let this case's values stand beside the shipped ones, as is usual")
      .option('--note <text>', 'why');
  },
  async run(call) {
    const [path = '', name] = call.args;
    const change = changeOf(name, call.options<ListFlags>());
    const all = await call.withCase(path, change ? 'write' : 'read', (session) => {
      if (change) session.changeList(change);
      return session.lists();
    });
    const shown = name === undefined ? all : [known(all, name)];
    if (call.isJson) await call.json(name === undefined ? all : shown[0]);
    else for (const line of text(shown, { path, name, isChanged: change !== null }, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function changeOf(name: string | undefined, flags: ListFlags): ListChange | null {
  const { add = [], addFile, remove = [], replace, extend, note } = flags;
  if (replace && extend)
    throw new CaseError('usage', '--replace and --extend exclude each other.', { hint: 'Leave one of them out.' });
  const added = [...add, ...(addFile === undefined ? [] : linesOf(addFile))];
  const isChange = added.length + remove.length > 0 || replace === true || extend === true;
  if (!isChange) {
    if (note !== undefined || addFile !== undefined)
      throw new CaseError('usage', 'There is nothing to change.', { hint: 'Add --add VALUE.' });
    return null;
  }
  if (name === undefined)
    throw new CaseError('usage', 'Which list is to be changed?', { hint: 'Name it after the case.' });
  return {
    name,
    add: added,
    remove,
    ...((replace || extend) && { replaces: replace === true }),
    ...(note !== undefined && { note }),
  };
}

function linesOf(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split(/\r?\n/);
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    const hint = 'Name a text file with one value a line.';
    throw new CaseError('usage', 'The file of values cannot be read.', { at: { path }, hint, cause });
  }
}

function known(all: readonly RuleList[], name: string): RuleList {
  const found = all.find((list) => list.name === name);
  if (found !== undefined) return found;
  throw new CaseError('list/invalid', `There is no list ${name}.`, {
    hint: '`decklog lists <case>` names them; --add makes one.',
  });
}

interface Shown {
  readonly path: string;
  readonly name: string | undefined;
  readonly isChanged: boolean;
}

function text(shown: readonly RuleList[], { path, name, isChanged }: Shown, call: Call): string[] {
  const one = name === undefined ? undefined : shown[0];
  const body = one === undefined ? table(shown, call) : listLines(one, call);
  return [...body, ...(isChanged ? ['', `The next run uses it: ${call.next('detect', path)}`] : [])];
}

function table(all: readonly RuleList[], call: Call): string[] {
  const columns: Column[] = [
    { head: 'List' },
    { head: 'Shipped', align: 'right' },
    { head: 'Own', align: 'right' },
    { head: 'Rules', align: 'right' },
    { head: 'Date' },
    { head: 'Holds', least: 30 },
  ];
  const rows = all.map((list) => [
    list.name,
    list.isReplaced ? `(${count(list.shipped.length)})` : count(list.shipped.length),
    count(list.own.length),
    count(list.rules.length),
    list.date ?? '',
    list.title,
  ]);
  const empty = all.filter(({ isReplaced, shipped, own, rules }) => {
    return rules.length > 0 && own.length + (isReplaced ? 0 : shipped.length) === 0;
  });
  const blind =
    empty.length === 0
      ? []
      : [`Nobody has filled ${empty.map((list) => list.name).join(', ')}: rules that need them are blind.`];
  return [...tableLines(columns, rows, call.width), '', `${counted(all.length, 'list')}.`, ...blind];
}

function listLines(list: RuleList, call: Call): string[] {
  const { name, title, description, date, origin, shipped, isReplaced, own, rules } = list;
  const columns: Column[] = [
    { head: 'Value', least: 20 },
    { head: 'Who' },
    { head: 'When' },
    { head: 'Why', least: 20 },
  ];
  const rows = [
    ...own.map(({ value, examiner, time, note }) => [value, examiner, time.slice(0, 19), note]),
    ...(isReplaced ? [] : shipped.map((value) => [value, 'shipped', date ?? '', ''])),
  ];
  return [
    `${name}${title === '' ? '' : `: ${title}`}`,
    ...(description === '' ? [] : [description]),
    ...(origin === '' ? [] : [`Origin: ${origin}`]),
    `Used by: ${rules.length === 0 ? 'no shipped rule' : rules.join('; ')}`,
    '',
    ...(rows.length === 0 ? ['It is empty.'] : tableLines(columns, rows, call.width)),
    ...(isReplaced ? ['', `${counted(shipped.length, 'shipped value')} do not count in this case.`] : []),
  ];
}
