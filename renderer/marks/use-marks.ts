import { useCallback } from 'react';
import type { MarkDraft, MarkTarget } from '../../core/contract/mark-calls.ts';
import { useAct } from '../calls/use-call.ts';
import { tell } from '../undo.ts';
import { counted } from '../words/number.ts';

export interface Marking {
  add(targets: readonly MarkTarget[], mark: MarkDraft, what: string): Promise<void>;
  takeOff(targets: readonly MarkTarget[], mark: MarkDraft, what: string): Promise<void>;
  remove(id: number, what: string): Promise<void>;
  edit(id: number, text: string): Promise<void>;
}

/** Puts marks on things and takes them off; each can be undone. */
export function useMarking(): Marking {
  const act = useAct();
  const undone = useCallback(
    (action: number) => async (): Promise<void> => void (await act('actions/undo', { action })),
    [act],
  );
  return {
    add: async (targets, mark, what) => {
      const done = await act('marks/add', { targets, mark });
      if (done !== null)
        tell(
          `${titleOf(mark)} put on ${targets.length === 1 ? what : counted(targets.length, 'item')}.`,
          undone(done.action),
        );
    },
    takeOff: async (targets, mark, what) => {
      const done = await act('marks/take-off', { targets, mark });
      if (done !== null) tell(`${titleOf(mark)} taken off ${what}.`, undone(done.action));
    },
    remove: async (id, what) => {
      const done = await act('marks/remove', { ids: [id] });
      if (done !== null) tell(`${what} removed.`, undone(done.action));
    },
    edit: async (id, text) => {
      const done = await act('marks/edit', { id, text });
      if (done !== null) tell('Note changed.', undone(done.action));
    },
  };
}

function titleOf(mark: MarkDraft): string {
  if (mark.kind === 'star') return 'Star';
  if (mark.kind === 'tag') return `Tag “${mark.text}”`;
  return mark.kind === 'note' ? 'Note' : mark.kind === 'marker' ? 'Marker' : 'Verdict';
}
