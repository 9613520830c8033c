import type { ReactNode } from 'react';
import { laneChart } from '../../../core/chart/lane.ts';
import { severityShape } from '../../../core/chart/severity.ts';
import { type TimeScale, timeTicks, xOf } from '../../../core/chart/time-axis.ts';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { AlertMark, Lane, Lanes } from '../../../core/contract/event-calls.ts';
import { LEVELS } from '../../../core/contract/rows.ts';
import type { LaneBy, TimeRange } from '../../../core/contract/scope.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { usePlace } from '../../place.ts';
import { withCondition } from '../../words/condition.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';
import { zoomed } from './time-moves.ts';

export interface LanesProps {
  readonly lanes: Lanes;
  readonly by: LaneBy;
  readonly range: TimeRange;
  readonly span: TimeRange;
  readonly width: number;
  readonly left: number;
  readonly cursor: number | null;
}

const HEIGHT = 24;

/** The scale of a lane as wide as that, with room at its end. */
export const laneScale = ({ from, to }: TimeRange, width: number): TimeScale => ({
  from,
  to: Math.max(to, from + 1),
  width: Math.max(1, width - 12),
});

/** A lane for each identity, namespace, object or address, on the x axis of the histogram above, with its alerts as marks. */
export function LanesChart(props: LanesProps): ReactNode {
  const { lanes, left, width, range } = props;
  const scale = laneScale(range, width - left);
  return (
    <ul className="lanes" aria-label="Lanes">
      {lanes.lanes.map((lane) => (
        <LaneRow key={lane.name ?? ''} {...props} lane={lane} scale={scale} />
      ))}
      {lanes.hidden === 0 ? null : (
        <li className="lane">
          <span className="lane-name t3" style={{ width: left }}>
            <span className="clip grow">{count(lanes.hidden)} more</span>
            <span className="tn">{count(lanes.hiddenEvents)}</span>
          </span>
        </li>
      )}
    </ul>
  );
}

function LaneRow({
  lane,
  scale,
  left,
  lanes,
  cursor,
  span,
  range,
  by,
}: LanesProps & { readonly lane: Lane; readonly scale: TimeScale }): ReactNode {
  const place = usePlace();
  const highest = lane.marks.reduce<(typeof lane.marks)[number] | null>(
    (best, mark) => (best === null || LEVELS.indexOf(mark.level) > LEVELS.indexOf(best.level) ? mark : best),
    null,
  );
  const name = lane.name === null ? `no ${by}` : by === 'identity' ? shortUser(lane.name) : lane.name;
  return (
    <li className="lane">
      <button
        type="button"
        className="lane-name"
        style={{ width: left }}
        title={`${visibleText(lane.name ?? name)}: keep only this`}
        onClick={() => place.set({ q: withCondition(place.search.q ?? '', lane.condition) })}
      >
        <span className="lane-mark">{highest === null ? null : <SeverityMark level={highest.level} size={13} />}</span>
        <span className="clip grow">
          <EvidenceText>{name}</EvidenceText>
        </span>
        <span className="t3 tn">{count(lane.events)}</span>
      </button>
      <svg
        width={scale.width}
        height={HEIGHT}
        role="group"
        aria-label={`${visibleText(name)}: ${counted(lane.events, 'event')}`}
      >
        {timeTicks(scale).map((tick) => (
          <line key={tick.us} className="axl" x1={xOf(scale, tick.us)} x2={xOf(scale, tick.us)} y1={0} y2={HEIGHT} />
        ))}
        <g transform="translate(0 6)">
          {laneChart({ start: lanes.range.from, binUs: lanes.step, counts: lane.bins, denied: lane.denied }, scale, 14)}
        </g>
        {cursor === null ? null : (
          <line className="cursor-line" x1={xOf(scale, cursor)} x2={xOf(scale, cursor)} y1={0} y2={HEIGHT} />
        )}
        {clusters(lane.marks, scale).map((mark) => (
          <Mark
            key={`${mark.from} ${mark.id}`}
            mark={mark}
            scale={scale}
            onPress={() => {
              if (mark.id !== null) place.go('alerts', { alert: mark.id });
              else place.setRange(zoomTo(mark, range, span));
            }}
          />
        ))}
      </svg>
    </li>
  );
}

/** Alerts at a place of a lane: one to open, or several to take apart. `what` names them. */
export function Mark({
  mark,
  scale,
  what = 'Alert',
  onPress,
}: {
  readonly mark: AlertMark;
  readonly scale: TimeScale;
  readonly what?: string;
  onPress(): void;
}): ReactNode {
  const label =
    mark.id === null
      ? `${counted(mark.alerts, what.toLowerCase())}, highest ${LEVEL_WORDS[mark.level].toLowerCase()}, ${dayAndTime(mark.from)}; zoom in`
      : `${what} ${mark.id}, ${LEVEL_WORDS[mark.level].toLowerCase()}, ${dayAndTime(mark.from)}; open`;
  return (
    <g
      role="button"
      tabIndex={0}
      className="press"
      aria-label={label}
      transform={`translate(${Math.round(xOf(scale, mark.from)) - 7} 5)`}
      onClick={onPress}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          onPress();
        }
      }}
    >
      <title>{label}</title>
      {severityShape(mark.level, mark.alerts === 1 ? undefined : count(mark.alerts))}
    </g>
  );
}

/** Marks of neighbouring bins that would overlap are joined; zooming in takes them apart. */
export function clusters(marks: readonly AlertMark[], scale: TimeScale, px = 15): readonly AlertMark[] {
  const joined: AlertMark[] = [];
  for (const mark of [...marks].sort((a, b) => a.from - b.from || (a.id ?? 0) - (b.id ?? 0))) {
    const x = xOf(scale, mark.from);
    if (x < -px || x > scale.width + px) continue;
    const last = joined.at(-1);
    if (last === undefined || x - xOf(scale, last.from) >= px) {
      joined.push(mark);
      continue;
    }
    const level = LEVELS.indexOf(mark.level) > LEVELS.indexOf(last.level) ? mark.level : last.level;
    joined[joined.length - 1] = {
      ...last,
      level,
      alerts: last.alerts + mark.alerts,
      id: null,
      to: Math.max(last.to, mark.to),
    };
  }
  return joined;
}

/** The range that takes a cluster apart: its stretch with air around it, or a tenth where it is a point. */
export function zoomTo(
  mark: { readonly from: number; readonly to: number },
  range: TimeRange,
  span: TimeRange,
): TimeRange {
  const air = Math.max(1_000_000, Math.round((mark.to - mark.from) * 0.25));
  const wanted = { from: Math.max(span.from, mark.from - air), to: Math.min(span.to, mark.to + air) };
  return wanted.to - wanted.from < (range.to - range.from) * 0.9 ? wanted : zoomed(range, span, 0.2, mark.from);
}
