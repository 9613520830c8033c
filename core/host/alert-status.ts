import { type Alert, STATUSES, type Status } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { AlertProof } from './api.ts';

/** What somebody decides about an alert, and why; `open` needs no reason. Raises `usage`, `alert/unknown`, `alert/reason-missing`. */
export function setStatus(
  store: CaseStore,
  id: number,
  { status, reason }: { readonly status: Status; readonly reason: string },
  examiner: string,
  time: number,
): Alert {
  const alert = store.findings.get(id);
  if (!STATUSES.includes(status))
    throw new CaseError('usage', `${status} is no status of an alert.`, { hint: `Use one of ${STATUSES.join(', ')}.` });
  if (status !== 'open' && reason.trim() === '') {
    throw new CaseError('alert/reason-missing', `A reason is needed to call alert ${id} ${status}.`, {
      hint: 'Say why with --reason TEXT: it stands in the action log and the report.',
    });
  }
  store.change(() => {
    store.findings.setStatus(id, status, reason);
    store.record({
      examiner,
      time,
      name: 'alert/status',
      detail: { alert: alert.key, rule: alert.rule.id, from: alert.status, to: status, reason },
      changed: ['findings'],
    });
  });
  return store.findings.get(id);
}

/** What was decided about an alert, by time. */
export const statusHistory = (store: CaseStore, { key }: Alert): AlertProof['history'] =>
  store
    .actions()
    .filter(({ detail }) => detail['alert'] === key)
    .map(({ time, examiner, detail }) => ({
      time: new Date(time / 1000).toISOString(),
      examiner,
      action: describe(detail),
    }));

const describe = ({ from, to, reason }: Readonly<Record<string, unknown>>): string =>
  `${from} to ${to}${reason ? `: ${reason}` : ''}`;
