import type { ReactNode } from 'react';
import { gapBox, hatchPattern, timeAxis } from '../../../core/chart/histogram.ts';
import { laneChart } from '../../../core/chart/lane.ts';
import type { TimeScale } from '../../../core/chart/time-axis.ts';
import type { ServerStrip } from '../../../core/contract/case-calls.ts';
import type { TimeRange } from '../../../core/contract/scope.ts';
import { useCall, useCase } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { usePlace } from '../../place.ts';
import { rangeParams, type SearchParams } from '../../search-params.ts';
import { counted } from '../../words/number.ts';
import { duration, range as rangeText } from '../../words/time.ts';

const LEFT = 150;
const HEIGHT = 22;

/** Each API server against its own rhythm: gaps are hatched, never zero. */
export function ServerStrips(): ReactNode {
  const span = useCase()?.span ?? null;
  const [ref, width] = useWidth<HTMLDivElement>();
  const bins = Math.max(24, Math.min(200, Math.round((width - LEFT) / 9)));
  const strips = useCall('evidence/strip', { bins }, { isOn: width > 0 && span !== null, keeps: true });
  if (span === null) return null;
  return (
    <section className="sec" aria-label="Coverage in time" ref={ref as never}>
      <h2>
        Coverage in time <small>each API server against its own rhythm{skewText(strips.data ?? [])}</small>
        <span className="sp" />
        <span className="key">
          <span>
            <i className="hatched" />
            gap
          </span>
        </span>
      </h2>
      <Answered call={strips} rows={2}>
        {(data) => (
          <>
            {data.map((strip) => (
              <Strip key={`${strip.cluster} ${strip.server}`} strip={strip} span={span} width={width} />
            ))}
            <svg width={Math.max(1, width - 24)} height={20} aria-hidden="true">
              <g transform={`translate(${LEFT} 0)`}>
                {timeAxis(
                  { from: span.from, to: Math.max(span.to, span.from + 1), width: Math.max(1, width - LEFT - 24) },
                  0,
                )}
              </g>
            </svg>
            <Gaps strips={data} />
          </>
        )}
      </Answered>
    </section>
  );
}

function skewText(strips: readonly ServerStrip[]): string {
  return strips
    .map(({ server, skew }) =>
      skew === null
        ? ''
        : `; the clock of ${server} is about ${duration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`,
    )
    .join('');
}

function Strip({
  strip,
  span,
  width,
}: {
  readonly strip: ServerStrip;
  readonly span: TimeRange;
  readonly width: number;
}): ReactNode {
  const scale: TimeScale = {
    from: span.from,
    to: Math.max(span.to, span.from + 1),
    width: Math.max(1, width - LEFT - 24),
  };
  const own = strip.range ?? span;
  const id = `strip${(strip.server ?? '').replace(/\W/g, '')}`;
  const name = [strip.cluster, strip.server ?? 'server not known'].filter((part) => part !== null).join(' · ');
  return (
    <div className="row strip-row">
      <span className="clip" style={{ width: LEFT - 8 }}>
        <EvidenceText>{name}</EvidenceText>
      </span>
      <svg
        width={scale.width}
        height={HEIGHT}
        role="img"
        aria-label={`${name}: ${counted(
          strip.bins.reduce((a, b) => a + b, 0),
          'event',
        )}, ${counted(strip.gaps.length, 'gap')}`}
      >
        {hatchPattern(id)}
        <rect x={0} y={0} width={scale.width} height={HEIGHT} style={{ fill: 'var(--d-bg)' }} />
        <g>
          {laneChart(
            {
              start: span.from,
              binUs: (scale.to - span.from) / Math.max(1, strip.bins.length),
              counts: strip.bins,
              denied: [],
            },
            scale,
            HEIGHT,
          )}
        </g>
        {strip.gaps.map((gap) => (gap.range === null ? null : gapBox(gap.range, scale, HEIGHT, id)))}
        <title>{rangeText(own.from, own.to)}</title>
      </svg>
    </div>
  );
}

function Gaps({ strips }: { readonly strips: readonly ServerStrip[] }): ReactNode {
  const { go } = usePlace();
  const gaps = strips.flatMap((strip) => strip.gaps.map((gap) => ({ ...gap, server: strip.server })));
  if (gaps.length === 0) return <p className="t2">No gap: every server wrote on in its own rhythm.</p>;
  return (
    <ul className="gaps">
      {gaps.slice(0, 12).map((gap) => (
        <li key={`${gap.server} ${gap.from} ${gap.to}`} className="row">
          <span className="b clip">{gap.server ?? 'server not known'}</span>
          {gap.range === null ? null : (
            <button
              type="button"
              className="link tn"
              onClick={() =>
                gap.range !== null &&
                go(
                  'timeline',
                  rangeParams({ from: gap.range.from - 60_000_000, to: gap.range.to + 60_000_000 }) as SearchParams,
                )
              }
            >
              {rangeText(gap.range.from, gap.range.to)}, {duration(gap.range.to - gap.range.from)}
            </button>
          )}
          <span className="t2 grow">
            <EvidenceText>{gap.reason}</EvidenceText>
          </span>
        </li>
      ))}
      {gaps.length > 12 ? <li className="t3">{counted(gaps.length - 12, 'more gap')}</li> : null}
    </ul>
  );
}
