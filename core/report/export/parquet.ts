import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { EventRow } from '../../contract/rows.ts';
import { parseTime } from '../../event/time.ts';
import { EVENT_COLUMNS } from './tables.ts';

/** Events of a row group: what stays in memory. */
const GROUP = 10_000;

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'INT64' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
} as const;

const SCHEMA = [
  { name: 'root', num_children: EVENT_COLUMNS.length },
  ...EVENT_COLUMNS.map(([name, kind]) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[kind] })),
];

/** Events as Parquet, a row group at a time. */
export async function* parquetOf(events: AsyncIterable<EventRow>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: SCHEMA, createdBy: 'decklog' });
  let group: EventRow[] = [];
  const taken = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  for await (const event of events) {
    group.push(event);
    if (group.length < GROUP) continue;
    await writer.write({ columnData: columnsOf(group), rowGroupSize: GROUP });
    yield taken();
    group = [];
  }
  if (group.length > 0) await writer.write({ columnData: columnsOf(group), rowGroupSize: GROUP });
  await writer.finish();
  yield taken();
}

function columnsOf(events: readonly EventRow[]) {
  return EVENT_COLUMNS.map(([name, kind, read]) => ({
    name,
    data: events.map((event) => {
      const value = read(event);
      if (value === null || kind === 'text') return value;
      const whole = kind === 'time' ? parseTime(value) : Number(value);
      return whole === null ? null : BigInt(whole);
    }),
  }));
}
