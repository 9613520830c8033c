import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpenedRule } from '../../../core/contract/studio-calls.ts';
import { useAct } from '../../calls/use-call.ts';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import { readHere, writeHere } from './unsaved.ts';
import type { Written } from './written-over.ts';

interface Saving {
  readonly rule: OpenedRule;
  readonly casePath: string;
  readonly written: Written;
  /** Keeps nothing until the next key. */
  settle(): void;
  /** What was saved is not saved any more, and kept as such: whoever shows the rule reads it anew. */
  onTakenBack(): void;
}

/** Saves what is written, tells so, and takes it back on request: then it is there as what is not saved yet. */
export function useSaving({ rule, casePath, written, settle, onTakenBack }: Saving): {
  readonly isSaving: boolean;
  setIsSaving(isSaving: boolean): void;
  save(reason: string, runs: boolean, target: string): Promise<void>;
} {
  const [isSaving, setIsSaving] = useState(false);
  const act = useAct();
  const client = useQueryClient();
  const { set } = usePlace();
  const { path } = rule;
  const { text, tests } = written;

  const takeBack = async (action: number, target: string): Promise<void> => {
    const since = readHere(casePath, target);
    if ((await act('actions/undo', { action })) === null) return;
    await client.refetchQueries({ queryKey: ['studio/open', { path: target }] });
    const standing = client.getQueryData<OpenedRule>(['studio/open', { path: target }]);
    const over = { version: standing?.version ?? 0, over: standing?.sha256 ?? null, time: Date.now() };
    writeHere(casePath, target, { path: target, text: since?.text ?? text, tests: since?.tests ?? tests, ...over });
    onTakenBack();
  };

  const save = async (reason: string, runs: boolean, target: string): Promise<void> => {
    settle();
    const saved = await act('studio/save', { path: target, text, tests, reason, over: written.over });
    if (saved === null) {
      // Whatever stands there by now is to be seen.
      void client.invalidateQueries({ queryKey: ['studio/open', { path }] });
      return;
    }
    setIsSaving(false);
    const what = saved.version > 0 ? `Version ${saved.version} of ${target} saved.` : `${target} saved.`;
    tell(what, () => takeBack(saved.action, target));
    if (target !== path) {
      writeHere(casePath, path, null);
      await act('studio/give-up', { path });
      set({ edit: target, q: undefined }, { replace: true });
    }
    if (runs) await act('detect/start', {});
  };
  return { isSaving, setIsSaving, save };
}
