import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { AlertGroupBy } from '../../../core/contract/alert-calls.ts';
import { LEVELS, type Status } from '../../../core/contract/rows.ts';
import { useAct, useCall, useMayChange } from '../../calls/use-call.ts';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Grid, type GridHandle } from '../../grid/grid.tsx';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { BulkBar } from '../../marks/bulk-bar.tsx';
import type { MenuOption } from '../../parts/drop-menu.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { FaultNote } from '../../parts/state.tsx';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';
import { AlertChips } from './alert-chips.tsx';
import { useAlertColumns } from './alert-columns.tsx';
import { alertFilterOf } from './alert-filter.ts';
import { ExportAlerts, LevelMenu, StatusMenu } from './alert-menus.tsx';
import { AlertPanel } from './alert-panel.tsx';
import { type AlertListRow, nextAlert, useAlertRows } from './alert-rows.ts';
import { NoAlerts, Whole } from './alert-whole.tsx';
import { showDecided } from './show-decided.ts';
import { SuppressionList } from './suppression-list.tsx';

const DECISIONS = { confirmed: 'Confirm…', benign: 'Benign…', dismissed: 'Dismiss…' } as const;

/** Alerts under their headings at the left, one alert whole at the right; triage needs no pointer. */
export function AlertsView(): ReactNode {
  const place = usePlace();
  const { search, range } = place;
  const act = useAct();
  const client = useQueryClient();
  const mayChange = useMayChange();
  const by: AlertGroupBy = search.group ?? 'incident';
  const filter = useMemo(() => alertFilterOf(search, range), [search, range]);
  const counts = useCall('alerts/counts', { filter }, { keeps: true });
  const list = useAlertRows(filter, by, search.order === 'level' ? 'level' : 'time');
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set());
  const [deciding, setDeciding] = useState<Status | null>(null);
  const grid = useRef<GridHandle>(null);
  const selected = list.rows.findIndex((row) => row.kind === 'alert' && row.line.id === search.alert);
  const markedIds = [...marked].flatMap((ordinal) => idOf(list.rows[ordinal]));
  const chosenIds = markedIds.length > 0 ? markedIds : search.alert === undefined ? [] : [search.alert];

  const select = (ordinal: number): void => {
    const row = list.rows[ordinal];
    if (row?.kind === 'alert')
      place.set({ alert: row.line.id, event: undefined }, { replace: search.alert !== undefined });
  };
  const step = (by: 1 | -1, isHigh = false): boolean => {
    const next = nextAlert(
      list.rows,
      selected,
      by,
      (line) => !isHigh || LEVELS.indexOf(line.level) >= LEVELS.indexOf('high'),
    );
    if (next < 0) return false;
    select(next);
    grid.current?.goTo(next);
    return true;
  };
  const decide = async (status: Status, reason: string): Promise<void> => {
    const ids = chosenIds;
    const done = await act('alerts/decide', { ids, status, reason });
    if (done === null) return;
    showDecided(client, ids, status, reason);
    setDeciding(null);
    setMarked(new Set());
    tell(
      `${ids.length === 1 ? `Alert ${ids[0]}` : counted(ids.length, 'alert')} ${status}${reason === '' ? '' : `: “${reason}”`}.`,
      async () => {
        await act('actions/undo', { action: done.action });
      },
    );
    step(1);
    grid.current?.focus();
  };
  const decisions = (id: number): readonly MenuOption[] =>
    (['confirmed', 'benign', 'dismissed'] as const).map((status) => ({
      key: status,
      title: DECISIONS[status],
      onPick: () => {
        place.set({ alert: id, event: undefined });
        setDeciding(status);
      },
    }));
  const start = (status: Status) => (): boolean => {
    if (!mayChange || chosenIds.length === 0) return false;
    setDeciding(status);
    return true;
  };
  useKeys({
    'list.next': () => step(1) || undefined,
    'list.previous': () => step(-1) || undefined,
    'panel.next': () => step(1),
    'panel.previous': () => step(-1),
    'alert.nextHigh': () => void step(1, true),
    'alert.previousHigh': () => void step(-1, true),
    'alert.confirm': start('confirmed'),
    'alert.benign': start('benign'),
    'alert.dismiss': start('dismissed'),
    'list.marked': () => place.set({ starred: search.starred === undefined ? 'yes' : undefined }),
    close: () => {
      if (marked.size > 0) setMarked(new Set());
      else if (search.alert !== undefined) place.set({ alert: undefined, event: undefined });
      else return false;
      grid.current?.focus();
    },
  });
  const columns = useAlertColumns(search.alert === undefined);
  const data = counts.data;
  return (
    <>
      <ViewHead
        title="Alerts"
        about={
          data === undefined
            ? 'counting…'
            : `${count(data.total)} · ${count(data.open)} open${data.suppressed > 0 ? ` · ${count(data.suppressed)} excluded` : ''}`
        }
      >
        <span className="t3 wide">Group by</span>
        <Segments<AlertGroupBy>
          label="Group by"
          value={by}
          options={[
            ['incident', 'Incident'],
            ['rule', 'Rule'],
            ['identity', 'Identity'],
            ['object', 'Object'],
            ['none', 'None'],
          ]}
          onChange={(group) => place.set({ group })}
        />
        <LevelMenu />
        <StatusMenu />
        <ColumnChooser name="alerts" columns={columns} />
        <ExportAlerts />
      </ViewHead>
      <div className="body">
        <div className={search.alert === undefined ? 'pane grow' : 'pane allist'}>
          <div className="bar">
            <FilterField label="Filter alerts" placeholder="Filter alerts" />
            {marked.size === 0 ? null : <span className="t2 tn">{count(markedIds.length)} selected</span>}
          </div>
          <AlertChips counts={data} />
          {search.tab === 'suppressed' ? <SuppressionList /> : null}
          {marked.size === 0 ? null : (
            <BulkBar
              what="alert"
              targets={() => markedIds.map((id) => ({ kind: 'alert', id }))}
              onClear={() => setMarked(new Set())}
            >
              <DecideMany ids={markedIds} onDecide={setDeciding} />
            </BulkBar>
          )}
          {list.error === null ? null : <FaultNote error={list.error} onRetry={list.refetch} />}
          <Grid<AlertListRow>
            label="Alerts"
            name="alerts"
            handle={grid}
            columns={columns}
            rowCount={list.rows.length}
            rowAt={(ordinal) => list.rows[ordinal]}
            selected={selected < 0 ? null : selected}
            onSelect={select}
            marked={marked}
            onMark={setMarked}
            actions={(row) => (row.kind === 'alert' && mayChange ? decisions(row.line.id) : [])}
            onOpen={(ordinal) => {
              const row = list.rows[ordinal];
              if (row?.kind === 'group') list.toggle(row.group.key);
              if (row?.kind === 'more') list.more(row.group);
            }}
            whole={(row) => (row.kind === 'alert' ? null : <Whole row={row} />)}
            empty={list.isLoading ? <span className="t3 pad">counting…</span> : <NoAlerts />}
          />
          <div className="bar keys-bar">
            <Kbd of="list.next" />
            <Kbd of="list.previous" /> <span>next, previous ·</span>
            <Kbd of="alert.confirm" /> <span>confirm ·</span>
            <Kbd of="alert.benign" /> <span>benign ·</span>
            <Kbd of="alert.dismiss" /> <span>dismiss ·</span>
            <Kbd of="alert.star" /> <span>star ·</span>
            <Kbd of="close" /> <span>close</span>
          </div>
        </div>
        {search.alert === undefined ? null : (
          <AlertPanel
            id={search.alert}
            ids={chosenIds}
            deciding={deciding}
            onDeciding={setDeciding}
            onDecide={(status, reason) => void decide(status, reason)}
            onClose={() => place.set({ alert: undefined, event: undefined })}
          />
        )}
      </div>
    </>
  );
}

function idOf(row: AlertListRow | undefined): readonly number[] {
  return row?.kind === 'alert' ? [row.line.id] : [];
}

/** Buttons that decide about all selected alerts; the reason is asked for beside the first. */
function DecideMany({ ids, onDecide }: { readonly ids: readonly number[]; onDecide(status: Status): void }): ReactNode {
  const place = usePlace();
  const mayChange = useMayChange();
  const decide = (status: Status) => (): void => {
    if (place.search.alert === undefined && ids[0] !== undefined) place.set({ alert: ids[0] });
    onDecide(status);
  };
  return (
    <>
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('confirmed')}>
        Confirm {count(ids.length)}
      </button>
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('benign')}>
        Benign
      </button>
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('dismissed')}>
        Dismiss
      </button>
    </>
  );
}
