import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AlertChange, AlertDifference } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { counted } from '../../words/number.ts';

/** What saving would change among the alerts of this case, and the reason for it. */
export function SavePanel({
  difference,
  hasErrors,
  onSave,
  onClose,
}: {
  readonly difference: AlertDifference | null;
  readonly hasErrors: boolean;
  onSave(reason: string, runs: boolean): void;
  onClose(): void;
}): ReactNode {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // Whoever asks to save says why next.
  useEffect(() => field.current?.focus(), []);
  const isReady = reason.trim() !== '' && !hasErrors;
  return (
    <section className="sec studio-save" aria-label="Save">
      <h2>If saved, against the last run</h2>
      {hasErrors ? (
        <p className="fault">The text has errors: a run would refuse it.</p>
      ) : (
        <Changes difference={difference} />
      )}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onSave(reason, true);
        }}
      >
        <label className="field grow">
          <input
            ref={field}
            aria-label="Reason"
            placeholder="Why"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <button type="submit" className="btn primary" disabled={!isReady}>
          Save and run
        </button>
        <button type="button" className="btn" disabled={!isReady} onClick={() => onSave(reason, false)}>
          Save
        </button>
        <button type="button" className="btn quiet" onClick={onClose}>
          Cancel
        </button>
      </form>
    </section>
  );
}

function Changes({ difference }: { readonly difference: AlertDifference | null }): ReactNode {
  if (difference === null) return <p className="t3">comparing…</p>;
  const { appear, vanish, change, same } = difference;
  return (
    <>
      <p role="status">
        {appear.length} appear, {vanish.length} vanish, {change.length} change, {same} stay.
      </p>
      <ul className="studio-changes">
        <List sign="+" alerts={appear} />
        <List sign="−" alerts={vanish} />
        <List sign="~" alerts={change} />
      </ul>
    </>
  );
}

const SHOWN = 10;

function List({ sign, alerts }: { readonly sign: string; readonly alerts: readonly AlertChange[] }): ReactNode {
  return (
    <>
      {alerts.slice(0, SHOWN).map((alert, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: alerts that do not exist yet have no name
        <li key={index}>
          {sign} <SeverityMark level={alert.level} size={12} /> <EvidenceText>{alert.title}</EvidenceText>{' '}
          <EvidenceText>{[alert.user, alert.object].filter(Boolean).join(', ')}</EvidenceText>,{' '}
          {counted(alert.events, 'event')}
        </li>
      ))}
      {alerts.length > SHOWN ? <li className="t2">{`${sign} ${alerts.length - SHOWN} more`}</li> : null}
    </>
  );
}
