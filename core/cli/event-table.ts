import type { EventRow } from '../contract/rows.ts';
import { visible } from '../text.ts';
import type { Call } from './call.ts';
import { type Column, Layout } from './table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Id', align: 'right' },
  { head: 'Time', least: 19 },
  { head: 'Code', align: 'right' },
  { head: 'Verb' },
  { head: 'Object', least: 20, cut: 'start' },
  { head: 'User', least: 16, cut: 'start' },
  { head: 'From', least: 15 },
];

/** Events as a table for people. */
export function eventTable(events: readonly EventRow[], call: Call): string[] {
  if (events.length === 0) return [];
  const rows = events.map(eventCells);
  const layout = new Layout(COLUMNS, rows, call.width);
  return [layout.head(), ...layout.rows(rows)];
}

/** A table that is written while its events arrive: widths are those of the first page. */
export class GrowingEventTable {
  readonly #width: number | null;
  #layout: Layout | undefined;

  constructor(width: number | null) {
    this.#width = width;
  }

  page(events: readonly EventRow[]): string[] {
    const rows = events.map(eventCells);
    if (this.#layout) return this.#layout.rows(rows);
    this.#layout = new Layout(COLUMNS, rows, this.#width);
    return [this.#layout.head(), ...this.#layout.rows(rows)];
  }
}

function eventCells(event: EventRow): string[] {
  const { id, time, code, verb, user, impersonatedUser, sourceIPs } = event;
  const actor = impersonatedUser === null ? user || '(none)' : `${user} as ${impersonatedUser}`;
  return [String(id), time, code === null ? '' : String(code), verb, objectOf(event), actor, sourceIPs.join(', ')].map(
    visible,
  );
}

/** `payments/pods/web-0/exec`, or the path asked for where it is no resource. */
export function objectOf(event: EventRow): string {
  const { namespace, resource, name, subresource, requestURI } = event;
  if (resource === null) return requestURI;
  return [namespace, resource, name, subresource].filter((part) => part !== null && part !== '').join('/');
}
