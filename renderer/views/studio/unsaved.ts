import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { OpenedRule, UnsavedRule } from '../../../core/contract/studio-calls.ts';
import { useBridge, useMayChange } from '../../calls/use-call.ts';

/** The engine is told what is being written no more often than this; this browser's storage has every key. */
const KEEP_MS = 400;

const keyOf = (casePath: string, path: string) => `decklog.unsaved ${casePath} ${path}`;

/** What was written of a rule and not saved, here or beside the case, whichever is newer. */
export function unsavedOf(casePath: string, { path, unsaved }: OpenedRule): UnsavedRule | null {
  const here = readHere(casePath, path);
  return here !== null && here.time > (unsaved?.time ?? -1) ? here : unsaved;
}

/** What this browser keeps of a rule that is not saved. */
export function readHere(casePath: string, path: string): UnsavedRule | null {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(keyOf(casePath, path)) ?? 'null');
    if (typeof raw !== 'object' || raw === null || !('text' in raw) || !('tests' in raw)) return null;
    const number = (key: string): number => Number(Object.getOwnPropertyDescriptor(raw, key)?.value ?? 0);
    const over = 'over' in raw && typeof raw.over === 'string' ? raw.over : null;
    const numbers = { version: number('version'), time: number('time') };
    return { path, text: String(raw.text), tests: String(raw.tests), over, ...numbers };
  } catch {
    return null;
  }
}

/** Puts what is not saved into this browser's storage, or takes it out. */
export function writeHere(casePath: string, path: string, rule: UnsavedRule | null): void {
  try {
    if (rule === null) localStorage.removeItem(keyOf(casePath, path));
    else localStorage.setItem(keyOf(casePath, path), JSON.stringify(rule));
  } catch {
    // Storage is full or not allowed: the text is still in the window, and soon beside the case.
  }
}

/** Where the last key is: nowhere needed, in this browser only, or on the disk beside the case. */
export type Kept = 'saved' | 'here' | 'beside';

interface Writing {
  readonly casePath: string;
  readonly rule: OpenedRule;
  /** Hash of what is written over. */
  readonly over: string | null;
  /** Whether there is something to keep. */
  readonly isChanged: boolean;
  readonly text: string;
  readonly tests: string;
}

/** Keeps what is being written until it is saved or given up, so that it outlives a crash of the page and of the engine. */
export function useKeptText({ casePath, rule, over, isChanged, text, tests }: Writing): {
  readonly where: Kept;
  /** Keeps nothing until the next key: the text is on its way into the case. */
  settle(): void;
} {
  const bridge = useBridge();
  const client = useQueryClient();
  const mayChange = useMayChange();
  const [keptKey, setKeptKey] = useState('');
  const key = JSON.stringify([text, tests]);
  const { path, version } = rule;
  const now = useRef<{ readonly key: string; readonly rule: UnsavedRule | null }>({ key: '', rule: null });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Whether there may be something beside the case that is out of date. */
  const isBeside = useRef(rule.unsaved !== null);

  useEffect(() => {
    const unsaved = isChanged ? { path, text, tests, version, over, time: Date.now() } : null;
    now.current = { key, rule: unsaved };
    writeHere(casePath, path, unsaved);
    if (!mayChange || (unsaved === null && !isBeside.current)) return;
    timer.current ??= setTimeout(async () => {
      timer.current = undefined;
      const last = now.current;
      isBeside.current = last.rule !== null;
      const answer =
        last.rule === null
          ? await bridge.call('studio/give-up', { path })
          : await bridge.call('studio/keep', last.rule);
      if (!answer.ok) return;
      setKeptKey(last.key);
      // Whoever comes back to the rule finds what is kept, not what was there when it was opened.
      client.setQueryData<OpenedRule>(['studio/open', { path }], (was) => was && { ...was, unsaved: last.rule });
      void client.invalidateQueries({ queryKey: ['studio/unsaved'] });
    }, KEEP_MS);
  }, [bridge, client, casePath, path, version, over, isChanged, key, text, tests, mayChange]);

  return {
    where: isChanged ? (keptKey === key ? 'beside' : 'here') : 'saved',
    settle: () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
  };
}
