import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { EntityLine } from '../../../core/contract/entity-calls.ts';
import type { EntityKind } from '../../../core/contract/scope.ts';
import { ask } from '../../calls/ask.ts';
import { useBridge, useCall, useCase } from '../../calls/use-call.ts';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Grid, type GridColumn, type GridHandle } from '../../grid/grid.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NoEvidence } from '../../parts/no-evidence.tsx';
import { Opening } from '../../parts/opening.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Empty, FaultNote } from '../../parts/state.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime, wholeTime } from '../../words/time.ts';
import { EntityPanel } from './entity-panel.tsx';
import { SessionsList } from './sessions.tsx';

export const KIND_TITLES: Readonly<Record<EntityKind, string>> = {
  user: 'Users',
  serviceaccount: 'Service accounts',
  address: 'Addresses',
  agent: 'Clients',
  image: 'Images',
  namespace: 'Namespaces',
  node: 'Nodes',
  workload: 'Workloads',
  object: 'Objects',
};

const ORDERS = ['alerts', 'events', 'denied', 'first', 'last', 'name'] as const;
type Order = (typeof ORDERS)[number];
const ORDER_TITLES: Readonly<Record<Order, string>> = {
  alerts: 'alerts',
  events: 'events',
  denied: 'denied',
  first: 'first seen',
  last: 'last seen',
  name: 'name',
};
const PAGE = 200;

/** Who and what occurs in the log. */
export function EntitiesView(): ReactNode {
  const opened = useCase();
  const { search } = usePlace();
  if (opened === null) return <Opening title="Entities" />;
  if (opened.events === 0) return <NoEvidence title="Entities" />;
  return <Entities key={search.tab === 'sessions' ? 'sessions' : (search.kind ?? 'serviceaccount')} />;
}

function Entities(): ReactNode {
  const place = usePlace();
  const { search, range, set } = place;
  const isSessions = search.tab === 'sessions';
  const kind: EntityKind = search.kind ?? 'serviceaccount';
  const inRange = range === null ? {} : { range };
  const kinds = useCall('entities/kinds', inRange, { keeps: true });
  return (
    <>
      <ViewHead
        title="Entities"
        about={isSessions ? 'shells, attachments and forwarded ports' : KIND_TITLES[kind].toLowerCase()}
      >
        {isSessions ? null : <OrderMenu />}
        {isSessions ? null : <ColumnChooser name="entities" columns={COLUMNS} />}
      </ViewHead>
      <div className="body">
        <nav className="pane-scroll kinds" aria-label="Kinds of entities">
          {(Object.keys(KIND_TITLES) as EntityKind[]).map((each) => {
            const line = kinds.data?.find((known) => known.kind === each);
            return (
              <button
                key={each}
                type="button"
                className="kind"
                aria-current={!isSessions && each === kind ? 'true' : undefined}
                onClick={() => set({ kind: each, entity: undefined, tab: undefined, event: undefined })}
              >
                <span className="grow">{KIND_TITLES[each]}</span>
                {line === undefined || line.withAlerts === 0 ? null : (
                  <span className="t2 tn with-alerts" title={`${count(line.withAlerts)} with alerts`}>
                    <Icon name="alerts" size={11} /> {count(line.withAlerts)}
                  </span>
                )}
                <span className="t3 tn num">{line === undefined ? '' : count(line.count)}</span>
              </button>
            );
          })}
          <button
            type="button"
            className="kind"
            aria-current={isSessions ? 'true' : undefined}
            onClick={() => set({ tab: 'sessions', entity: undefined, event: undefined })}
          >
            <span className="grow">Shells and forwards</span>
          </button>
          {kinds.error === null ? null : <FaultNote error={kinds.error} />}
        </nav>
        {isSessions ? (
          <SessionsList scope={{ query: search.q ?? '', ...inRange }} />
        ) : search.entity === undefined ? (
          <EntityList kind={kind} />
        ) : (
          <EntityPanel entity={{ kind, name: search.entity }} />
        )}
      </div>
    </>
  );
}

function OrderMenu(): ReactNode {
  const { search, set } = usePlace();
  const order = orderOf(search.order);
  return (
    <DropMenu
      label="Order"
      options={ORDERS.map((each) => ({
        key: each,
        title: `By ${ORDER_TITLES[each]}`,
        isChosen: each === order,
        onPick: () => set({ order: each }),
      }))}
    >
      <span className="t3">By</span> {ORDER_TITLES[order]}
    </DropMenu>
  );
}

function orderOf(text: string | undefined): Order {
  return ORDERS.find((order) => order === text) ?? 'alerts';
}

const number = (
  id: string,
  head: string,
  of: (line: EntityLine) => number,
  options: Partial<GridColumn<EntityLine>> = {},
): GridColumn<EntityLine> => ({
  id,
  head,
  width: 84,
  align: 'right',
  cell: (line) => (of(line) === 0 ? <span className="t3">0</span> : count(of(line))),
  ...options,
});
const time = (id: string, head: string, of: (line: EntityLine) => number | null): GridColumn<EntityLine> => ({
  id,
  head,
  width: 124,
  className: 'tn t2',
  isSecond: id === 'first',
  cell: (line) => {
    const us = of(line);
    return us === null ? '' : dayAndTime(us);
  },
  text: (line) => {
    const us = of(line);
    return us === null ? '' : wholeTime(us);
  },
});

const COLUMNS: readonly GridColumn<EntityLine>[] = [
  {
    id: 'level',
    head: '',
    width: 40,
    align: 'center',
    cell: (line) => (line.alertLevel === null ? '' : <SeverityMark level={line.alertLevel} />),
  },
  {
    id: 'name',
    head: 'Name',
    width: 240,
    isFlexible: true,
    cell: (line) => (
      <>
        <EvidenceText>{line.entity.kind === 'serviceaccount' ? shortUser(line.entity.name) : line.title}</EvidenceText>
        {line.marks.isStarred ? (
          <span className="starred" role="img" aria-label="starred">
            <Icon name="star" size={11} isFilled />
          </span>
        ) : null}
      </>
    ),
    text: (line) => visibleText(line.entity.name),
  },
  number('alerts', 'Alerts', (line) => line.alerts, { width: 64 }),
  number('events', 'Events', (line) => line.events),
  number('writes', 'Writes', (line) => line.writes, { isSecond: true }),
  number('denied', 'Denied', (line) => line.denied),
  time('first', 'First (UTC)', (line) => line.firstSeen),
  time('last', 'Last (UTC)', (line) => line.lastSeen),
];

function EntityList({ kind }: { readonly kind: EntityKind }): ReactNode {
  const bridge = useBridge();
  const { search, range, set, setRange } = usePlace();
  const grid = useRef<GridHandle>(null);
  const [active, setActive] = useState<number | null>(null);
  const order = orderOf(search.order);
  const request = useMemo(
    () => ({
      kind,
      order,
      limit: PAGE,
      ...(search.text === undefined ? {} : { text: search.text }),
      ...(range === null ? {} : { range }),
    }),
    [kind, order, search.text, range],
  );
  const pages = useInfiniteQuery({
    queryKey: ['entities/page', request],
    queryFn: ({ pageParam, signal }) =>
      ask(bridge, 'entities/page', { ...request, ...(pageParam === null ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = (pages.data?.pages ?? []).flatMap((page) => page.rows);
  const total = pages.data?.pages[0]?.total;
  const open = (ordinal: number): void => {
    const row = rows[ordinal];
    if (row !== undefined) set({ kind, entity: row.entity.name });
  };
  useKeys({
    'list.next': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(1) : false),
    'list.previous': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(-1) : false),
  });
  return (
    <div className="pane grow">
      <div className="bar">
        <FilterField label="Filter by name" placeholder="Part of a name" />
        <span className="t2 tn">{total === undefined ? 'counting…' : counted(total, 'entity', 'entities')}</span>
      </div>
      {pages.error === null ? null : <FaultNote error={pages.error} />}
      <Grid<EntityLine>
        label={KIND_TITLES[kind]}
        name="entities"
        handle={grid}
        columns={COLUMNS}
        rowCount={rows.length}
        rowAt={(ordinal) => rows[ordinal]}
        selected={active}
        onSelect={(ordinal, by) => {
          setActive(ordinal);
          if (by === 'pointer') open(ordinal);
        }}
        onOpen={open}
        onSight={(_, last) => {
          if (last >= rows.length - 30 && pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
        }}
        empty={
          pages.data === undefined ? (
            <p className="t3 pad">counting…</p>
          ) : (
            <Empty title={`No ${KIND_TITLES[kind].toLowerCase()} here.`}>
              <div className="row" style={{ marginTop: 6 }}>
                {search.text === undefined ? null : (
                  <button type="button" className="btn" onClick={() => set({ text: undefined })}>
                    Drop the filter
                  </button>
                )}
                {range === null ? null : (
                  <button type="button" className="btn" onClick={() => setRange(null)}>
                    Whole case
                  </button>
                )}
              </div>
            </Empty>
          )
        }
      />
    </div>
  );
}
