import { type ReactNode, useDeferredValue, useState } from 'react';
import type { AlertDetail } from '../../../core/contract/alert-calls.ts';
import type { SuppressionDraft } from '../../../core/contract/incident-calls.ts';
import { useAct, useCall } from '../../calls/use-call.ts';
import { focusNow } from '../../marks/mark-bar.tsx';
import { Answered } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';
import { condition } from '../../words/condition.ts';
import { counted } from '../../words/number.ts';

/** Hides alerts like this one, now and in later runs: says first how many it would hide, and wants a reason. */
export function ExcludeForm({ data, onClose }: { readonly data: AlertDetail; onClose(): void }): ReactNode {
  const act = useAct();
  const [text, setText] = useState(condition('user', data.line.user));
  const [reason, setReason] = useState('');
  const draft: SuppressionDraft = { rule: data.line.rule.id, condition: text, reason };
  const simulated = useDeferredValue(text);
  const simulation = useCall(
    'suppressions/simulate',
    { draft: { rule: data.line.rule.id, condition: simulated, reason: '' } },
    { keeps: true },
  );
  const save = async (): Promise<void> => {
    const added = await act('suppressions/add', { draft });
    if (added === null) return;
    tell(`Filter added; it hides ${counted(added.hides, 'alert')}.`, async () => {
      await act('suppressions/remove', { id: added.id, reason: 'undone' });
    });
    onClose();
  };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') void save();
      }}
    >
      <label className="small-label t3">
        Alerts of this rule whose events fit
        <input className="field mono" value={text} onChange={(event) => setText(event.target.value)} ref={focusNow} />
      </label>
      <label className="small-label t3">
        Reason
        <input className="field" value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Answered call={simulation} rows={1}>
        {(result) => (
          <p className="t2">
            It would hide {counted(result.hides, 'alert')} now. Hidden alerts stay in the case and can be shown.
          </p>
        )}
      </Answered>
      <div className="row">
        <button type="submit" className="btn primary" disabled={reason.trim() === ''}>
          Add filter
        </button>
        <button type="button" className="btn quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
