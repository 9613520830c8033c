import type { EventRow } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import { stringifyJson } from '../json.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { CallContext, EventsRequest } from './api.ts';
import { eventOf, toRow } from './event-rows.ts';
import { huntingOf } from './hunting.ts';
import { readPlace, recordBytes } from './read-place.ts';
import { parseBound } from './time-bound.ts';

/** The events of an open case as a session gives them out: as rows, as their bytes, as JSON. Raises `event/unknown`. */
export class CaseEvents {
  readonly #store: CaseStore;

  constructor(store: CaseStore) {
    this.#store = store;
  }

  /** Those that a query asks for, in order. */
  async *rows(request: EventsRequest, context: CallContext): AsyncGenerator<EventRow> {
    for await (const fields of this.#select(request, context)) yield this.#rowOf(fields);
  }

  /** The bytes of those that a query asks for, in order. */
  async *raws(request: EventsRequest, context: CallContext): AsyncGenerator<Uint8Array> {
    for await (const { id } of this.#select(request, context)) yield this.raw(id);
  }

  row(id: number): EventRow {
    return this.#rowOf(this.#known(id));
  }

  /** The bytes that the API server wrote, where a wrapper has kept them; else those of the record. */
  raw(id: number): Uint8Array {
    this.#known(id);
    const place = this.#store.events.record(id);
    if (place.form !== 'wrapped') return recordBytes(place);
    return readPlace(place)?.text ?? recordBytes(place);
  }

  /** The canonical event as JSON. */
  canonical(id: number): string {
    this.#known(id);
    return stringifyJson(eventOf(this.#store.events, id));
  }

  async *#select(request: EventsRequest, context: CallContext): AsyncGenerator<EventFields> {
    const hunting = huntingOf(this.#store);
    const selection = hunting.select({
      query: request.query,
      ...(request.from !== undefined && { from: parseBound(request.from, 'from') }),
      ...(request.to !== undefined && { to: parseBound(request.to, 'to') }),
    });
    const { index } = hunting.source;
    const start = request.afterId === undefined ? 0 : index.rowOf(request.afterId) + 1;
    let left = request.limit;
    for await (const row of selection.rowsFrom(start, context.signal)) {
      if (left-- <= 0) return;
      yield this.#known(index.columns.id[row] as number);
    }
  }

  #rowOf(fields: EventFields): EventRow {
    return toRow(fields, eventOf(this.#store.events, fields.id), this.#store.events);
  }

  #known(id: number): EventFields {
    const fields = this.#store.events.get(id);
    if (fields !== undefined) return fields;
    throw new CaseError('event/unknown', `There is no event ${id} in this case.`, {
      hint: '`decklog events <case>` lists events with their ids.',
    });
  }
}
