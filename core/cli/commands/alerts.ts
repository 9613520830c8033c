import { Option } from 'commander';
import { type Alert, LEVELS, type Level, STATUSES, type Status } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { what, who } from '../findings.ts';
import { LEVEL_STYLES } from '../paint.ts';
import { wholeNumber } from '../shared-options.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

interface AlertsFlags {
  readonly level?: Level;
  readonly status?: Status;
  readonly rule?: string;
  readonly incident?: number;
  readonly suppressed?: true;
}

export const alerts: CommandDefinition = {
  name: 'alerts',
  summary: 'list alerts',
  description: 'Lists the alerts of a case. With --json: one alert a line.',
  examples: [
    { command: 'alerts northwind.decklog --level high', does: 'high and critical ones' },
    { command: 'alerts northwind.decklog --status open --json', does: 'those that no one has judged yet, one a line' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .addOption(new Option('--level <level>', 'this level and above').choices(LEVELS))
      .addOption(new Option('--status <status>', 'this status only').choices(STATUSES))
      .option('--rule <id or title>', "a rule's id, or part of its title")
      .option('--incident <id>', 'those of one incident', wholeNumber(1))
      .option('--suppressed', 'those that a suppression hides, instead of the others');
  },
  async run(call) {
    const [path = ''] = call.args;
    const { level, status, rule, incident, suppressed } = call.options<AlertsFlags>();
    const filter = {
      ...(level && { level }),
      ...(status && { status }),
      ...(rule !== undefined && { rule }),
      ...(incident !== undefined && { incident }),
      isSuppressed: suppressed === true,
    };
    const found = await call.withCase(path, 'read', (session) => session.alerts(filter));
    if (call.isJson) for (const alert of found) await call.out.machine(`${jsonText(alert)}\n`);
    else await show(path, found, call);
    return EXIT.done;
  },
};

async function show(path: string, found: readonly Alert[], call: Call): Promise<void> {
  if (found.length === 0) return call.out.line(`No alert fits. If no rules were run yet: ${call.next('detect', path)}`);
  const first = found[0] as Alert;
  const lines = [
    ...tableLines(columns(found, call), found.map(cells), call.width),
    '',
    `${counted(found.length, 'alert')}. One with its proof: ${call.next('alert', path, String(first.id))}`,
  ];
  for (const line of lines) await call.out.line(line);
}

function columns(found: readonly Alert[], call: Call): readonly Column[] {
  const paint = (cell: string, row: number) => call.paint(cell, ...LEVEL_STYLES[found[row]?.level ?? 'informational']);
  return [
    { head: 'Id', align: 'right' },
    { head: 'Level', paint },
    { head: 'Status' },
    { head: 'Title', least: 24 },
    { head: 'Who', least: 16, cut: 'start' },
    { head: 'What', least: 16 },
    { head: 'First seen', least: 19 },
    { head: 'Requests', align: 'right' },
  ];
}

function cells(alert: Alert): string[] {
  const { id, level, status, title, firstTime } = alert;
  return [String(id), level, status, title, who(alert), what(alert), firstTime, count(alert.count)];
}
