import type { ReactNode } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { EventDetail } from '../../../core/contract/event-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { MarkList, useMarkBar } from '../../marks/mark-bar.tsx';
import { CopyButton, copyText } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { count } from '../../words/number.ts';
import { clockMicroseconds, MINUTE_US } from '../../words/time.ts';
import { EventBodies } from './event-bodies.tsx';
import { EventFields } from './event-fields.tsx';

/** Everything about one event: sentence, fields, bodies, bytes, place. */
export function EventPanel({
  id,
  onClose,
  back,
}: {
  readonly id: number;
  onClose(): void;
  readonly back?: ReactNode;
}): ReactNode {
  const detail = useCall('events/detail', { id }, { keeps: true });
  return (
    <div className="panel-scroll">
      <Answered call={detail} rows={8}>
        {(data) => <EventBody key={data.line.id} detail={data} onClose={onClose} back={back} />}
      </Answered>
    </div>
  );
}

function EventBody({
  detail,
  onClose,
  back,
}: {
  readonly detail: EventDetail;
  onClose(): void;
  readonly back?: ReactNode;
}): ReactNode {
  const { line } = detail;
  const place = usePlace();
  const { buttons, editor } = useMarkBar({
    target: { kind: 'event', id: line.id },
    what: `event ${count(line.id)}`,
    marks: line.marks,
  });
  const around = (minutes: number): void => {
    if (line.time === null) return;
    place.go('timeline', { event: line.id, ...rangeAround(line.time, minutes) });
  };
  return (
    <>
      <div className="head panel-head">
        {back}
        <h2>
          Event <b>{count(line.id)}</b>
        </h2>
        <span className="grow" />
        {buttons}
        <button
          type="button"
          className="btn quiet"
          onClick={() => place.go('rules', { edit: `case/event-${line.id}.yml` })}
        >
          Make a rule
        </button>
        <IconButton
          icon="copy"
          label="Copy the event as JSON"
          title="Copy as JSON"
          onClick={() => void copyText(detail.json, 'Event')}
        />
        <IconButton icon="close" label="Close the panel" title="Close (Esc)" onClick={onClose} />
      </div>
      {editor}
      <section className="sec">
        <p className="prose b">
          <EvidenceText>{line.summary}</EvidenceText>
        </p>
        <div className="row wrap" style={{ marginTop: 6 }}>
          {detail.alerts.map((alert) => (
            <button
              key={alert.id}
              type="button"
              className="chip on"
              title={visibleText(alert.title)}
              onClick={() => place.go('alerts', { alert: alert.id })}
            >
              <SeverityMark level={alert.level} size={12} /> Alert {alert.id}
            </button>
          ))}
          {line.flags.map((flag) => (
            <span key={flag} className="chip" title="odd about this record">
              {flag}
            </span>
          ))}
          <span className="grow" />
          {line.time === null ? null : (
            <span className="row">
              <span className="t3">±</span>
              <span className="seg">
                <button type="button" className="btn" onClick={() => around(1)}>
                  1 min
                </button>
                <button type="button" className="btn" onClick={() => around(5)}>
                  5 min
                </button>
                <button type="button" className="btn" onClick={() => around(60)}>
                  1 h
                </button>
              </span>
            </span>
          )}
        </div>
      </section>
      <EventFields detail={detail} />
      <EventStages detail={detail} />
      <EventBodies detail={detail} />
      <EventPlaces detail={detail} />
      <MarkList target={{ kind: 'event', id: line.id }} />
    </>
  );
}

/** Link parts of a range around a time. */
export function rangeAround(us: number, minutes: number): { readonly from: string; readonly to: string } {
  const rfc = (value: number): string => new Date(Math.floor(value / 1000)).toISOString();
  return { from: rfc(us - minutes * MINUTE_US), to: rfc(us + minutes * MINUTE_US) };
}

function EventStages({ detail }: { readonly detail: EventDetail }): ReactNode {
  const place = usePlace();
  if (detail.stages.length === 0) return null;
  return (
    <section className="sec">
      <h2>Other stages of this request</h2>
      {detail.stages.map((stage) => (
        <button key={stage.id} type="button" className="line-button" onClick={() => place.set({ event: stage.id })}>
          <span className="tn t2">{stage.stageTime === null ? '' : clockMicroseconds(stage.stageTime)}</span>
          <span>{visibleText(stage.stage)}</span>
          <span className="t2 tn">{stage.code ?? ''}</span>
        </button>
      ))}
    </section>
  );
}

/** Where the bytes lie, with a citation to copy. */
export function EventPlaces({ detail }: { readonly detail: EventDetail }): ReactNode {
  const [first, ...others] = detail.places;
  if (first === undefined) return null;
  return (
    <section className="sec">
      <h2>
        Where it lies <small>{first.form}</small>
        <span className="sp" />
        <CopyButton text={first.citation} what="Citation">
          Copy citation
        </CopyButton>
      </h2>
      <div className="mono t2 breaks">
        <EvidenceText>{first.path}</EvidenceText>
        <br />
        sha256 {first.sha256}
        <br />
        offset {count(first.offset)} · length {count(first.length)}
        {first.inner === null ? null : (
          <>
            <br />
            inside the record: <EvidenceText>{first.inner}</EvidenceText>
          </>
        )}
        <br />
        bytes of the event {count(detail.sizeBytes)}, sha256 {detail.sha256}
      </div>
      {others.length === 0 ? null : (
        <details className="more">
          <summary>{others.length} more places hold the same event</summary>
          {others.map((copy) => (
            <p key={`${copy.sha256} ${copy.offset}`} className="mono t2 breaks">
              <EvidenceText>{copy.path}</EvidenceText> offset {count(copy.offset)} · length {count(copy.length)}
            </p>
          ))}
        </details>
      )}
    </section>
  );
}
