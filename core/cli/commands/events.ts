import type { EventRow } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { EventsRequest, Session } from '../../host/api.ts';
import { jsonText } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { GrowingEventTable } from '../event-table.ts';
import { EXIT } from '../exit-code.ts';
import { showBytes } from '../raw-bytes.ts';
import { wholeNumber } from '../shared-options.ts';
import { counted } from '../words.ts';

interface EventsFlags {
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly after?: number;
  readonly raw?: true;
  readonly raw0?: true;
}

const PAGE = 200;

export const events: CommandDefinition = {
  name: 'events',
  summary: 'search events',
  description: `Lists events in the order of time. The query language is told in docs/query-language.md: field:value with * and ?,
lists (a, b), ranges, and, or, not, free text. With --json: one event a line; with --raw: its original bytes.`,
  examples: [
    { command: 'events northwind.decklog', does: 'the first 1000 events' },
    { command: "events northwind.decklog 'resource:secrets and verb:(get, list) code:<300'", does: 'who read secrets' },
    { command: "events northwind.decklog 'requestObject.spec.hostPID:true'", does: 'by a path into the event' },
    { command: "events northwind.decklog 'user:*:deployer' --from 2026-03-04T10:00Z --json", does: 'for a script' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('[query...]', 'which events; all without it')
      .option('--from <time>', 'received at this time or later (RFC 3339, or a date)')
      .option('--to <time>', 'received at this time or earlier')
      .option('--limit <number>', 'at most so many', wholeNumber(1), 1000)
      .option('--after <id>', 'go on behind this event', wholeNumber(1))
      .option('--raw', 'the original bytes, one event a line')
      .option('--raw0', 'the original bytes, a NUL after each event');
  },
  async run(call) {
    const [path = '', ...words] = call.args;
    const flags = call.options<EventsFlags>();
    refuseContradictions(flags, call.isJson);
    const request = requestOf(words.join(' '), flags);
    call.noteQuery(request.query);
    await call.withCase(path, 'read', async (session) => {
      if (flags.raw || flags.raw0) await printRaw(session, request, flags.raw0 ? '\0' : '\n', call);
      else if (call.isJson) await printLines(session, request, call);
      else await printTable(path, session, request, call);
      await call.out.flush();
    });
    return EXIT.done;
  },
};

function refuseContradictions(flags: EventsFlags, isJson: boolean): void {
  if (!(isJson && (flags.raw || flags.raw0)) && !(flags.raw && flags.raw0)) return;
  throw new CaseError('usage', '--json, --raw and --raw0 exclude each other.', { hint: 'Leave only one of them.' });
}

function requestOf(query: string, { from, to, limit, after }: EventsFlags): EventsRequest {
  return {
    query,
    limit,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(after !== undefined && { afterId: after }),
  };
}

async function printRaw(session: Session, request: EventsRequest, end: string, call: Call): Promise<void> {
  for await (const bytes of session.rawEvents(request, call.context)) await showBytes(bytes, end, call);
}

async function printLines(session: Session, request: EventsRequest, call: Call): Promise<void> {
  for await (const event of session.events(request, call.context)) await call.out.machine(`${jsonText(event)}\n`);
}

async function printTable(path: string, session: Session, request: EventsRequest, call: Call): Promise<void> {
  const table = new GrowingEventTable(call.width);
  let [shown, page, last]: [number, EventRow[], number] = [0, [], 0];
  const flush = async () => {
    if (page.length > 0) await call.out.text(`${table.page(page).join('\n')}\n`);
    page = [];
  };
  for await (const event of session.events(request, call.context)) {
    page.push(event);
    shown++;
    last = event.id;
    if (page.length === PAGE) await flush();
  }
  await flush();
  await call.out.text(`${closing(path, request, shown, last, call).join('\n')}\n`);
}

function closing(path: string, request: EventsRequest, shown: number, last: number, call: Call): string[] {
  if (shown === 0) return [`No event fits. What the case holds: ${call.next('case', path)}`];
  const query = request.query === '' ? [] : [request.query];
  const hasMore = shown === request.limit;
  const more = `There may be more: ${call.next('events', path, ...query, '--after', String(last))}`;
  return ['', hasMore ? `${counted(shown, 'event')} shown. ${more}` : `${counted(shown, 'event')}.`];
}
