import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEvent } from '../event/audit-event.ts';
import type { AlertProof } from '../hunt/alert-proofs.ts';
import type { EventSource } from '../hunt/event-source.ts';
import { planQuery } from '../hunt/plan.ts';
import { type EventSelection, selectQuery, timeRange } from '../hunt/selection.ts';
import type { StoredBlock } from '../store/block-cache.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { EventFields, EventReader } from '../store/event-reader.ts';
import { eventAt } from './read-place.ts';

/** What is searched: a query within bounds on the received time (microseconds, both included). */
export interface HuntScope {
  readonly query: string;
  readonly from?: number;
  readonly to?: number;
}

/** Selections that are kept: going back to a filter costs nothing. */
const KEPT = 12;

const PAUSE_AFTER_MS = 12;

const huntings = new WeakMap<EventIndex, Hunting>();

/** The case for searching, made anew when events have come. */
export function huntingOf(store: CaseStore): Hunting {
  const index = store.index();
  const known = huntings.get(index);
  const hunting = known ?? new Hunting(store);
  if (known === undefined) huntings.set(index, hunting);
  return hunting;
}

/** Searches one case. What it has found is kept until the case changes. */
export class Hunting {
  readonly source: EventSource;
  readonly #selections = new Map<string, EventSelection>();

  readonly #store: CaseStore;
  #proofs: { readonly version: number; readonly all: readonly AlertProof[] } | null = null;

  constructor(store: CaseStore) {
    this.#store = store;
    this.source = sourceOf(store);
  }

  /** Raised by every change of the case. */
  get version(): number {
    return this.#store.version;
  }

  /** Alerts with the rows that prove them, by id. */
  proofs(): readonly AlertProof[] {
    const { version } = this.#store;
    if (this.#proofs?.version !== version) {
      const { index } = this.source;
      const all = this.#store.findings.proofs().map(({ id, level, events }) => ({
        ...{ id, level },
        rows: events.map((event) => index.rowOf(event)).sort((a, b) => a - b),
      }));
      this.#proofs = { version, all };
    }
    return this.#proofs.all;
  }

  /** The selected events themselves, block by block, so in no certain order. */
  async *eventsOf(
    { mask }: Pick<EventSelection, 'mask'>,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly row: number; readonly event: AuditEvent; readonly fields: EventFields }> {
    const { columns } = this.source.index;
    const rows: number[] = [];
    mask.forEach((value, row) => {
      if (value === 1) rows.push(row);
    });
    let turn = performance.now();
    for (const [block, members] of Map.groupBy(rows, (row) => columns.block[row] as number)) {
      const unpacked = await this.source.records.block(block);
      for (const row of members) {
        const id = columns.id[row] as number;
        yield { row, event: this.source.event(id, unpacked), fields: this.#store.events.get(id) as EventFields };
        if (performance.now() - turn < PAUSE_AFTER_MS) continue;
        signal.throwIfAborted();
        await nextTurn();
        turn = performance.now();
      }
    }
  }

  /** The events of a scope; raises `query/invalid`. */
  select({ query, from, to }: HuntScope): EventSelection {
    const key = JSON.stringify([query.trim(), from ?? null, to ?? null]);
    const known = this.#selections.get(key);
    const selection = known ?? selectQuery(this.source, planQuery(query), timeRange(from, to));
    this.#selections.delete(key);
    this.#selections.set(key, selection);
    if (this.#selections.size > KEPT) this.#selections.delete(this.#selections.keys().next().value as string);
    return selection;
  }
}

function sourceOf(store: CaseStore): EventSource {
  const { events } = store;
  return {
    index: store.index(),
    records: store.records(),
    fields: (id) => {
      const fields = events.get(id);
      if (fields === undefined) throw new Error(`event ${id} is in the columns and not in the case`);
      return fields;
    },
    event: (id, block) => eventIn(events, id, block),
  };
}

function eventIn(events: EventReader, id: number, block: StoredBlock): AuditEvent {
  const read = eventAt({ ...events.place(id), block });
  if (read === null) throw new Error(`event ${id} cannot be read again from its record`);
  return read;
}
