import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ObjectStateLine } from '../../../core/contract/entity-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { shortUser } from '../../words/identity.ts';
import { counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

const FIRST = 20;
const MOST = 500;
const EXISTS = {
  yes: 'It is there when the log ends.',
  no: 'It is gone when the log ends.',
  unknown: 'Whether it is there when the log ends is not known.',
} as const;

/** What became of an object, write by write, rebuilt from the log. */
export function ObjectHistory({ object }: { readonly object: string }): ReactNode {
  const [limit, setLimit] = useState(FIRST);
  const history = useCall('objects/history', { object, limit }, { keeps: true });
  return (
    <section className="sec" aria-label="What became of it">
      <h2>
        What became of it <small>newest first, rebuilt from recorded requests</small>
      </h2>
      <Answered call={history} rows={4}>
        {(data) => (
          <>
            <p className="t2">{[EXISTS[data.exists], ...data.notes].join(' ')}</p>
            <ol className="states">
              {data.rows.map((state) => (
                <State key={state.event} state={state} />
              ))}
            </ol>
            {data.next === null || limit >= MOST ? null : (
              <button type="button" className="btn quiet" onClick={() => setLimit(Math.min(MOST, limit * 5))}>
                {counted(data.total - data.rows.length, 'earlier state')}
              </button>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

function State({ state }: { readonly state: ObjectStateLine }): ReactNode {
  const { set } = usePlace();
  return (
    <li>
      <div className="row wrap">
        <span className={`chip step-${state.step}`}>{state.step}</span>
        <button type="button" className="link" onClick={() => set({ event: state.event })}>
          <EvidenceText>{state.summary}</EvidenceText>
        </button>
      </div>
      <p className="t3">
        {state.time === null ? 'without a time' : `${dayAndTime(state.time)} UTC`} ·{' '}
        <EvidenceText>{shortUser(state.user)}</EvidenceText>
        {state.code === null ? '' : ` · ${state.code}`}
        {state.sureness === 'recorded' ? '' : ` · ${state.sureness}`}
        {state.note === null ? null : (
          <>
            {' · '}
            <EvidenceText>{state.note}</EvidenceText>
          </>
        )}
      </p>
      {state.changes.length === 0 ? null : (
        <dl className="code changes">
          {state.changes.map((change) => (
            <div key={change.path}>
              <dt className="mono t2">
                <EvidenceText>{change.path}</EvidenceText>
              </dt>
              <dd className="mono">
                {change.before === null ? null : (
                  <div className="jl del">
                    <span className="sign">-</span>
                    <EvidenceText>{change.before}</EvidenceText>
                  </div>
                )}
                {change.after === null ? null : (
                  <div className="jl add">
                    <span className="sign">+</span>
                    <EvidenceText>{change.after}</EvidenceText>
                  </div>
                )}
              </dd>
            </div>
          ))}
          {state.moreChanges === 0 ? null : <p className="t3">and {counted(state.moreChanges, 'more change')}</p>}
        </dl>
      )}
    </li>
  );
}
