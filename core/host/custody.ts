import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';

/** Ends a case: the seal is its last action, with the roots of all its parts; `CaseStore.compact` belongs after it. Raises `usage` without a reason. */
export function sealCase(store: CaseStore, reason: string, examiner: string, time: number): void {
  if (reason.trim() === '') {
    throw new CaseError('usage', 'A seal needs a reason.', {
      hint: 'Say why the case is sealed: it stands in the action log.',
    });
  }
  const changed = ['evidence', 'findings', 'settings', 'marks'] as const;
  store.change(() => store.record({ examiner, time, name: 'case/seal', detail: { reason }, changed }));
}
