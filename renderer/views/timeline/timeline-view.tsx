import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import {
  LANE_KINDS,
  type LaneBy,
  type Scope,
  STACKS,
  type StackBy,
  type TimeRange,
} from '../../../core/contract/scope.ts';
import { useCall, useCase } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { useEventColumns } from '../../parts/event-columns.tsx';
import { EventHistogram, SeriesKey } from '../../parts/event-histogram.tsx';
import { EventList } from '../../parts/event-list.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NoEvidence } from '../../parts/no-evidence.tsx';
import { Opening } from '../../parts/opening.tsx';
import { RowsInSight, useSight } from '../../parts/rows-in-sight.tsx';
import { Answered, Empty } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { count } from '../../words/number.ts';
import { duration, range as rangeText } from '../../words/time.ts';
import { EventPanel } from '../event/event-panel.tsx';
import { ForeignLane } from './foreign-lane.tsx';
import { GoTo } from './go-to.tsx';
import { HeatChart } from './heat.tsx';
import { LanesChart, zoomTo } from './lanes.tsx';
import { MarkerFlags, useMarkerButton, useMarkers } from './markers.tsx';
import { around, moved, widened, zoomed } from './time-moves.ts';

const LEFT = 214;
const MOST_LANES = 9;

/** When things happened: histogram, lanes or heat map, and the events of the range, in step. */
export function TimelineView(): ReactNode {
  const opened = useCase();
  if (opened === null) return <Opening title="Timeline" />;
  if (opened.span === null) return <NoEvidence title="Timeline" />;
  return <Timeline span={opened.span} />;
}

function Timeline({ span }: { readonly span: TimeRange }): ReactNode {
  const place = usePlace();
  const { search, setRange, set } = place;
  const range = place.range ?? span;
  const query = search.q ?? '';
  const scope: Scope = useMemo(
    () => ({ query, ...(place.range === null ? {} : { range: place.range }) }),
    [query, place.range],
  );
  const chosen = useCall('events/detail', { id: search.event ?? 0 }, { isOn: search.event !== undefined });
  const cursor = search.event === undefined ? null : (chosen.data?.line.time ?? null);
  const marker = useMarkerButton(cursor ?? Math.round((range.from + range.to) / 2));
  const isOnChart = (): boolean => document.activeElement?.closest('[role="grid"]') === null;
  useKeys({
    'time.in': () => setRange(zoomed(range, span, 0.5, cursor ?? undefined)),
    'time.out': () => setRange(zoomed(range, span, 2, cursor ?? undefined)),
    'time.left': () => (isOnChart() ? setRange(moved(range, span, -0.25)) : false),
    'time.right': () => (isOnChart() ? setRange(moved(range, span, 0.25)) : false),
    'time.widen': (event) =>
      isOnChart() ? setRange(widened(range, span, event?.key === 'ArrowLeft' ? 'left' : 'right')) : false,
    'time.around1': () => (cursor === null ? false : setRange(around(cursor, 1))),
    'time.around5': () => (cursor === null ? false : setRange(around(cursor, 5))),
  });
  return (
    <>
      <ViewHead title="Timeline" about={<RangeChips />}>
        <StackMenu />
        <LanesMenu />
        <Segments
          label="Show"
          value={search.mode ?? 'lanes'}
          options={[
            ['lanes', 'Lanes'],
            ['heat', 'Heat map'],
          ]}
          onChange={(mode) => set({ mode })}
        />
        <span className="seg">
          <button
            type="button"
            className="btn"
            aria-label="Zoom out"
            title="Zoom out (Shift Z)"
            disabled={place.range === null}
            onClick={() => setRange(zoomed(range, span, 2))}
          >
            <Icon name="minus" size={12} />
          </button>
          <button
            type="button"
            className="btn"
            aria-label="Zoom in"
            title="Zoom in (z)"
            onClick={() => setRange(zoomed(range, span, 0.5, cursor ?? undefined))}
          >
            <Icon name="plus" size={12} />
          </button>
        </span>
        {marker.button}
      </ViewHead>
      {marker.editor}
      <div className="body">
        <div className="pane grow">
          <Charts span={span} range={range} scope={scope} cursor={cursor} />
          <List scope={scope} />
        </div>
        {search.event === undefined ? null : (
          <Dock label="Event" onClose={() => set({ event: undefined })}>
            <EventPanel id={search.event} onClose={() => set({ event: undefined })} />
          </Dock>
        )}
      </div>
    </>
  );
}

function RangeChips(): ReactNode {
  const { search, range, set, setRange } = usePlace();
  return (
    <span className="row">
      {range === null ? null : (
        <span className="chip on">
          {rangeText(range.from, range.to)}
          <button type="button" className="chip-x" aria-label="Whole case" onClick={() => setRange(null)}>
            <Icon name="close" size={10} />
          </button>
        </span>
      )}
      {search.q === undefined ? null : (
        <span className="chip on">
          <span className="mono clip">
            <EvidenceText>{search.q}</EvidenceText>
          </span>
          <button type="button" className="chip-x" aria-label="Drop the query" onClick={() => set({ q: undefined })}>
            <Icon name="close" size={10} />
          </button>
        </span>
      )}
    </span>
  );
}

function StackMenu(): ReactNode {
  const { search, set } = usePlace();
  const stack: StackBy = search.stack ?? 'outcome';
  return (
    <DropMenu
      label="Stack by"
      options={STACKS.map((each) => ({
        key: each,
        title: each,
        isChosen: each === stack,
        onPick: () => set({ stack: each }),
      }))}
    >
      <span className="t3 wide">Stack by</span> {stack}
    </DropMenu>
  );
}

function LanesMenu(): ReactNode {
  const { search, set } = usePlace();
  const by: LaneBy = search.lanes ?? 'identity';
  return (
    <DropMenu
      label="Lanes by"
      options={LANE_KINDS.map((each) => ({
        key: each,
        title: each,
        isChosen: each === by,
        onPick: () => set({ lanes: each, mode: 'lanes' }),
      }))}
    >
      <span className="t3 wide">Lanes by</span> {by}
    </DropMenu>
  );
}

interface ChartsProps {
  readonly span: TimeRange;
  readonly range: TimeRange;
  readonly scope: Scope;
  readonly cursor: number | null;
}

function Charts({ span, range, scope, cursor }: ChartsProps): ReactNode {
  const { search, setRange } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const stack = search.stack ?? 'outcome';
  const bins = Math.max(30, Math.min(240, Math.round((width - LEFT) / 8)));
  const whole: Scope = useMemo(() => ({ query: scope.query }), [scope.query]);
  const isReady = width > 0;
  const overview = useCall(
    'events/histogram',
    { scope: whole, bins: 120, stack: 'outcome' },
    { isOn: isReady, keeps: true },
  );
  const histogram = useCall('events/histogram', { scope, bins, stack }, { isOn: isReady, keeps: true });
  const mode = search.mode ?? 'lanes';
  const lanes = useCall(
    'events/lanes',
    { scope, by: search.lanes ?? 'identity', bins, limit: MOST_LANES },
    { isOn: isReady && mode === 'lanes', keeps: true },
  );
  const heat = useCall('events/heat', { scope }, { isOn: isReady && mode === 'heat', keeps: true });
  const markers = useMarkers();
  const zoom = useWheelZoom(ref, range, span);
  return (
    <div className="charts" ref={ref} data-zoom={zoom}>
      <div className="strip">
        <div className="strip-label" style={{ width: LEFT }}>
          <div className="t2">Whole case, {duration(span.to - span.from)}</div>
        </div>
        <Answered call={overview} rows={1}>
          {(data) => (
            <EventHistogram
              histogram={data}
              range={span}
              width={Math.max(10, width - LEFT - 12)}
              height={40}
              left={0}
              hasAxis={false}
              window={range}
              onBrush={setRange}
            />
          )}
        </Answered>
      </div>
      <div className="charts-head">
        <span className="tn">
          <b>{histogram.data === undefined ? 'counting…' : `${count(sumOf(histogram.data.bars))} events`}</b>{' '}
          <span className="t3">
            {histogram.data === undefined
              ? ''
              : `in view, ${duration(histogram.data.step)} a bar${histogram.data.untimed > 0 ? `; ${count(histogram.data.untimed)} without a time` : ''}`}
          </span>
        </span>
        <span className="grow" />
        {histogram.data === undefined ? null : <SeriesKey histogram={histogram.data} />}
      </div>
      <Answered call={histogram} rows={4}>
        {(data) => (
          <div className="main-histogram">
            <EventHistogram
              histogram={data}
              range={range}
              width={width - 12}
              height={132}
              left={LEFT}
              cursor={cursor}
              onBrush={setRange}
              onMark={(mark) => setRange(zoomTo(mark, range, span))}
            />
            <MarkerFlags markers={markers} range={range} width={width - 12} left={LEFT} />
          </div>
        )}
      </Answered>
      <ForeignLane range={range} span={span} width={width} left={LEFT} cursor={cursor} />
      {mode === 'heat' ? (
        <div className="pad">
          <Answered call={heat} rows={6}>
            {(data) => <HeatChart heat={data} width={width - 24} />}
          </Answered>
        </div>
      ) : (
        <Answered call={lanes} rows={6}>
          {(data) => (
            <LanesChart
              lanes={data}
              by={search.lanes ?? 'identity'}
              range={range}
              span={span}
              width={width}
              left={LEFT}
              cursor={cursor}
            />
          )}
        </Answered>
      )}
    </div>
  );
}

function sumOf(bars: readonly { readonly counts: readonly number[] }[]): number {
  return bars.reduce((sum, bar) => sum + bar.counts.reduce((a, b) => a + b, 0), 0);
}

const WHEEL_REST_MS = 140;

/** The wheel over a chart zooms around the pointer; the link changes when it rests. */
function useWheelZoom(ref: React.RefObject<HTMLDivElement | null>, range: TimeRange, span: TimeRange): string {
  const { setRange } = usePlace();
  const latest = useRef({ range, span, setRange });
  latest.current = { range, span, setRange };
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next: TimeRange | null = null;
    const onWheel = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left - LEFT;
      const wide = element.clientWidth - LEFT - 12;
      if (x < 0 || event.deltaY === 0) return;
      event.preventDefault();
      const base = next ?? latest.current.range;
      const at = base.from + (Math.min(wide, x) / wide) * (base.to - base.from);
      next = zoomed(base, latest.current.span, event.deltaY > 0 ? 1.35 : 0.74, at);
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (next !== null) latest.current.setRange(next, { replace: true });
        next = null;
      }, WHEEL_REST_MS);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('wheel', onWheel);
    };
  }, [ref]);
  return 'wheel';
}

function List({ scope }: { readonly scope: Scope }): ReactNode {
  const { setRange, set } = usePlace();
  const columns = useEventColumns();
  const sight = useSight();
  const total = useCall('events/count', { scope }).data?.count;
  return (
    <>
      <div className="bar">
        <b>Events</b>
        <span className="t2 tn">
          {total === undefined ? (
            'counting…'
          ) : total === 0 ? (
            'none'
          ) : (
            <>
              <RowsInSight sight={sight} total={total} />, oldest first
            </>
          )}
        </span>
        <span className="grow" />
        <ColumnChooser name="events" columns={columns} />
        <GoTo scope={scope} />
      </div>
      <EventList
        label="Events"
        name="events"
        scope={scope}
        columns={columns}
        onSight={sight.onSight}
        empty={
          <Empty title="No event lies here.">
            <div className="row" style={{ marginTop: 6 }}>
              <button type="button" className="btn" onClick={() => setRange(null)}>
                Whole case <Kbd of="range.reset" />
              </button>
              {scope.query === '' ? null : (
                <button type="button" className="btn" onClick={() => set({ q: undefined })}>
                  Drop the query
                </button>
              )}
            </div>
          </Empty>
        }
      />
    </>
  );
}
