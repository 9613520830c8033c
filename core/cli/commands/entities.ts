import { Argument } from 'commander';
import type { EntityRow } from '../../contract/rows.ts';
import type { EntityKind } from '../../contract/scope.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { LEVEL_STYLES } from '../paint.ts';
import { wholeNumber } from '../shared-options.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

/** Kinds as people write them. */
const KINDS: Readonly<Record<string, readonly EntityKind[]>> = {
  users: ['user', 'serviceaccount'],
  serviceaccounts: ['serviceaccount'],
  addresses: ['address'],
  agents: ['agent'],
  images: ['image'],
  namespaces: ['namespace'],
  nodes: ['node'],
  workloads: ['workload'],
  objects: ['object'],
};

export const entities: CommandDefinition = {
  name: 'entities',
  summary: 'who and what the log speaks of: users, addresses, images, ...',
  description: `Lists the entities of a kind, the busiest first: when they were first and last seen, how many events concern them, how
many of these were refused or failed, how many changed something, and alerts. Users are those who count as the actor, service
accounts among them; an address is the one that the connection came from; a workload stands for its pods and replica sets.
With --json: one entity a line.`,
  examples: [
    { command: 'entities northwind.decklog users', does: 'everyone who acted' },
    { command: 'entities northwind.decklog images --json', does: 'images that were deployed, for a script' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .addArgument(new Argument('<kind>', 'what to list').choices(Object.keys(KINDS)))
      .option('--limit <number>', 'at most so many', wholeNumber(1));
  },
  async run(call) {
    const [path = '', kind = ''] = call.args;
    const { limit } = call.options<{ readonly limit?: number }>();
    const all = await call.withCase(path, 'read', (session) => session.entities(KINDS[kind] ?? [], call.context));
    const shown = limit === undefined ? all : all.slice(0, limit);
    if (call.isJson) for (const entity of shown) await call.out.machine(`${jsonText(entity)}\n`);
    else for (const line of lines(path, kind, shown, all.length, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function lines(path: string, kind: string, shown: readonly EntityRow[], total: number, call: Call): string[] {
  if (shown.length === 0) return [`The log names no ${kind}. What the case holds: ${call.next('case', path)}`];
  const paint = (cell: string, row: number) => {
    const level = shown[row]?.alertLevel ?? null;
    return level === null ? cell : call.paint(cell, ...LEVEL_STYLES[level]);
  };
  const columns: Column[] = [
    { head: 'Name', least: 30, cut: 'start' },
    { head: 'First seen', least: 19 },
    { head: 'Last seen', least: 19 },
    { head: 'Events', align: 'right' },
    { head: 'Writes', align: 'right' },
    { head: 'Refused', align: 'right' },
    { head: 'Alerts', align: 'right', paint },
  ];
  const cells = shown.map(({ name, firstTime, lastTime, events, writes, denied, alerts }) => [
    name,
    firstTime ?? '',
    lastTime ?? '',
    ...[events, writes, denied, alerts].map(count),
  ]);
  const first = shown[0] as EntityRow;
  const rest = total > shown.length ? ` of ${count(total)}` : '';
  return [
    ...tableLines(columns, cells, call.width),
    '',
    `${counted(shown.length, 'entity', 'entities')}${rest}. Events of the first: ${call.next('events', path, first.condition)}`,
  ];
}
