import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Option } from 'commander';
import { INDICATOR_KINDS, type IndicatorKind, type IndicatorListRow, LEVELS, type Level } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition, GroupDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

interface AddFlags {
  readonly name?: string;
  readonly date?: string;
  readonly kind?: IndicatorKind;
  readonly level?: Level;
  readonly origin?: string;
  readonly note?: string;
}

const add: CommandDefinition = {
  name: 'add',
  summary: 'bring a list of indicators into a case',
  description: `Reads a list of addresses, networks, user agents, users, images and digests: one value a line, a table (CSV), a
STIX 2.1 bundle or an event of MISP (JSON). The next run compares the case with it; its alerts name the list and its day.`,
  examples: [
    { command: 'indicators add northwind.decklog feed.txt --date 2026-03-04', does: 'one value a line' },
    { command: 'indicators add northwind.decklog misp.json --name "incident 12"', does: 'an event of MISP' },
    {
      command: 'indicators add northwind.decklog agents.txt --kind agent',
      does: 'values whose text does not tell what they are',
    },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<file>', 'the list')
      .option('--name <text>', "what it is called (default: the file's name)")
      .option('--date <day>', 'its day, 2026-03-04 (default: what the file says)')
      .option('--origin <text>', 'who made it')
      .option('--note <text>', 'why it is here')
      .addOption(new Option('--kind <kind>', 'what values are whose text does not tell').choices(INDICATOR_KINDS))
      .addOption(new Option('--level <level>', 'level of its alerts (default: medium)').choices(LEVELS));
  },
  async run(call) {
    const [path = '', file = ''] = call.args;
    const flags = call.options<AddFlags>();
    const given = {
      name: flags.name ?? basename(file).replace(/\.[a-z0-9]+$/i, ''),
      file: basename(file),
      bytes: bytesOf(file),
      ...(flags.date !== undefined && { date: flags.date }),
      ...(flags.kind !== undefined && { kind: flags.kind }),
      ...(flags.level !== undefined && { level: flags.level }),
      ...(flags.origin !== undefined && { origin: flags.origin }),
      ...(flags.note !== undefined && { note: flags.note }),
    };
    const list = await call.withCase(path, 'write', (session) => session.addIndicators(given));
    if (call.isJson) await call.json(list);
    else for (const line of addedLines(list, path, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const hint = 'Name a text, CSV or JSON file of indicators.';
    throw new CaseError('usage', 'The list cannot be read.', { at: { path }, hint, cause });
  }
}

function addedLines(list: IndicatorListRow, path: string, call: Call): string[] {
  const skipped = Object.entries(list.skipped).map(([reason, number]) => `  ${count(number)} ${reason}`);
  return [
    `${list.name}: ${kindsText(list)}, ${dayText(list)}.`,
    ...(list.isStale ? [`It is stale: ${list.staleness}.`] : []),
    ...(skipped.length === 0 ? [] : ['Passed over:', ...skipped]),
    '',
    `The next run compares the case with it: ${call.next('detect', path)}`,
  ];
}

const kindsText = ({ counts }: IndicatorListRow): string =>
  Object.entries(counts)
    .map(([kind, number]) => counted(number, kind, kind === 'address' ? 'addresses' : `${kind}s`))
    .join(', ');

const dayText = ({ date }: IndicatorListRow): string => (date === null ? 'of an unknown day' : `of ${date}`);

const list: CommandDefinition = {
  name: 'list',
  summary: 'lists of indicators in a case',
  examples: [{ command: 'indicators list northwind.decklog', does: 'all lists, how old they are and what they found' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const lists = await call.withCase(path, 'read', (session) => session.indicators());
    if (call.isJson) await call.json(lists);
    else for (const line of listLines(lists, path, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function listLines(lists: readonly IndicatorListRow[], path: string, call: Call): string[] {
  if (lists.length === 0)
    return [
      'There is no list of indicators in this case.',
      `Bring one in: ${call.next('indicators', 'add', path)} FILE`,
    ];
  const columns: Column[] = [
    { head: 'List', least: 10 },
    { head: 'Day' },
    { head: 'Holds', least: 20 },
    { head: 'Alerts', align: 'right' },
    { head: 'Stale', least: 10 },
  ];
  const rows = lists.map((one) => [one.name, one.date ?? 'unknown', kindsText(one), count(one.hits), one.staleness]);
  return [...tableLines(columns, rows, call.width), '', `${counted(lists.length, 'list')}.`];
}

const remove: CommandDefinition = {
  name: 'remove',
  summary: 'take a list of indicators out of a case',
  examples: [{ command: 'indicators remove northwind.decklog feed --reason "newer one came"', does: 'one list' }],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<name>', 'the list')
      .requiredOption('--reason <text>', 'why: it stands in the log of actions');
  },
  async run(call) {
    const [path = '', name = ''] = call.args;
    const { reason } = call.options<{ readonly reason: string }>();
    await call.withCase(path, 'write', (session) => session.removeIndicators(name, reason));
    if (call.isJson) await call.json({ removed: name });
    else await call.out.line(`${name} is out; its alerts go with the next run: ${call.next('detect', path)}`);
    return EXIT.done;
  },
};

export const indicators: GroupDefinition = {
  name: 'indicators',
  summary: 'lists of indicators: add, list and remove them',
  commands: [add, list, remove],
};
