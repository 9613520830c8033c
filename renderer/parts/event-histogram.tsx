import { type PointerEvent, type ReactNode, useId, useRef } from 'react';
import { histogramChart } from '../../core/chart/histogram.ts';
import { seriesFills } from '../../core/chart/series-fill.ts';
import { severityShape } from '../../core/chart/severity.ts';
import { type TimeScale, timeAt, xOf } from '../../core/chart/time-axis.ts';
import type { Histogram } from '../../core/contract/event-calls.ts';
import { LEVELS } from '../../core/contract/rows.ts';
import type { TimeRange } from '../../core/contract/scope.ts';
import { count, counted } from '../words/number.ts';
import { dayAndTime, duration } from '../words/time.ts';
import { LEVEL_WORDS } from './severity-mark.tsx';

export interface EventHistogramProps {
  readonly histogram: Histogram;
  /** The range on the x axis; the bars may still be those of an earlier range. */
  readonly range: TimeRange;
  readonly width: number;
  readonly height: number;
  readonly left?: number;
  readonly hasAxis?: boolean;
  /** The part that another chart shows in detail; what is outside is faded. */
  readonly window?: TimeRange | null;
  readonly cursor?: number | null;
  onBrush?(range: TimeRange): void;
  /** A mark was pressed: the stretch of its alerts. */
  onMark?(range: TimeRange): void;
}

const MARKS = 22;

/** Events over time with marks of alerts above; drag to choose a range. */
export function EventHistogram(props: EventHistogramProps): ReactNode {
  const { histogram, range, width, height, left = 40, hasAxis = true, cursor = null } = props;
  const id = useId().replaceAll(':', '');
  const marksHeight = histogram.alerts.length > 0 && hasAxis ? MARKS : 0;
  const scale: TimeScale = {
    from: range.from,
    to: Math.max(range.to, range.from + 1),
    width: Math.max(1, width - left),
  };
  const chartHeight = height - marksHeight - (hasAxis ? 20 : 0);
  const fills = seriesFills(histogram.series);
  const total = histogram.bars.reduce((sum, bar) => sum + bar.counts.reduce((a, b) => a + b, 0), 0);
  const layers = histogram.series.map((label, index) => ({
    label,
    fill: fills[index] ?? 'var(--d1)',
    counts: histogram.bars.map((bar) => bar.counts[index] ?? 0),
  }));
  return (
    <svg
      width={width}
      height={height}
      role="group"
      aria-label={`${counted(total, 'event')} over time, ${duration(histogram.step)} a bar`}
    >
      <g transform={`translate(${left} ${marksHeight})`}>
        {histogramChart(
          { start: histogram.range.from, binUs: histogram.step, layers },
          { scale, height: chartHeight, gaps: histogram.gaps, id, hasAxis },
        )}
        <Window range={props.window ?? null} scale={scale} height={chartHeight} />
        {cursor === null || cursor < scale.from || cursor > scale.to ? null : (
          <line
            x1={xOf(scale, cursor)}
            x2={xOf(scale, cursor)}
            y1={-marksHeight}
            y2={chartHeight}
            className="cursor-line"
          />
        )}
        {props.onBrush === undefined ? null : <Brush scale={scale} height={chartHeight} onBrush={props.onBrush} />}
        {hasAxis ? <Marks histogram={histogram} scale={scale} onMark={props.onMark} /> : null}
      </g>
    </svg>
  );
}

function Window({
  range,
  scale,
  height,
}: {
  readonly range: TimeRange | null;
  readonly scale: TimeScale;
  readonly height: number;
}): ReactNode {
  if (range === null) return null;
  const from = Math.max(0, xOf(scale, range.from));
  const to = Math.max(from + 2, Math.min(scale.width, xOf(scale, range.to)));
  return (
    <g>
      <rect x={0} y={0} width={from} height={height} className="outside" />
      <rect x={to} y={0} width={Math.max(0, scale.width - to)} height={height} className="outside" />
      <rect x={from} y={0.5} width={to - from} height={height - 1} className="window" />
    </g>
  );
}

/** Only the rectangle is redrawn while one drags; nothing is asked before the end. */
function Brush({
  scale,
  height,
  onBrush,
}: {
  readonly scale: TimeScale;
  readonly height: number;
  onBrush(range: TimeRange): void;
}): ReactNode {
  const drawn = useRef<SVGRectElement>(null);
  const start = useRef<number | null>(null);
  const xIn = (event: PointerEvent<SVGRectElement>): number =>
    Math.max(0, Math.min(scale.width, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const show = (from: number, to: number): void => {
    drawn.current?.setAttribute('x', String(Math.min(from, to)));
    drawn.current?.setAttribute('width', String(Math.abs(to - from)));
  };
  return (
    <>
      <rect ref={drawn} y={0} width={0} height={height} className="brush" />
      <rect
        x={0}
        y={0}
        width={scale.width}
        height={height}
        fill="transparent"
        className="brush-area"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = xIn(event);
        }}
        onPointerMove={(event) => {
          if (start.current !== null) show(start.current, xIn(event));
        }}
        onPointerUp={(event) => {
          const from = start.current;
          start.current = null;
          show(0, 0);
          if (from === null) return;
          const to = xIn(event);
          if (Math.abs(to - from) < 4) return;
          onBrush({ from: timeAt(scale, Math.min(from, to)), to: timeAt(scale, Math.max(from, to)) });
        }}
      />
    </>
  );
}

interface Joined {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly level: Histogram['alerts'][number]['level'];
}

function Marks({
  histogram,
  scale,
  onMark,
}: {
  readonly histogram: Histogram;
  readonly scale: TimeScale;
  readonly onMark: EventHistogramProps['onMark'];
}): ReactNode {
  return joinMarks(histogram, scale).map((mark) => {
    const label = `${counted(mark.count, 'alert')}, highest ${LEVEL_WORDS[mark.level].toLowerCase()}, ${dayAndTime(mark.from)}`;
    const press = (): void => onMark?.({ from: mark.from, to: mark.to });
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: it has the role of a button where it can be pressed
      <g
        key={mark.from}
        transform={`translate(${Math.round(mark.x - 7)} -19)`}
        className={onMark === undefined ? undefined : 'press'}
        role={onMark === undefined ? 'img' : 'button'}
        aria-label={label}
        {...(onMark === undefined ? {} : { tabIndex: 0 })}
        onClick={press}
        onKeyDown={(event) => {
          if (event.key === 'Enter') press();
        }}
      >
        <title>{label}</title>
        {severityShape(mark.level, mark.count === 1 ? undefined : count(mark.count))}
      </g>
    );
  });
}

/** At most one mark every 16 px; a joined one has the highest level. */
export function joinMarks(histogram: Histogram, scale: TimeScale): readonly Joined[] {
  const marks: Joined[] = [];
  for (const alert of histogram.alerts) {
    const from = histogram.range.from + alert.bar * histogram.step;
    const x = xOf(scale, from + histogram.step / 2);
    if (x < 0 || x > scale.width) continue;
    const last = marks.at(-1);
    if (last !== undefined && x - last.x < 16) {
      const level = LEVELS.indexOf(alert.level) > LEVELS.indexOf(last.level) ? alert.level : last.level;
      marks[marks.length - 1] = { ...last, to: from + histogram.step, count: last.count + alert.count, level };
    } else {
      marks.push({ x, from, to: from + histogram.step, count: alert.count, level: alert.level });
    }
  }
  return marks;
}

/** What the shades stand for. */
export function SeriesKey({ histogram }: { readonly histogram: Histogram }): ReactNode {
  const fills = seriesFills(histogram.series);
  return (
    <span className="key">
      {histogram.series.map((name, index) => (
        <span key={name}>
          <i style={{ background: fills[index] }} />
          {name}
        </span>
      ))}
      {histogram.gaps.length === 0 ? null : (
        <span>
          <i className="hatched" />
          gap in the log
        </span>
      )}
    </span>
  );
}
