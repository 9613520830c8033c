import type { HistoryState, ObjectHistory } from '../../contract/rows.ts';
import { jsonText, visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';

/** Changes of one state that are shown to people; --json has all. */
const MOST_SHOWN = 40;
const LONGEST_VALUE = 100;

export const history: CommandDefinition = {
  name: 'history',
  summary: 'the states of an object, with differences',
  description: `Rebuilds an object from the requests that wrote it: creates, updates and patches of every kind, deletions, and reads
whose answer was recorded. Each state says how well it is known: recorded (the server's own answer), rebuilt (from what was sent),
partial (only what a patch says), unknown (no body was recorded). With --json: one document.`,
  examples: [
    { command: 'history northwind.decklog payments/pods/web-0', does: 'a pod' },
    { command: 'history northwind.decklog clusterroles/ops', does: 'an object without a namespace' },
    { command: 'history northwind.decklog payments/deployments.apps/web', does: 'with its API group' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<object>', 'namespace/resource/name, or resource/name for what has no namespace');
  },
  async run(call) {
    const [path = '', object = ''] = call.args;
    const told = await call.withCase(path, 'read', (session) => session.history(object, call.context));
    if (call.isJson) await call.json(told);
    else for (const line of lines(path, told, call)) await call.out.line(line);
    return EXIT.done;
  },
};

const EXISTS: Readonly<Record<ObjectHistory['exists'], string>> = {
  yes: 'It was there when the log ends.',
  no: 'It was gone when the log ends.',
  unknown: 'Whether it was there when the log ends is not recorded.',
};

function lines(path: string, { states, exists, notes }: ObjectHistory, call: Call): string[] {
  const last = states.at(-1);
  return [
    ...states.flatMap((state) => [...stateLines(state, call), '']),
    EXISTS[exists],
    ...notes,
    ...(last === undefined ? [] : [`The last request as it was logged: ${call.next('raw', path, String(last.event))}`]),
  ];
}

function stateLines({ time, event, step, sureness, summary, changes, note }: HistoryState, call: Call): string[] {
  const head = `${time ?? 'at an unknown time'}  ${step} (${sureness})  event ${event}`;
  const shown = changes.slice(0, MOST_SHOWN).map(changeLine);
  const more = changes.length - shown.length;
  return [
    call.paint(head, 'bold'),
    `  ${visible(summary)}`,
    ...(note === null ? [] : [`  ${visible(note)}`]),
    ...shown.map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more places (--json has all)`] : []),
  ];
}

function changeLine({ path, before, after }: HistoryState['changes'][number]): string {
  if (before === undefined) return `+ ${visible(path)}: ${shortJson(after)}`;
  if (after === undefined) return `- ${visible(path)}: ${shortJson(before)}`;
  return `~ ${visible(path)}: ${shortJson(before)} -> ${shortJson(after)}`;
}

function shortJson(value: unknown): string {
  const text = jsonText(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}
