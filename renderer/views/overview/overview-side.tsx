import type { ReactNode } from 'react';
import { LEVEL_FILL } from '../../../core/chart/severity.ts';
import type { AlertLine, Counted } from '../../../core/contract/alert-calls.ts';
import { LEVELS } from '../../../core/contract/rows.ts';
import { useCall } from '../../calls/use-call.ts';
import { useKeys } from '../../keys/key-listener.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { objectEntity, userEntity } from '../../words/entity-of-field.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

interface Step {
  readonly key: string;
  readonly title: string;
  readonly about: string;
  run(): void;
}

/** What to do first: gravest open alerts, then what the log cannot show. */
export function StartHere(): ReactNode {
  const { go } = usePlace();
  const open = useCall('alerts/page', { filter: { statuses: ['open'] }, order: 'level', limit: 3 }, { keeps: true });
  const sum = useCall('coverage/sum', {}, { keeps: true }).data;
  const ledger = useCall('evidence/ledger', {}, { keeps: true }).data;
  const steps: readonly Step[] = [
    ...(open.data?.rows ?? []).map((line: AlertLine) => ({
      key: `alert ${line.id}`,
      title: `Decide on alert ${line.id}: ${line.title}`,
      about: `${LEVEL_WORDS[line.level]}, ${line.outcome}${line.firstTime === null ? '' : `, ${dayAndTime(line.firstTime)}`}. ${line.eventCount === 1 ? 'The proof is one event.' : `${count(line.eventCount)} events prove it.`}`,
      run: () => go('alerts', { alert: line.id }),
    })),
    ...(sum !== undefined && sum.blind > 0
      ? [
          {
            key: 'blind',
            title: 'Read what the log cannot show',
            about: `${counted(sum.blind, 'rule')} could not have fired${sum.reasons[0] === undefined ? '' : `, first of all because of ${firstClause(sum.reasons[0].reason)}`}`,
            run: () => go('rules', { tab: 'blind' }),
          },
        ]
      : []),
    ...(ledger !== undefined && ledger.sum.malformed > 0
      ? [
          {
            key: 'malformed',
            title: 'Look at the records that could not be read',
            about: `${counted(ledger.sum.malformed, 'record')} kept with their bytes.`,
            run: () => go('evidence', { rejected: 'malformed' }),
          },
        ]
      : []),
  ];
  return (
    <section className="sec" aria-label="Start here">
      <h2>Start here</h2>
      {steps.length === 0 ? (
        <p className="t2">{open.isPending ? 'counting…' : 'No open alert. Hunt, or add evidence.'}</p>
      ) : null}
      <ol className="start">
        {steps.map((step, index) => (
          <li key={step.key}>
            <span className="no">{index + 1}</span>
            <span className="start-text">
              <button type="button" className="link" onClick={step.run}>
                <EvidenceText>{step.title}</EvidenceText>
              </button>
              <br />
              <span className="t2">
                <EvidenceText>{step.about}</EvidenceText>
              </span>
            </span>
            {index === 0 ? <StartKey run={step.run} /> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Enter takes the first step, unless something has the focus. */
function StartKey({ run }: { run(): void }): ReactNode {
  useKeys({ 'list.open': () => (document.activeElement === document.body ? run() : false) });
  return <kbd className="kbd">Enter</kbd>;
}

/** Alerts by level; open ones are solid. */
export function LevelBars(): ReactNode {
  const { go } = usePlace();
  const counts = useCall('alerts/counts', { filter: {} }, { keeps: true });
  return (
    <section className="sec" aria-label="Alerts by level">
      <h2>
        Alerts by level <span className="sp" />
        <small>
          {counts.data === undefined
            ? 'counting…'
            : `${count(counts.data.total)}, of which ${count(counts.data.open)} open`}
        </small>
      </h2>
      <Answered call={counts} rows={5}>
        {(data) => {
          const most = Math.max(1, ...LEVELS.map((level) => data.byLevel[level].total));
          return (
            <div className="level-bars">
              {[...LEVELS].reverse().map((level) => {
                const { total, open } = data.byLevel[level];
                return (
                  <button key={level} type="button" onClick={() => go('alerts', { level })}>
                    <SeverityMark level={level} />
                    <span>{LEVEL_WORDS[level]}</span>
                    <span className="level-bar">
                      <i style={{ width: `${(total / most) * 100}%`, background: LEVEL_FILL[level], opacity: 0.45 }} />
                      <i style={{ width: `${(open / most) * 100}%`, background: LEVEL_FILL[level] }} />
                    </span>
                    <b className="tn num">{count(total)}</b>
                    <span className="t2 tn num">{count(open)} open</span>
                  </button>
                );
              })}
            </div>
          );
        }}
      </Answered>
    </section>
  );
}

/** Fired, clean, blind: each leads on. Blind is not clean. */
export function CoverageNumbers(): ReactNode {
  const { go } = usePlace();
  const sum = useCall('coverage/sum', {}, { keeps: true });
  return (
    <section className="sec" aria-label="Coverage">
      <h2>Coverage{sum.data === undefined ? '' : ` of ${counted(sum.data.rules, 'rule')}`}</h2>
      <Answered call={sum} rows={3}>
        {(data) => (
          <>
            <div className="cov tn">
              {(
                [
                  ['fired', data.fired, 'fired'],
                  ['clean', data.clean, 'clean, could fire'],
                  ['blind', data.blind, 'blind, could not'],
                ] as const
              ).map(([state, number, title]) => (
                <button key={state} type="button" onClick={() => go('rules', { tab: state })}>
                  <b>{count(number)}</b>
                  <span>{title}</span>
                </button>
              ))}
            </div>
            <div className="cov-bar" aria-hidden="true">
              <i style={{ flexGrow: data.fired, background: 'var(--d3)' }} />
              <i style={{ flexGrow: data.clean, background: 'var(--d1)' }} />
              <i style={{ flexGrow: data.blind }} className="hatched" />
            </div>
            {data.reasons.length === 0 ? null : (
              <p className="t2">
                Blind:{' '}
                {data.reasons
                  .slice(0, 3)
                  .map((each) => `${count(each.rules)}: ${firstClause(each.reason)}`)
                  .join('; ')}
                .
              </p>
            )}
            {data.partly === 0 ? null : (
              <p className="t2">{counted(data.partly, 'rule')} clean except for part of the time.</p>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

const SHOWN = 5;

/** Identities and objects with the most alerts. */
export function Centre(): ReactNode {
  const { go } = usePlace();
  const counts = useCall('alerts/counts', { filter: {} }, { keeps: true });
  return (
    <section className="sec last" aria-label="At the centre">
      <h2>
        At the centre <span className="sp" />
        <small>by alerts</small>
      </h2>
      <Answered call={counts} rows={6}>
        {(data) => (
          <table className="plain">
            <colgroup>
              <col />
              <col style={{ width: 110 }} />
              <col style={{ width: 56 }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Identity or object</th>
                <th scope="col">Kind</th>
                <th scope="col" className="num">
                  Alerts
                </th>
              </tr>
            </thead>
            <tbody>
              {data.users.slice(0, SHOWN).map((user: Counted) => {
                const entity = userEntity(user.text);
                return (
                  <CentreRow
                    key={`u ${user.text}`}
                    title={shortUser(user.text)}
                    kind={entity.kind === 'serviceaccount' ? 'service account' : entity.kind}
                    number={user.count}
                    onOpen={() => go('entities', entitySearch(entity))}
                  />
                );
              })}
              {data.objects.slice(0, SHOWN).map((object: Counted) => (
                <CentreRow
                  key={`o ${object.text}`}
                  title={object.text}
                  kind="object"
                  number={object.count}
                  onOpen={() => go('entities', entitySearch(objectEntity(object.text)))}
                />
              ))}
            </tbody>
          </table>
        )}
      </Answered>
    </section>
  );
}

function CentreRow({
  title,
  kind,
  number,
  onOpen,
}: {
  readonly title: string;
  readonly kind: string;
  readonly number: number;
  onOpen(): void;
}): ReactNode {
  return (
    <tr>
      <td>
        <button type="button" className="link clip" onClick={onOpen}>
          <EvidenceText>{title}</EvidenceText>
        </button>
      </td>
      <td className="t2">{kind}</td>
      <td className="num">{count(number)}</td>
    </tr>
  );
}

/** The part of a reason that names the cause; the list of rules shows it whole. */
function firstClause(reason: string): string {
  return reason.split(';')[0] ?? reason;
}
