import type { AuditEvent } from '../event/audit-event.ts';
import type { Shape } from '../ingest/block.ts';
import { readBlock } from '../ingest/read-block.ts';
import { unwrap } from '../ingest/unwrap.ts';
import type { RecordPlace } from '../store/import-writer.ts';

/** An event read again from its record alone. `text`: its own bytes, null where it has none (rebuilt). */
export interface ReadAgain {
  readonly text: Uint8Array | null;
  readonly event: AuditEvent;
}

/** Reads the event of a stored record again, by the same road as the import; null if the record does not hold it. */
export function readPlace(place: RecordPlace): ReadAgain | null {
  const record = recordBytes(place);
  const shape = JSON.parse(place.block.shape) as Shape;
  const table = shape.kind === 'csv' ? { header: shape.header, delimiter: shape.delimiter } : null;
  if (place.form === 'rebuilt') return rebuild(record, place, shape);
  return unwrap(record, place.inner, { encoding: shape.encoding, format: place.format ?? '', table });
}

/** The record's bytes as they stand in the unpacked member. */
export function recordBytes({ block, start, length }: RecordPlace): Uint8Array {
  return block.bytes.subarray(start, start + length);
}

function rebuild(record: Uint8Array, place: RecordPlace, shape: Shape): ReadAgain | null {
  const alone: Shape = shape.kind === 'lines' ? { ...shape, layout: 'lines', open: '' } : shape;
  let found: ReadAgain | null = null;
  readBlock(
    { offset: 0, bytes: new Uint8Array(record), shape: alone },
    {
      event(read) {
        if (read.inner === place.inner) found ??= { text: null, event: read.event };
      },
      skipped() {},
      malformed() {},
      nearMiss() {},
      limit() {},
    },
  );
  return found;
}
