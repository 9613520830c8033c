import type { ReactNode } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { AlertDetail } from '../../../core/contract/alert-calls.ts';
import { techniqueTitle } from '../../../core/contract/attack-names.ts';
import type { Status } from '../../../core/contract/rows.ts';
import { useCall } from '../../calls/use-call.ts';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { MarkList, useMarkBar } from '../../marks/mark-bar.tsx';
import { copyText } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { userEntity } from '../../words/entity-of-field.ts';
import { shortUser } from '../../words/identity.ts';
import { counted } from '../../words/number.ts';
import { dayAndTime, duration, wholeTime } from '../../words/time.ts';
import { EventPanel } from '../event/event-panel.tsx';
import { AlertProof } from './alert-proof.tsx';
import { AlertSide } from './alert-side.tsx';

export interface AlertPanelProps {
  readonly id: number;
  /** Alerts that a decision is about: this one, or those that are selected. */
  readonly ids: readonly number[];
  readonly deciding: Status | null;
  onDeciding(status: Status | null): void;
  onDecide(status: Status, reason: string): void;
  onClose(): void;
}

/** One alert whole: sentence, who, why, proof, context, place of the bytes; status and what to do next at the side. */
export function AlertPanel(props: AlertPanelProps): ReactNode {
  const { search, set } = usePlace();
  const detail = useCall('alerts/detail', { id: props.id }, { keeps: true });
  const closeEvent = (): void => set({ event: undefined });
  useKeys({
    close: () => {
      if (search.event === undefined) return false;
      closeEvent();
    },
  });
  if (search.event !== undefined) {
    return (
      <aside className="pane grow alert-panel" aria-label="Event">
        <EventPanel
          id={search.event}
          onClose={closeEvent}
          back={
            <button type="button" className="btn quiet" onClick={closeEvent}>
              <Icon name="left" size={12} /> Alert {props.id} <Kbd of="close" />
            </button>
          }
        />
      </aside>
    );
  }
  return (
    <aside className="pane grow alert-panel" aria-label={`Alert ${props.id}`}>
      <Answered call={detail} rows={10}>
        {(data) => <Detail key={data.line.id} data={data} {...props} />}
      </Answered>
    </aside>
  );
}

function Detail(props: AlertPanelProps & { readonly data: AlertDetail }): ReactNode {
  const { data, onClose } = props;
  const { line } = data;
  const place = usePlace();
  const { buttons, editor } = useMarkBar({
    target: { kind: 'alert', id: line.id },
    what: `alert ${line.id}`,
    marks: line.marks,
    hasKeys: true,
  });
  const firstProof = data.proof.rows[0]?.id;
  useKeys({ 'alert.proof': () => (firstProof === undefined ? false : place.set({ event: firstProof })) });
  return (
    <>
      <div className="head panel-head">
        <h2>
          Alert <b>{line.id}</b>
        </h2>
        {line.incident === null ? (
          <span className="t3">in no incident</span>
        ) : (
          <button
            type="button"
            className="btn quiet"
            onClick={() => place.set({ incident: line.incident ?? undefined })}
          >
            INC-{line.incident}
          </button>
        )}
        {data.suppressedBy === null ? null : <span className="chip">excluded by a filter</span>}
        <span className="grow" />
        {buttons}
        <button
          type="button"
          className="btn quiet"
          title="A rule in the rule studio that finds what proves this alert"
          onClick={() => place.go('rules', { edit: `case/alert-${line.id}.yml` })}
        >
          Make a rule
        </button>
        <button
          type="button"
          className="btn quiet"
          title="A filter in the rule studio that leaves out alerts like this one"
          onClick={() => place.go('rules', { edit: `case/not-alert-${line.id}.yml` })}
        >
          Write a filter
        </button>
        <IconButton icon="copy" label="Copy a summary" onClick={() => void copyText(summaryText(data), 'Summary')} />
        <IconButton icon="close" label="Close the panel" title="Close (Esc)" onClick={onClose} />
      </div>
      {editor}
      <div className="al">
        <div className="pane-scroll">
          <Sentence data={data} />
          <Actors data={data} />
          <Why data={data} />
          <Learnt data={data} />
          <AlertProof data={data} />
          <MarkList target={{ kind: 'alert', id: line.id }} />
        </div>
        <AlertSide {...props} />
      </div>
    </>
  );
}

function Sentence({ data }: { readonly data: AlertDetail }): ReactNode {
  const { line } = data;
  const { firstTime, lastTime } = line;
  return (
    <section className="sec">
      <h2 className="alert-title">
        <SeverityMark level={line.level} size={18} />
        <span>
          <EvidenceText>{line.title}</EvidenceText>
        </span>
      </h2>
      <p className="prose">
        <EvidenceText>{line.summary}</EvidenceText>
      </p>
      <p className="t2 tn">
        {firstTime === null ? 'without a time' : wholeTime(firstTime)}
        {firstTime === null || lastTime === null || lastTime === firstTime
          ? ''
          : ` to ${dayAndTime(lastTime)}, ${duration(lastTime - firstTime)}`}{' '}
        · {counted(line.count, 'request')}, {counted(line.eventCount, 'event')} ·{' '}
        <b className={line.outcome === 'succeeded' ? 'fault' : undefined}>{line.outcome}</b>
      </p>
    </section>
  );
}

interface ActorStep {
  readonly role: string;
  readonly user: string;
  readonly address: string | null;
  readonly why: string;
}

/** From the first known hand to the identity that the log names. */
function actorSteps(data: AlertDetail): readonly ActorStep[] {
  const { alert, line } = data;
  const chain = alert.actor?.chain ?? [];
  const first = chain[0];
  if (first !== undefined) {
    return [
      { role: 'started with', user: first.from.user, address: first.from.address, why: '' },
      ...chain.map((link, index) => ({
        role: index === chain.length - 1 ? 'acted as' : 'took over',
        user: link.to.user,
        address: link.to.address,
        why: `${link.certainty}: ${link.reason}`,
      })),
    ];
  }
  const address = line.sourceIPs.at(-1) ?? null;
  const signed = { role: 'signed in as', user: line.user, address, why: '' };
  if (line.impersonatedUser === null) return [{ ...signed, role: 'acted' }];
  return [
    signed,
    { role: 'acted as', user: line.impersonatedUser, address: null, why: 'by impersonation headers, as the log says' },
  ];
}

function Actors({ data }: { readonly data: AlertDetail }): ReactNode {
  const place = usePlace();
  const steps = actorSteps(data);
  const { actor } = data.alert;
  return (
    <section className="sec">
      <h2>
        Who really acted{' '}
        <small>
          {actor === undefined ? 'as the log names them; nobody else is seen behind' : `certainty: ${actor.certainty}`}
        </small>
      </h2>
      <div className="chain">
        {steps.map((step, index) => (
          <div key={`${step.role} ${step.user} ${step.address}`} className="chain-step">
            {index === 0 ? null : (
              <i role="img" aria-label="then">
                <Icon name="right" />
              </i>
            )}
            <button
              type="button"
              className={index === 0 ? 'who' : undefined}
              title={visibleText(step.user)}
              onClick={() => place.go('entities', entitySearch(userEntity(step.user)))}
            >
              <small>{step.role}</small>
              <b className="clip">
                <EvidenceText>{shortUser(step.user)}</EvidenceText>
              </b>
              <small>{step.address === null ? '' : <EvidenceText>{`from ${step.address}`}</EvidenceText>}</small>
              {step.why === '' ? null : (
                <small>
                  <EvidenceText>{step.why}</EvidenceText>
                </small>
              )}
            </button>
          </div>
        ))}
      </div>
    </section>
  );
}

function Why({ data }: { readonly data: AlertDetail }): ReactNode {
  const place = usePlace();
  const first = data.why[0]?.event;
  const shown = data.why.filter((condition) => condition.event === first);
  return (
    <section className="sec">
      <h2>
        Why it fired{' '}
        <small className="clip">
          rule: <EvidenceText>{data.line.rule.title}</EvidenceText>
        </small>
        <span className="sp" />
        <button type="button" className="btn quiet" onClick={() => place.go('rules', { rule: data.line.rule.id })}>
          Open rule
        </button>
      </h2>
      {shown.length === 0 ? (
        <p className="t2">This rule counts or compares over several events; they stand below as the proof.</p>
      ) : null}
      <dl className="code why">
        {shown.map((condition) => (
          <div key={`${condition.field} ${condition.value}`}>
            <dt>
              <span className="ok">✓</span> <span className="k mono">{condition.field}</span>
            </dt>
            <dd className="mono">
              <span className="marked s">
                <EvidenceText>{condition.value}</EvidenceText>
              </span>
              {condition.wanted === null || condition.wanted === condition.value ? null : (
                <span className="t3">
                  {'  '}
                  <EvidenceText>{condition.wanted}</EvidenceText>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Learnt({ data }: { readonly data: AlertDetail }): ReactNode {
  const { learnt } = data;
  if (learnt === null) return null;
  return (
    <section className="sec">
      <h2>
        What was usual{' '}
        <small>
          learnt {dayAndTime(learnt.from)} – {dayAndTime(learnt.to)}, {counted(learnt.events, 'event')}
        </small>
      </h2>
      <p className="t2">
        <EvidenceText>{learnt.text}</EvidenceText>
      </p>
      <dl className="nm">
        <dt>Known</dt>
        <dd>
          {learnt.known}: <EvidenceText>{learnt.examples.join(', ')}</EvidenceText>
        </dd>
        <dt>New</dt>
        <dd>
          <span className="marked">
            <EvidenceText>{learnt.fresh.join(', ')}</EvidenceText>
          </span>
        </dd>
      </dl>
    </section>
  );
}

function summaryText(data: AlertDetail): string {
  const { line } = data;
  return [
    `Alert ${line.id}: ${line.title} (${line.level}, ${line.status})`,
    line.summary,
    line.firstTime === null ? '' : `First ${wholeTime(line.firstTime)}`,
    `Rule ${line.rule.title} (${line.rule.id})`,
    `ATT&CK ${data.attack.map(({ id }) => techniqueTitle(id)).join('; ')}`,
  ]
    .filter((part) => part !== '')
    .map(visibleText)
    .join('\n');
}
