import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { AlertGroupBy } from '../../../core/contract/alert-calls.ts';
import { LEVELS, type Level, STATUSES, type Status } from '../../../core/contract/rows.ts';
import { ask, faultOf } from '../../calls/ask.ts';
import { useAct, useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Grid, type GridHandle } from '../../grid/grid.tsx';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { useMarking } from '../../marks/use-marks.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { Empty, FaultNote } from '../../parts/state.tsx';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tell, tellFault } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';
import { AlertChips } from './alert-chips.tsx';
import { useAlertColumns } from './alert-columns.tsx';
import { alertFilterOf } from './alert-filter.ts';
import { AlertPanel } from './alert-panel.tsx';
import { type AlertListRow, nextAlert, useAlertRows } from './alert-rows.ts';
import { SuppressionList } from './suppression-list.tsx';

/** Alerts under their headings at the left, one alert whole at the right; triage needs no pointer. */
export function AlertsView(): ReactNode {
  const place = usePlace();
  const { search, range } = place;
  const act = useAct();
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
  const start = (status: Status) => (): boolean => {
    if (!mayChange || chosenIds.length === 0) return false;
    setDeciding(status);
    return true;
  };
  useKeys({
    'list.next': () => step(1) || undefined,
    'list.previous': () => step(-1) || undefined,
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
            <FilterField key={search.text ?? ''} />
            {marked.size === 0 ? null : <span className="t2 tn">{count(markedIds.length)} selected</span>}
          </div>
          <AlertChips counts={data} />
          {search.tab === 'suppressed' ? <SuppressionList /> : null}
          {marked.size === 0 ? null : (
            <BulkBar ids={markedIds} onDecide={setDeciding} onClear={() => setMarked(new Set())} />
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

function Whole({ row }: { readonly row: AlertListRow }): ReactNode {
  if (row.kind === 'alert') return null;
  if (row.kind === 'more')
    return (
      <span className="t2">
        {row.left === null ? 'counting…' : `${counted(row.left, 'more alert')}; press Enter to show them`}
      </span>
    );
  const { group } = row;
  return (
    <span className="row group-row">
      <span className={row.isOpen ? 'turn open' : 'turn'}>
        <Icon name="right" size={12} />
      </span>
      <SeverityMark level={group.level} />
      <span className="clip">
        <EvidenceText>{group.title}</EvidenceText>
      </span>
      <span className="grow" />
      <span className="t2 tn wide">{group.firstTime === null ? '' : dayAndTime(group.firstTime)}</span>
      <span className="t2 tn">{group.open === 0 ? '' : `${count(group.open)} open`}</span>
      <span className="tn">{count(group.alerts)}</span>
    </span>
  );
}

function NoAlerts(): ReactNode {
  const { set, setRange, search, range } = usePlace();
  const isFiltered =
    range !== null ||
    search.level !== undefined ||
    search.status !== undefined ||
    search.text !== undefined ||
    search.rule !== undefined ||
    search.incident !== undefined ||
    search.starred !== undefined;
  if (!isFiltered) {
    return (
      <Empty title="No alert in this case.">
        That no rule fired does not mean that nothing happened: see under Rules what could not have fired, and under
        Evidence what was read.
      </Empty>
    );
  }
  return (
    <Empty title="No alert fits.">
      <div className="row" style={{ marginTop: 6 }}>
        <button
          type="button"
          className="btn"
          onClick={() =>
            set({
              level: undefined,
              status: undefined,
              text: undefined,
              rule: undefined,
              incident: undefined,
              starred: undefined,
              kind: undefined,
              entity: undefined,
            })
          }
        >
          Drop the filter
        </button>
        {range === null ? null : (
          <button type="button" className="btn" onClick={() => setRange(null)}>
            Whole case <Kbd of="range.reset" />
          </button>
        )}
      </div>
    </Empty>
  );
}

function FilterField(): ReactNode {
  const { search, set } = usePlace();
  const [text, setText] = useState(search.text ?? '');
  return (
    <form
      className="grow"
      onSubmit={(event) => {
        event.preventDefault();
        set({ text: text.trim() === '' ? undefined : text.trim() });
      }}
    >
      <label className="field">
        <Icon name="search" />
        <input
          value={text}
          placeholder="Filter alerts, then Enter"
          aria-label="Filter alerts"
          onChange={(event) => setText(event.target.value)}
          onBlur={() =>
            text.trim() !== (search.text ?? '') && set({ text: text.trim() === '' ? undefined : text.trim() })
          }
        />
        {search.text === undefined ? null : (
          <button
            type="button"
            className="chip-x"
            aria-label="Clear the filter"
            onClick={() => set({ text: undefined })}
          >
            <Icon name="close" size={11} />
          </button>
        )}
      </label>
    </form>
  );
}

function LevelMenu(): ReactNode {
  const { search, set } = usePlace();
  const levels: readonly Level[] = [...LEVELS].reverse();
  return (
    <DropMenu
      label="Level"
      options={[
        {
          key: 'all',
          title: 'Every level',
          isChosen: search.level === undefined,
          onPick: () => set({ level: undefined }),
        },
        ...levels.map((level) => ({
          key: level,
          title: (
            <span className="row">
              <SeverityMark level={level} /> {LEVEL_WORDS[level]}
              {level === 'critical' ? '' : ' and above'}
            </span>
          ),
          isChosen: search.level === level,
          onPick: () => set({ level }),
        })),
      ]}
    >
      {search.level === undefined ? 'Level' : LEVEL_WORDS[search.level]}
    </DropMenu>
  );
}

function StatusMenu(): ReactNode {
  const { search, set } = usePlace();
  return (
    <DropMenu
      label="Status"
      options={[
        {
          key: 'all',
          title: 'Every status',
          isChosen: search.status === undefined && search.tab !== 'suppressed',
          onPick: () => set({ status: undefined, tab: undefined }),
        },
        ...STATUSES.map((status) => ({
          key: status,
          title: status,
          isChosen: search.status === status,
          onPick: () => set({ status, tab: undefined }),
        })),
        {
          key: 'suppressed',
          title: 'Excluded by a filter',
          isChosen: search.tab === 'suppressed',
          onPick: () => set({ status: undefined, tab: 'suppressed' }),
        },
        {
          key: 'starred',
          title: 'Only starred',
          isChosen: search.starred === 'yes',
          onPick: () => set({ starred: search.starred === undefined ? 'yes' : undefined }),
        },
      ]}
    >
      {search.tab === 'suppressed' ? 'excluded' : (search.status ?? 'Status')}
    </DropMenu>
  );
}

function ExportAlerts(): ReactNode {
  const bridge = useBridge();
  const { search, range } = usePlace();
  const run = async (format: 'csv' | 'jsonl'): Promise<void> => {
    try {
      const file = await ask(bridge, 'export/alerts', { filter: alertFilterOf(search, range), format });
      await bridge.save(file);
    } catch (error) {
      tellFault(faultOf(error).message);
    }
  };
  return (
    <DropMenu
      label="Export"
      options={[
        { key: 'csv', title: 'As CSV', onPick: () => void run('csv') },
        { key: 'jsonl', title: 'As JSON lines', onPick: () => void run('jsonl') },
      ]}
    >
      <Icon name="download" size={13} />
      <span className="wide">Export</span>
    </DropMenu>
  );
}

function BulkBar({
  ids,
  onDecide,
  onClear,
}: {
  readonly ids: readonly number[];
  onDecide(status: Status): void;
  onClear(): void;
}): ReactNode {
  const place = usePlace();
  const marking = useMarking();
  const mayChange = useMayChange();
  const decide = (status: Status) => (): void => {
    if (place.search.alert === undefined && ids[0] !== undefined) place.set({ alert: ids[0] });
    onDecide(status);
  };
  return (
    <div className="bar bulk" role="group" aria-label="With the selected alerts">
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('confirmed')}>
        Confirm {count(ids.length)}
      </button>
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('benign')}>
        Benign
      </button>
      <button type="button" className="btn" disabled={!mayChange} onClick={decide('dismissed')}>
        Dismiss
      </button>
      <button
        type="button"
        className="btn"
        disabled={!mayChange}
        onClick={() =>
          void marking.add(
            ids.map((id) => ({ kind: 'alert', id })),
            { kind: 'star', text: '' },
            'alert',
          )
        }
      >
        <Icon name="star" size={12} />
        Star
      </button>
      <span className="grow" />
      <button type="button" className="btn quiet" onClick={onClear}>
        Select none
      </button>
    </div>
  );
}
