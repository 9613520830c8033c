import type { AlertFormat, EventFormat } from '../../contract/export-formats.ts';
import type { EventRow } from '../../contract/rows.ts';
import { defender, defenderEventHub } from './defender.ts';
import type { AlertWriter, EventWriter, ExportContext, ExportedAlert, Format } from './exported.ts';
import { navigator } from './navigator.ts';
import { ocsf } from './ocsf.ts';
import { cef, ecs, syslog } from './siem.ts';
import { stix } from './stix.ts';
import { alertsCsv, alertsJsonl, eventsCsv, eventsEcs, eventsJsonl } from './tables.ts';
import { explorerAlerts, explorerEvents, timesketchAlerts, timesketchEvents } from './timelines.ts';

/** Writers are made anew for each export: some remember what they have told. */
const ALERTS: Readonly<Record<AlertFormat, () => AlertWriter>> = {
  jsonl: () => alertsJsonl,
  csv: () => alertsCsv,
  defender: () => defender,
  'defender-eventhub': () => defenderEventHub,
  cef: () => cef,
  syslog: () => syslog,
  ecs: () => ecs,
  ocsf: () => ocsf,
  stix,
  'timesketch-jsonl': () => timesketchAlerts.jsonl,
  'timesketch-csv': () => timesketchAlerts.csv,
  'timeline-explorer': () => explorerAlerts,
  'attack-navigator': navigator,
};

const EVENTS: Readonly<Record<Exclude<EventFormat, 'parquet'>, EventWriter>> = {
  jsonl: eventsJsonl,
  csv: eventsCsv,
  ecs: eventsEcs,
  'timesketch-jsonl': timesketchEvents.jsonl,
  'timesketch-csv': timesketchEvents.csv,
  'timeline-explorer': explorerEvents,
};

/** Alerts in the words of another tool, piece by piece. */
export function writeAlerts(
  alerts: Iterable<ExportedAlert>,
  format: AlertFormat,
  context: ExportContext,
): AsyncGenerator<Uint8Array> {
  return pieces(alerts, ALERTS[format](), context);
}

/** Events likewise. */
export async function* writeEvents(
  events: AsyncIterable<EventRow>,
  format: EventFormat,
  context: ExportContext,
): AsyncGenerator<Uint8Array> {
  if (format !== 'parquet') return yield* pieces(events, EVENTS[format], context);
  const { parquetOf } = await import('./parquet.ts');
  yield* parquetOf(events);
}

const BATCH = 64 * 1024;

async function* pieces<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  format: Format<Item>,
  context: ExportContext,
): AsyncGenerator<Uint8Array> {
  let waiting = format.head?.(context) ?? '';
  let index = 0;
  for await (const item of items) {
    waiting += format.item(item, context, index++);
    if (waiting.length < BATCH) continue;
    yield Buffer.from(waiting);
    waiting = '';
  }
  yield Buffer.from(waiting + (format.tail?.(context) ?? ''));
}
