import type { AuditEvent } from '../event/audit-event.ts';
import { formatTime } from '../event/time.ts';
import { asText } from '../event/value.ts';
import { somewhere, within } from './event-path.ts';
import { fieldOf } from './fields.ts';
import type { ColumnValues } from './narrow.ts';
import { wordOf } from './word.ts';

/** Reads the values of a field from an event; raises `query/invalid` for a name that is none. */
export function fieldReader(name: string): (event: AuditEvent, row: ColumnValues) => readonly string[] {
  const field = fieldOf(name, wordOf(name));
  switch (field.kind) {
    case 'text':
      return (_, row) => present(row[field.column]);
    case 'list':
      return (_, row) => JSON.parse(row[field.column] ?? '[]') as string[];
    case 'range':
      return (_, row) => numberText(row[field.column], field.column !== 'code' && field.column !== 'id');
    case 'id':
      return (_, row) => [String(row.id)];
    case 'flags':
      return (_, row) => row.flags;
    case 'lastAddress':
      return (_, row) => (JSON.parse(row.sourceIPs ?? '[]') as string[]).slice(-1);
    case 'derived':
      return (event) => collected((take) => within(field.read(event), take));
    case 'path':
      return (event) => collected((take) => somewhere(event, field.steps, take));
  }
}

const present = (text: string | null): readonly string[] => (text === null ? [] : [text]);

function numberText(value: number | null, isTime: boolean): readonly string[] {
  if (value === null) return [];
  return [isTime ? formatTime(value) : String(value)];
}

/** Scalars as text, anything else as JSON; each value once. */
function collected(walk: (take: (value: unknown) => boolean) => unknown): readonly string[] {
  const found = new Set<string>();
  walk((value) => {
    if (value !== undefined && value !== null) found.add(asText(value) ?? JSON.stringify(value));
    return false;
  });
  return [...found];
}
