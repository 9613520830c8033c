import type { ReactNode } from 'react';
import { useAct, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';
import { counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

/** The filters that hide alerts, each with its reason and a way to take it back. */
export function SuppressionList(): ReactNode {
  const list = useCall('suppressions/list', {}, { keeps: true });
  const act = useAct();
  const mayChange = useMayChange();
  const remove = async (id: number): Promise<void> => {
    if ((await act('suppressions/remove', { id, reason: 'removed in the list of alerts' })) !== null)
      tell('Filter removed; what it hid is shown again.');
  };
  return (
    <section className="sec suppressions" aria-label="Filters">
      <h2>
        Filters <small>hidden alerts stay in the case and in the report’s count</small>
      </h2>
      <Answered call={list} rows={2}>
        {(filters) =>
          filters.length === 0 ? (
            <p className="t2">No filter hides anything. “Exclude this, as a filter…” beside an alert makes one.</p>
          ) : (
            <ul>
              {filters.map((filter) => (
                <li key={filter.id} className="row">
                  <span className="grow">
                    <b>
                      <EvidenceText>{filter.ruleTitle ?? 'every rule'}</EvidenceText>
                    </b>{' '}
                    <span className="mono">
                      <EvidenceText>
                        {filter.condition === '' ? (filter.entity?.name ?? '') : filter.condition}
                      </EvidenceText>
                    </span>
                    <br />
                    <span className="t2">
                      <EvidenceText>{`${filter.reason} (${filter.examiner}, ${dayAndTime(filter.time)} UTC)`}</EvidenceText>
                    </span>
                  </span>
                  <span className="t2 tn">hides {counted(filter.hides, 'alert')}</span>
                  <button type="button" className="btn" disabled={!mayChange} onClick={() => void remove(filter.id)}>
                    Remove
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
