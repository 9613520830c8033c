import { useSyncExternalStore } from 'react';

/** Something that was done and can be taken back. */
export interface Deed {
  readonly id: number;
  /** `Alert 27 dismissed: "benchmark job".` */
  readonly text: string;
  readonly kind: 'done' | 'fault';
  readonly undo?: () => Promise<void> | void;
}

const listeners = new Set<() => void>();
const DEEPEST = 50;
const SHOWN_MS = 8000;
let done: readonly Deed[] = [];
let shown: Deed | null = null;
let nextId = 1;
let timer: ReturnType<typeof setTimeout> | undefined;

function show(deed: Deed | null): void {
  shown = deed;
  clearTimeout(timer);
  if (deed !== null) timer = setTimeout(() => show(null), SHOWN_MS);
  for (const listener of listeners) listener();
}

/** Tells what was done, and remembers how to take it back. */
export function tell(text: string, undo?: () => Promise<void> | void): void {
  const deed: Deed = { id: nextId++, text, kind: 'done', ...(undo === undefined ? {} : { undo }) };
  if (undo !== undefined) done = [...done.slice(-DEEPEST), deed];
  show(deed);
}

export function tellFault(text: string): void {
  show({ id: nextId++, text, kind: 'fault' });
}

/** Takes the last deed back. What fails has told so itself, and is not tried again. */
export async function undoLast(): Promise<void> {
  const last = done.at(-1);
  if (last?.undo === undefined) {
    tell('Nothing to undo.');
    return;
  }
  done = done.slice(0, -1);
  const next = nextId;
  await last.undo();
  if (shown?.kind === 'fault' && shown.id >= next) return;
  tell(`Undone: ${last.text}`);
}

export function dismissNotice(): void {
  show(null);
}

export function useNotice(): Deed | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
