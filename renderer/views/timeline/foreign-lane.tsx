import { type ReactNode, useState } from 'react';
import { timeTicks, xOf } from '../../../core/chart/time-axis.ts';
import type { AlertMark } from '../../../core/contract/event-calls.ts';
import type { ForeignAlert } from '../../../core/contract/rows.ts';
import type { TimeRange } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { usePlace } from '../../place.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';
import { clusters, laneScale, Mark, zoomTo } from './lanes.tsx';

interface ForeignLaneProps {
  readonly range: TimeRange;
  readonly span: TimeRange;
  readonly width: number;
  readonly left: number;
  readonly cursor: number | null;
}

const HEIGHT = 24;
const timeOf = (text: string): number => Date.parse(text) * 1000;

/** Alerts of another tool as a lane of their own under the histogram; nothing where a case holds none. */
export function ForeignLane({ range, span, width, left, cursor }: ForeignLaneProps): ReactNode {
  const found = useCall('foreign/list', {}, { keeps: true }).data;
  const [chosen, choose] = useState<number | null>(null);
  const { setRange } = usePlace();
  if (found === undefined || found.total === 0) return null;
  const scale = laneScale(range, width - left);
  const marks = found.alerts.map(
    ({ id, level, firstTime, lastTime }): AlertMark => ({
      id,
      level,
      alerts: 1,
      bin: 0,
      from: timeOf(firstTime),
      to: timeOf(lastTime),
    }),
  );
  const alert = found.alerts.find(({ id }) => id === chosen);
  return (
    <>
      <ul className="lanes" aria-label="Alerts of other tools">
        <li className="lane">
          <span className="lane-name" style={{ width: left }} title="Alerts of another tool: no finding rests on them">
            <span className="lane-mark">
              <Icon name="alerts" size={13} />
            </span>
            <span className="clip grow">Defender for Cloud</span>
            <span className="t3 tn">{count(found.total)}</span>
          </span>
          <svg
            width={scale.width}
            height={HEIGHT}
            role="group"
            aria-label={`Defender for Cloud: ${counted(found.total, 'alert')}`}
          >
            {timeTicks(scale).map((tick) => (
              <line
                key={tick.us}
                className="axl"
                x1={xOf(scale, tick.us)}
                x2={xOf(scale, tick.us)}
                y1={0}
                y2={HEIGHT}
              />
            ))}
            {cursor === null ? null : (
              <line className="cursor-line" x1={xOf(scale, cursor)} x2={xOf(scale, cursor)} y1={0} y2={HEIGHT} />
            )}
            {clusters(marks, scale).map((mark) => (
              <Mark
                key={`${mark.from} ${mark.id}`}
                mark={mark}
                scale={scale}
                what="Defender alert"
                onPress={() => (mark.id === null ? setRange(zoomTo(mark, range, span)) : choose(mark.id))}
              />
            ))}
          </svg>
        </li>
      </ul>
      {alert === undefined ? null : <ForeignFacts alert={alert} onClose={() => choose(null)} />}
    </>
  );
}

/** What the other tool says of one alert, and ours for the same detection at that time. */
function ForeignFacts({ alert, onClose }: { readonly alert: ForeignAlert; onClose(): void }): ReactNode {
  const place = usePlace();
  const on = [alert.cluster, alert.namespace, alert.object].filter((part) => part !== null).join(' / ');
  return (
    <div className="pad row wrap" role="status" aria-label={`Defender alert ${alert.id}`}>
      <SeverityMark level={alert.level} size={13} />
      <b>
        <EvidenceText>{alert.title}</EvidenceText>
      </b>
      <span className="t2">
        {LEVEL_WORDS[alert.level]}, {dayAndTime(timeOf(alert.firstTime))} UTC
      </span>
      <span className="mono t2">
        <EvidenceText>{alert.type}</EvidenceText>
      </span>
      <span className="t2">
        <EvidenceText>{[on, ...alert.users, ...alert.sourceIPs].join(', ')}</EvidenceText>
      </span>
      {alert.ours.length === 0 ? (
        <span className="t3">None of our alerts is of this detection at that time.</span>
      ) : null}
      {alert.ours.slice(0, 8).map((id) => (
        <button key={id} type="button" className="btn" onClick={() => place.go('alerts', { alert: id })}>
          Alert {id}
        </button>
      ))}
      <button type="button" className="chip-x" aria-label="Close" onClick={onClose}>
        <Icon name="close" size={10} />
      </button>
    </div>
  );
}
