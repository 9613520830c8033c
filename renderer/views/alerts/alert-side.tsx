import { type ReactNode, useId, useState } from 'react';
import type { AlertDetail } from '../../../core/contract/alert-calls.ts';
import { techniqueTitle } from '../../../core/contract/attack-names.ts';
import type { Status } from '../../../core/contract/rows.ts';
import { useMayChange } from '../../calls/use-call.ts';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import type { CommandId } from '../../keys/key-map.ts';
import { focusNow } from '../../marks/mark-bar.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { usePlace } from '../../place.ts';
import { counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';
import type { AlertPanelProps } from './alert-panel.tsx';
import { ExcludeForm } from './exclude-form.tsx';

/** Status, next steps, names, doubts and history of an alert. */
export function AlertSide(props: AlertPanelProps & { readonly data: AlertDetail }): ReactNode {
  const { data } = props;
  return (
    <>
      <div className="side decide">
        <Decide {...props} />
      </div>
      <div className="side rest">
        <NextSteps data={data} />
        <section className="sec">
          <h2>Names</h2>
          <dl className="nm">
            <dt>ATT&CK</dt>
            <dd>{data.attack.map(({ id }) => techniqueTitle(id)).join('; ') || 'none'}</dd>
            {data.line.tactics.length === 0 ? null : (
              <>
                <dt>Tactic</dt>
                <dd>{data.line.tactics.join(', ')}</dd>
              </>
            )}
            {data.defender === null ? null : (
              <>
                <dt>Defender</dt>
                <dd>
                  {data.defender.name === data.defender.id ? '' : `${data.defender.name} `}
                  <span className="mono t3 breaks">{data.defender.id}</span>
                </dd>
              </>
            )}
          </dl>
        </section>
        <Texts title="Often harmless when" texts={data.falsePositives} />
        <Texts title="Blind spots" texts={data.blindSpots} />
        <Texts title="References" texts={data.ruleReferences} />
        <section className="sec">
          <h2>History</h2>
          {data.reason === '' ? null : (
            <p className="t2">
              Reason: <EvidenceText>{data.reason}</EvidenceText>
            </p>
          )}
          <ul className="t2">
            {data.history.map((entry) => (
              <li key={entry.action}>
                <EvidenceText>{entry.text}</EvidenceText>
                <br />
                <span className="t3">
                  <EvidenceText>{entry.examiner}</EvidenceText>, {dayAndTime(entry.time)} UTC
                </span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function Texts({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): ReactNode {
  if (texts.length === 0) return null;
  return (
    <section className="sec">
      <h2>{title}</h2>
      {texts.map((text) => (
        <p key={text} className="t2 breaks">
          <EvidenceText>{text}</EvidenceText>
        </p>
      ))}
    </section>
  );
}

const CHOICES: readonly (readonly [Status, string, CommandId])[] = [
  ['confirmed', 'Confirm', 'alert.confirm'],
  ['benign', 'Benign', 'alert.benign'],
  ['dismissed', 'Dismiss', 'alert.dismiss'],
];

function Decide({
  data,
  ids,
  deciding,
  onDeciding,
  onDecide,
}: AlertPanelProps & { readonly data: AlertDetail }): ReactNode {
  const mayChange = useMayChange();
  const { status } = data.line;
  return (
    <section className="sec" aria-label="Status">
      <h2>
        Status <span className="sp" />
        <small>{status}</small>
      </h2>
      <div className="seg whole" role="group" aria-label="Decide">
        {CHOICES.map(([value, title, key]) => (
          <button
            key={value}
            type="button"
            className="btn"
            disabled={!mayChange}
            aria-pressed={(deciding ?? status) === value}
            onClick={() => onDeciding(value)}
          >
            {title} <Kbd of={key} />
          </button>
        ))}
      </div>
      {mayChange ? null : <p className="t3">Deciding needs the admin role and a case that is open for writing.</p>}
      {deciding === null ? (
        status === 'open' || !mayChange ? null : (
          <button type="button" className="btn quiet" onClick={() => onDecide('open', '')}>
            Open again
          </button>
        )
      ) : (
        <ReasonForm
          key={deciding}
          status={deciding}
          ids={ids}
          start={data.line.status === deciding ? data.reason : ''}
          onSave={(reason) => onDecide(deciding, reason)}
          onCancel={() => onDeciding(null)}
        />
      )}
    </section>
  );
}

function ReasonForm({
  status,
  ids,
  start,
  onSave,
  onCancel,
}: {
  readonly status: Status;
  readonly ids: readonly number[];
  readonly start: string;
  onSave(reason: string): void;
  onCancel(): void;
}): ReactNode {
  const id = useId();
  const [reason, setReason] = useState(start);
  const [isMissing, setMissing] = useState(false);
  const save = (): void => {
    if (reason.trim() === '') setMissing(true);
    else onSave(reason.trim());
  };
  useKeys({ 'alert.save': save, close: onCancel });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label className="t3 small-label" htmlFor={id}>
        Reason, kept in the action log
      </label>
      <textarea
        id={id}
        className="field reason"
        rows={3}
        value={reason}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? `${id}why` : undefined}
        onChange={(event) => setReason(event.target.value)}
        ref={focusNow}
      />
      {isMissing ? (
        <p id={`${id}why`} className="fault" role="alert">
          Say why, in a few words: a report must be able to tell.
        </p>
      ) : null}
      <div className="row" style={{ marginTop: 6 }}>
        <button type="submit" className="btn primary">
          {ids.length > 1 ? `Save for ${counted(ids.length, 'alert')}` : 'Save and next'} <Kbd of="alert.save" />
        </button>
        <button type="button" className="btn quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <span className="vh">The status will be {status}.</span>
    </form>
  );
}

const PIVOT_ICONS: Readonly<Record<string, IconName>> = {
  events: 'search',
  timeline: 'timeline',
  entity: 'entities',
  alerts: 'alerts',
  event: 'file',
};

function NextSteps({ data }: { readonly data: AlertDetail }): ReactNode {
  const place = usePlace();
  const mayChange = useMayChange();
  const [excludes, setExcludes] = useState(false);
  return (
    <section className="sec">
      <h2>Next steps</h2>
      {data.nextSteps.map((step) => {
        const { pivot } = step;
        return pivot === null ? (
          <p key={step.text} className="step-text t2">
            <EvidenceText>{step.text}</EvidenceText>
          </p>
        ) : (
          <button key={step.text} type="button" className="step-btn" onClick={() => place.follow(pivot)}>
            <Icon name={PIVOT_ICONS[pivot.kind] ?? 'right'} size={13} />
            <span>
              <EvidenceText>{step.text}</EvidenceText>
            </span>
          </button>
        );
      })}
      {mayChange ? (
        <button type="button" className="step-btn" aria-expanded={excludes} onClick={() => setExcludes(!excludes)}>
          <Icon name="rules" size={13} />
          <span>Exclude this, as a filter…</span>
        </button>
      ) : null}
      {excludes ? <ExcludeForm data={data} onClose={() => setExcludes(false)} /> : null}
    </section>
  );
}
