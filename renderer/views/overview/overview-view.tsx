import type { ReactNode } from 'react';
import type { TimeRange } from '../../../core/contract/scope.ts';
import { useAct, useCall, useCase, useMayChange } from '../../calls/use-call.ts';
import { EventHistogram, SeriesKey } from '../../parts/event-histogram.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NoEvidence } from '../../parts/no-evidence.tsx';
import { Opening } from '../../parts/opening.tsx';
import { RunWarnings } from '../../parts/run-warnings.tsx';
import { Answered } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { rangeParams } from '../../search-params.ts';
import { tell } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';
import { dayWithYear, duration } from '../../words/time.ts';
import { FirstIncident, IncidentTable } from './incident-story.tsx';
import { Centre, CoverageNumbers, LevelBars, StartHere } from './overview-side.tsx';

/** What happened, on one screen; every number leads on. */
export function OverviewView(): ReactNode {
  const opened = useCase();
  const act = useAct();
  const mayChange = useMayChange();
  if (opened === null) return <Opening title="Overview" />;
  if (opened.events === 0) return <NoEvidence title="Overview" />;
  const { span } = opened;
  const run = async (): Promise<void> => {
    if ((await act('detect/start', {})) !== null) tell('The rules run; the top bar shows how far.');
  };
  return (
    <>
      <ViewHead title="Overview" about={<Summary span={span} />}>
        <button type="button" className="btn x-s" disabled={!mayChange} onClick={() => void run()}>
          <Icon name="play" size={13} />
          Run rules again
        </button>
      </ViewHead>
      <div className="ov">
        <div className="pane-scroll ov-main">
          <RunWarnings />
          <Incidents />
          {span === null ? null : <Events span={span} />}
        </div>
        <aside className="pane-scroll ov-side" aria-label="In numbers">
          <StartHere />
          <LevelBars />
          <CoverageNumbers />
          <Centre />
        </aside>
      </div>
    </>
  );
}

function Summary({ span }: { readonly span: TimeRange | null }): ReactNode {
  const incidents = useCall('incidents/list', {}, { keeps: true }).data;
  const counts = useCall('alerts/counts', { filter: {} }, { keeps: true }).data;
  const inIncidents = incidents?.reduce((sum, line) => sum + line.alerts, 0) ?? 0;
  const days =
    span === null
      ? 'no times'
      : dayWithYear(span.from) === dayWithYear(span.to)
        ? dayWithYear(span.from)
        : `${duration(span.to - span.from)}, ${dayWithYear(span.from)} to ${dayWithYear(span.to)}`;
  const alerts =
    counts === undefined
      ? ''
      : ` · ${counted(counts.total, 'alert')}${incidents === undefined || incidents.length === 0 ? '' : `: ${count(inIncidents)} in ${counted(incidents.length, 'incident')}, ${count(counts.total - inIncidents)} in none`}`;
  return `${days}${alerts}`;
}

function Incidents(): ReactNode {
  const incidents = useCall('incidents/list', {}, { keeps: true });
  return (
    <Answered call={incidents} rows={6}>
      {(lines) => (
        <>
          <FirstIncident lines={lines} />
          <IncidentTable lines={lines} />
        </>
      )}
    </Answered>
  );
}

function Events({ span }: { readonly span: TimeRange }): ReactNode {
  const { go } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const bins = Math.max(20, Math.min(200, Math.round((width - 48) / 8)));
  const histogram = useCall(
    'events/histogram',
    { scope: { query: '' }, bins, stack: 'outcome' },
    { isOn: width > 0, keeps: true },
  );
  const open = (range: TimeRange): void => go('timeline', rangeParams(range) as { from: string; to: string });
  return (
    <section className="sec ov-events" aria-label="Events and alerts">
      <h2>
        Events and alerts{' '}
        <small>
          {histogram.data === undefined
            ? 'counting…'
            : `${duration(histogram.data.step)} a bar; drag to open a range on the timeline`}
        </small>
        <span className="sp" />
        {histogram.data === undefined ? null : <SeriesKey histogram={histogram.data} />}
      </h2>
      <div ref={ref}>
        <Answered call={histogram} rows={5}>
          {(data) => (
            <EventHistogram
              histogram={data}
              range={span}
              width={width}
              height={230}
              onBrush={open}
              onMark={(mark) => open({ from: mark.from - data.step, to: mark.to + data.step })}
            />
          )}
        </Answered>
      </div>
    </section>
  );
}
