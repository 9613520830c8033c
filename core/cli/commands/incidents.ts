import type { Incident } from '../../contract/rows.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { incidentLines } from '../incident-text.ts';
import { LEVEL_STYLES } from '../paint.ts';
import { wholeNumber } from '../shared-options.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

export const incidents: CommandDefinition = {
  name: 'incidents',
  summary: 'alerts joined to stories: who did what, in which order',
  description: `Lists the incidents of a case, or tells one of them: its story, its blast radius, why its parts belong together and
what to check next. With --json: one incident a line.`,
  examples: [
    { command: 'incidents northwind.decklog', does: 'all incidents' },
    { command: 'incidents northwind.decklog 1', does: 'the whole story of the first' },
  ],
  define(command) {
    command.argument('<case>', 'the case file').argument('[id]', "an incident's number", wholeNumber(1));
  },
  async run(call) {
    const [path = '', id] = call.args;
    const found = await call.withCase(path, 'read', (session) =>
      id === undefined ? session.incidents() : [session.incident(Number(id))],
    );
    if (call.isJson) for (const incident of found) await call.out.machine(`${jsonText(incident)}\n`);
    else
      for (const line of id === undefined ? list(path, found, call) : one(path, found, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function list(path: string, found: readonly Incident[], call: Call): string[] {
  const [first] = found;
  if (first === undefined) {
    return [`No alerts belong together. If no rules were run yet: ${call.next('detect', path)}`];
  }
  const paint = (cell: string, row: number) => call.paint(cell, ...LEVEL_STYLES[found[row]?.level ?? 'informational']);
  const columns: Column[] = [
    { head: 'Id', align: 'right' },
    { head: 'Level', paint },
    { head: 'What happened', least: 40 },
    { head: 'First seen', least: 19 },
    { head: 'Last seen', least: 19 },
    { head: 'Alerts', align: 'right' },
  ];
  const cells = found.map((incident) => [
    String(incident.id),
    incident.level,
    incident.title,
    incident.firstTime,
    incident.lastTime,
    count(incident.alerts.length),
  ]);
  return [
    ...tableLines(columns, cells, call.width),
    '',
    `${counted(found.length, 'incident')}. The story of one: ${call.next('incidents', path, String(first.id))}`,
  ];
}

function one(path: string, [incident]: readonly Incident[], call: Call): string[] {
  if (incident === undefined) return [];
  const next = call.next('alerts', path, '--incident', String(incident.id));
  return [...incidentLines(incident, call), '', `Its alerts: ${next}`];
}
