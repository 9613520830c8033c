import type { AuditEvent } from '../event/audit-event.ts';
import { normaliseEvent } from '../event/normalise.ts';
import { locateJson, parseJson } from '../json.ts';
import type { Shape, TextEncoding } from './block.ts';
import { restoreAnnotations } from './format/annotations.ts';
import { isAuditEvent } from './format/decide.ts';
import { isObject, own, stepsOf } from './format/json-object.ts';
import { prefixOf } from './format/line-prefix.ts';
import { unpack } from './format/payload.ts';
import { bytesToText } from './format/shipper.ts';
import { readBlock } from './read-block.ts';
import { rowOf } from './read-table.ts';
import { textOf } from './text.ts';

/** What must be kept beside a record's bytes to read it again. The same for all records of a member but `format`. */
export interface RecordContext {
  readonly encoding: TextEncoding;
  /** The event's format, as it was read. */
  readonly format: string;
  /** Of a table: its header and delimiter. */
  readonly table: { readonly header: readonly string[]; readonly delimiter: string } | null;
}

export interface Unwrapped {
  /** The event's own bytes, in UTF-8. */
  readonly text: Uint8Array;
  readonly event: AuditEvent;
}

/**
 * An event's own bytes out of the bytes of its record alone. `inner` is the pointer that reading gave. Null where the event has
 * no bytes of its own (rebuilt) or the record does not hold it.
 */
export function unwrap(record: Uint8Array, inner: string | null, context: RecordContext): Unwrapped | null {
  const again = readAgain(record, inner, context);
  return again === 'rebuilt' ? null : (again ?? walkAgain(record, inner, context));
}

/** Reads the record as a block of its own: right for all that needs no envelope. */
function readAgain(
  record: Uint8Array,
  inner: string | null,
  { encoding, table }: RecordContext,
): Unwrapped | 'rebuilt' | null {
  const shape: Shape =
    table === null ? { kind: 'lines', encoding, layout: 'lines', open: '' } : { kind: 'csv', encoding, ...table };
  const bytes = new Uint8Array(record);
  let found: Unwrapped | 'rebuilt' | null = null;
  readBlock(
    { offset: 0, bytes, shape },
    {
      event(read) {
        const isWhole = read.start === 0 && read.end === record.length && read.inner === inner;
        if (isWhole) found = read.form === 'rebuilt' ? 'rebuilt' : { text: read.text ?? bytes, event: read.event };
      },
      skipped() {},
      malformed() {},
      nearMiss() {},
      limit() {},
    },
  );
  return found;
}

/** Follows the pointer through objects, lists, JSON in text, and packed payloads. */
function walkAgain(record: Uint8Array, inner: string | null, context: RecordContext): Unwrapped | null {
  const text = textOf(record, context.encoding);
  const row = text.decode(0, text.units.length);
  try {
    const found = follow(documentOf(row, context), stepsOf(inner ?? ''));
    const value = parseJson(found);
    if (!isObject(value) || !(isAuditEvent(value) || Object.hasOwn(value, 'auditID'))) return null;
    const event = restoreAnnotations(normaliseEvent(value), context.format);
    return { text: Buffer.from(found), event };
  } catch {
    return null;
  }
}

/** JSON text of the record; a row of a table becomes an object of its cells. */
function documentOf(row: string, { table }: RecordContext): string {
  return table === null ? row : JSON.stringify(rowOf(row.trimEnd(), table.header, table.delimiter));
}

function follow(document: string, steps: readonly string[]): string {
  let value: unknown = parseJson(document);
  for (const [index, step] of steps.entries()) {
    if (typeof value === 'string') return follow(openText(value), steps.slice(index));
    value = own(value, step);
  }
  if (typeof value === 'string') return openText(value);
  if (Array.isArray(value)) return bytesToText(value).trim();
  const place = locateJson(document, steps);
  return place === null ? '' : document.slice(...place);
}

/** JSON behind the prefix of a line, or behind base64 and gzip. */
function openText(value: string): string {
  const text = value.trim();
  if (text.startsWith('{') || text.startsWith('[')) return text;
  const prefix = prefixOf(text);
  return prefix === null ? unpack(Buffer.from(text, 'base64')).toString('utf8').trim() : text.slice(prefix.length);
}
