import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EventLine } from '../../core/contract/event-calls.ts';
import type { MarkTarget } from '../../core/contract/mark-calls.ts';
import { MOST_ROWS, type Scope } from '../../core/contract/scope.ts';
import { ask } from '../calls/ask.ts';
import { useBridge, useCall } from '../calls/use-call.ts';
import { Grid, type GridColumn, type GridHandle } from '../grid/grid.tsx';
import { usePagedRows } from '../grid/paged-rows.ts';
import { useKeys } from '../keys/key-listener.ts';
import { BulkBar } from '../marks/bulk-bar.tsx';
import { entitySearch, usePlace } from '../place.ts';
import { condition, withCondition } from '../words/condition.ts';
import { entityOfField } from '../words/entity-of-field.ts';
import { count } from '../words/number.ts';
import { COLUMN_FIELDS, columnValue } from './event-columns.tsx';
import { FaultNote } from './state.tsx';

/** Most events that are marked at once. */
const MOST_MARKED = 10_000;
const NONE: ReadonlySet<number> = new Set();

export interface EventListProps {
  readonly label: string;
  readonly name: string;
  readonly scope: Scope;
  readonly order?: 'oldest' | 'newest';
  readonly columns: readonly GridColumn<EventLine>[];
  readonly empty: ReactNode;
  /** Tells what is in sight, for "rows 598 – 614 of 1,846". */
  onSight?(first: number, last: number): void;
  /** Fields beyond the line, for own columns. */
  readonly fields?: readonly string[];
}

/** A list of events of any length over a scope: rows first, then the count; the chosen event is the link's. */
export function EventList(props: EventListProps): ReactNode {
  const { scope, order = 'oldest', fields } = props;
  const bridge = useBridge();
  const place = usePlace();
  const grid = useRef<GridHandle>(null);
  const counted = useCall('events/count', { scope });
  const fetch = useCallback(
    async (first: number, limit: number, signal: AbortSignal) => {
      const start = first === 0 ? ({ at: 'start' } as const) : ({ at: 'ordinal', ordinal: first } as const);
      const page = await ask(
        bridge,
        'events/page',
        { scope, order, start, limit, ...(fields === undefined ? {} : { fields }) },
        { signal },
      );
      return page.rows;
    },
    [bridge, scope, order, fields],
  );
  const key = useMemo(() => ['events/page', scope, order, fields ?? []], [scope, order, fields]);
  const rows = usePagedRows<EventLine>(key, fetch);
  // Ordinals mean other events in another list.
  const list = useMemo(() => JSON.stringify([scope, order]), [scope, order]);
  const [own, setOwn] = useState<{ readonly list: string; readonly ordinals: ReadonlySet<number> }>({
    list,
    ordinals: NONE,
  });
  const marked = own.list === list ? own.ordinals : NONE;
  const setMarked = useCallback((ordinals: ReadonlySet<number>) => setOwn({ list, ordinals }), [list]);
  const chosen = place.search.event;
  const found = useCall('events/find', { text: String(chosen ?? ''), scope }, { isOn: chosen !== undefined });
  const firstRows = useMemo(() => countLoaded(rows.rowAt), [rows.rowAt]);
  const total = counted.data?.count ?? firstRows;
  const ordinalOfChosen =
    chosen === undefined
      ? null
      : (inSight(rows.rowAt, chosen, total) ?? ordinalIn(found.data?.ordinal ?? null, order, total));

  const asked = useRef<{ readonly list: string; readonly ordinal: number } | null>(null);
  const open = (ordinal: number): void => {
    const row = rows.rowAt(ordinal);
    asked.current = row === undefined ? { list, ordinal } : null;
    if (row !== undefined) place.set({ event: row.id }, { replace: chosen !== undefined });
  };
  // A row that was pressed before it had come opens when it comes.
  useEffect(() => {
    const waits = asked.current;
    if (waits !== null && waits.list === list && rows.rowAt(waits.ordinal) !== undefined) open(waits.ordinal);
  });
  useKeys({
    'panel.next': () => grid.current?.move(1),
    'panel.previous': () => grid.current?.move(-1),
    'list.next': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(1) : false),
    'list.previous': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(-1) : false),
  });
  const onCell = (action: 'in' | 'out' | 'pivot', row: EventLine, column: string): void => {
    const field = COLUMN_FIELDS[column];
    if (field === undefined) return;
    const value = columnValue(row, column);
    const entity = action === 'pivot' && value !== null ? entityOfField(field, value) : null;
    if (entity !== null) place.go('entities', entitySearch(entity));
    else if (action === 'pivot') place.go('hunt', { q: condition(field, value) });
    else
      place.set({
        q: withCondition(place.search.q ?? '', condition(field, value), action === 'out'),
        event: undefined,
      });
  };
  const { onSight: fetchSight } = rows;
  const { onSight: tellSight } = props;
  const onSight = useCallback(
    (first: number, last: number): void => {
      fetchSight(first, last);
      tellSight?.(first, last);
    },
    [fetchSight, tellSight],
  );
  const error = rows.error ?? counted.error;
  if (error !== null && total === 0) return <FaultNote error={error} />;
  const targets = async (): Promise<readonly MarkTarget[]> => {
    const ids: number[] = [];
    const wanted = [...marked].sort((a, b) => a - b).slice(0, MOST_MARKED);
    for (let ordinal = wanted.shift(); ordinal !== undefined; ordinal = wanted.shift()) {
      const known = rows.rowAt(ordinal);
      if (known !== undefined) ids.push(known.id);
      else {
        const first = ordinal;
        const page = await fetch(first, MOST_ROWS, new AbortController().signal);
        ids.push(...[first, ...wanted].flatMap((each) => page[each - first]?.id ?? []));
        while (wanted[0] !== undefined && wanted[0] < first + MOST_ROWS) wanted.shift();
      }
    }
    return ids.map((id) => ({ kind: 'event', id }));
  };
  return (
    <>
      {marked.size === 0 ? null : (
        <BulkBar what="event" targets={targets} onClear={() => setMarked(new Set())}>
          <span className="t2 tn">{count(marked.size)} selected</span>
        </BulkBar>
      )}
      <Grid<EventLine>
        label={props.label}
        name={props.name}
        handle={grid}
        columns={props.columns}
        rowCount={total}
        rowAt={rows.rowAt}
        onSight={onSight}
        selected={ordinalOfChosen}
        onSelect={(ordinal, by) => {
          if (by === 'pointer' || chosen !== undefined) open(ordinal);
        }}
        onOpen={open}
        marked={marked}
        onMark={setMarked}
        onCell={onCell}
        empty={counted.isPending || rows.isLoading ? <p className="t3 pad">counting…</p> : props.empty}
      />
    </>
  );
}

/** How many of the first rows are there, to show rows before they are counted. */
function countLoaded(rowAt: (ordinal: number) => EventLine | undefined): number {
  let loaded = 0;
  while (loaded < 200 && rowAt(loaded) !== undefined) loaded++;
  return loaded;
}

function ordinalIn(ordinal: number | null, order: 'oldest' | 'newest', total: number): number | null {
  if (ordinal === null) return null;
  return order === 'oldest' ? ordinal : Math.max(0, total - 1 - ordinal);
}

/** The place of an event among rows that are loaded near the start, so that a press needs no question. */
function inSight(rowAt: (ordinal: number) => EventLine | undefined, id: number, total: number): number | null {
  for (let ordinal = 0; ordinal < Math.min(total, 2000); ordinal++) {
    if (rowAt(ordinal)?.id === id) return ordinal;
  }
  return null;
}
