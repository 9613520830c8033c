import { type ReactNode, useDeferredValue, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { AlertDetail } from '../../../core/contract/alert-calls.ts';
import type { SuppressionDraft } from '../../../core/contract/incident-calls.ts';
import type { EntityRef } from '../../../core/contract/scope.ts';
import { useAct, useCall } from '../../calls/use-call.ts';
import { focusNow } from '../../marks/mark-bar.tsx';
import { Answered } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';
import { condition } from '../../words/condition.ts';
import { userEntity } from '../../words/entity-of-field.ts';
import { counted } from '../../words/number.ts';

const DAY_MS = 86_400_000;
/** Days; 0: for good. */
const LASTING: readonly (readonly [number, string])[] = [
  [0, 'somebody removes it'],
  [1, 'tomorrow'],
  [7, 'in a week'],
  [30, 'in 30 days'],
  [90, 'in 90 days'],
];

/** Whom and what an alert names. */
function entitiesOf({ line }: AlertDetail): readonly EntityRef[] {
  return [
    ...(line.user === '' ? [] : [userEntity(line.user)]),
    ...line.sourceIPs.map((name): EntityRef => ({ kind: 'address', name })),
    ...(line.namespace === null ? [] : [{ kind: 'namespace', name: line.namespace } as const]),
    ...(line.object === null ? [] : [{ kind: 'object', name: line.object } as const]),
  ];
}

/** Hides alerts like this one, now and in later runs: says first how many it would hide, and wants a reason. */
export function ExcludeForm({ data, onClose }: { readonly data: AlertDetail; onClose(): void }): ReactNode {
  const act = useAct();
  const [text, setText] = useState(condition('user', data.line.user));
  const [reason, setReason] = useState('');
  const [entity, setEntity] = useState('');
  const [days, setDays] = useState(0);
  const entities = entitiesOf(data);
  const about = entities.find(({ name }) => name === entity);
  const scope: Omit<SuppressionDraft, 'reason'> = {
    rule: data.line.rule.id,
    ...(text.trim() === '' ? {} : { condition: text }),
    ...(about === undefined ? {} : { entity: about }),
  };
  const simulated = useDeferredValue(scope);
  const simulation = useCall('suppressions/simulate', { draft: { ...simulated, reason: '' } }, { keeps: true });
  const save = async (): Promise<void> => {
    const expiresAt = (Date.now() + days * DAY_MS) * 1000;
    const added = await act('suppressions/add', { draft: { ...scope, reason, ...(days === 0 ? {} : { expiresAt }) } });
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
        And only of
        <select className="field" value={entity} onChange={(event) => setEntity(event.target.value)}>
          <option value="">anybody and anything</option>
          {entities.map(({ kind, name }) => (
            <option key={`${kind} ${name}`} value={name}>
              {kind}: {visibleText(name)}
            </option>
          ))}
        </select>
      </label>
      <label className="small-label t3">
        Until
        <select className="field" value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {LASTING.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
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
