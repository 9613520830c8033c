import type { AuditEvent } from '../event/audit-event.ts';
import { normaliseEvent } from '../event/normalise.ts';
import type { Shape } from '../ingest/block.ts';
import { readBlock } from '../ingest/read-block.ts';
import { unwrap } from '../ingest/unwrap.ts';
import type { RecordPlace } from '../store/incoming.ts';

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
  if (place.form === 'rebuilt') return rebuild(place, shape);
  return unwrap(record, place.inner, { encoding: shape.encoding, format: place.format ?? '', table });
}

/** The event of a stored record; null if the record does not hold it. */
export const eventAt = (place: RecordPlace): AuditEvent | null => plainEvent(place) ?? readPlace(place)?.event ?? null;

/** Integers and exponents that a double may not hold. */
const LONG_NUMBER = /\d{16}|[eE]\+?\d{3}/;

/** A record that is the event itself, byte by byte, needs no reader of formats; null where anything could be odd. */
function plainEvent({ block, start, length, form, format }: RecordPlace): AuditEvent | null {
  if (form !== 'verbatim' || format !== 'k8s-audit-jsonl') return null;
  const text = block.bytes.toString('utf8', start, start + length);
  if (LONG_NUMBER.test(text)) return null;
  try {
    return normaliseEvent(JSON.parse(text) as AuditEvent);
  } catch {
    return null;
  }
}

/** The record's bytes as they stand in the unpacked member. */
export function recordBytes({ block, start, length }: RecordPlace): Uint8Array {
  return block.bytes.subarray(start, start + length);
}

/** Rebuilt events of the blocks that were read last, by place. */
const rebuiltIn = new WeakMap<Uint8Array, Map<string, AuditEvent>>();

/** An event without bytes of its own may need the envelope around its record, so the block is read as it was imported. */
function rebuild(place: RecordPlace, shape: Shape): ReadAgain | null {
  let events = rebuiltIn.get(place.block.bytes);
  if (events === undefined) {
    events = rebuiltEvents(place.block.bytes, shape);
    rebuiltIn.set(place.block.bytes, events);
  }
  const event = events.get(placeKey(place.start, place.inner));
  return event === undefined ? null : { text: null, event };
}

const placeKey = (start: number, inner: string | null) => `${start} ${inner ?? ''}`;

function rebuiltEvents(bytes: Uint8Array, shape: Shape): Map<string, AuditEvent> {
  const events = new Map<string, AuditEvent>();
  readBlock(
    { offset: 0, bytes: new Uint8Array(bytes), shape },
    {
      event(read) {
        if (read.form === 'rebuilt') events.set(placeKey(read.start, read.inner), read.event);
      },
      skipped() {},
      malformed() {},
      nearMiss() {},
      limit() {},
    },
  );
  return events;
}
