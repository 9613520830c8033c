import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ForeignAlert, ForeignFile } from '../../contract/foreign-rows.ts';
import { CaseError } from '../../fault.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition, GroupDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { type Column, tableLines } from '../table.ts';
import { counted } from '../words.ts';

const add: CommandDefinition = {
  name: 'add',
  summary: 'bring alerts of Defender for Cloud into a case',
  description: `Reads what the alerts API answers, what is sent to Event Hubs, or rows of the SecurityAlert table, as JSON or JSON lines.
The alerts stand beside our findings, on the timeline and in the report; they change none of them.`,
  examples: [{ command: 'foreign add northwind.decklog alerts.json', does: 'an export of the alerts API' }],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<file>', 'the exported alerts')
      .option('--note <text>', 'where they come from');
  },
  async run(call) {
    const [path = '', file = ''] = call.args;
    const { note } = call.options<{ readonly note?: string }>();
    const given = { file: basename(file), bytes: bytesOf(file), ...(note !== undefined && { note }) };
    const added = await call.withCase(path, 'write', (session) => session.addForeign(given));
    if (call.isJson) await call.json(added);
    else
      for (const line of [
        `${added.name}: ${counted(added.alerts, 'alert')} of Defender for Cloud.`,
        '',
        `See them beside ours: ${call.next('foreign', 'list', path)}`,
      ])
        await call.out.line(line);
    return EXIT.done;
  },
};

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const hint = 'Name a JSON file of alerts.';
    throw new CaseError('usage', 'The alerts cannot be read.', { at: { path }, hint, cause });
  }
}

const list: CommandDefinition = {
  name: 'list',
  summary: 'alerts of other tools in a case, with ours for the same detection',
  examples: [{ command: 'foreign list northwind.decklog', does: 'all of them by time' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const found = await call.withCase(path, 'read', (session) => ({
      files: session.foreignFiles(),
      alerts: session.foreignAlerts(),
    }));
    if (call.isJson) await call.json(found);
    else for (const line of listLines(found.files, found.alerts, path, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function listLines(files: readonly ForeignFile[], alerts: readonly ForeignAlert[], path: string, call: Call): string[] {
  if (files.length === 0)
    return [
      'There are no alerts of other tools in this case.',
      `Bring some in: ${call.next('foreign', 'add', path)} FILE`,
    ];
  const columns: Column[] = [
    { head: 'First seen' },
    { head: 'Level' },
    { head: 'Detection', least: 16 },
    { head: 'On', least: 12 },
    { head: 'Ours', least: 6 },
  ];
  const rows = alerts.map((alert) => [
    alert.firstTime.slice(0, 19).replace('T', ' '),
    alert.level,
    alert.type,
    [alert.namespace, alert.object ?? alert.cluster].filter((part) => part !== null).join('/'),
    alert.ours.map((id) => `#${id}`).join(' ') || 'none',
  ]);
  const names = files.map(({ id, name, alerts: many }) => `file ${id}: ${name}, ${counted(many, 'alert')}`);
  return [...tableLines(columns, rows, call.width), '', ...names];
}

const remove: CommandDefinition = {
  name: 'remove',
  summary: 'take alerts of another tool out of sight',
  examples: [{ command: 'foreign remove northwind.decklog 1 --reason "newer export came"', does: 'those of file 1' }],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<file>', 'number of the file, as in the list')
      .requiredOption('--reason <text>', 'why: it stands in the log of actions');
  },
  async run(call) {
    const [path = '', file = ''] = call.args;
    const { reason } = call.options<{ readonly reason: string }>();
    if (!/^\d{1,9}$/.test(file))
      throw new CaseError('usage', `${file} is no number of a file.`, {
        hint: '`decklog foreign list <case>` names them.',
      });
    await call.withCase(path, 'write', (session) => session.removeForeign(Number(file), reason));
    if (call.isJson) await call.json({ removed: Number(file) });
    else await call.out.line(`The alerts of file ${file} are out of sight; the file stays in the case.`);
    return EXIT.done;
  },
};

export const foreign: GroupDefinition = {
  name: 'foreign',
  summary: 'alerts of other tools: add, list and remove them',
  commands: [add, list, remove],
};
