import { useCallback, useRef, useState } from 'react';
import type { EvidenceToken } from '../../../core/contract/calls.ts';
import type { Fault } from '../../../core/contract/fault.ts';
import { useBridge } from '../../calls/use-call.ts';

/** A file on its way to the engine. */
export interface SentFile {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  /** Set once the engine has it. */
  readonly token: string | null;
  readonly fault: Fault | null;
}

export interface Sending {
  readonly files: readonly SentFile[];
  readonly isReady: boolean;
  send(files: readonly File[]): void;
  /** Adds what was chosen elsewhere and needs no sending. */
  take(tokens: readonly EvidenceToken[]): void;
  drop(id: number): void;
  clear(): void;
}

/** Sends files one after another, tells how far each is, and lets any be left out. */
export function useSending(): Sending {
  const bridge = useBridge();
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const nextId = useRef(1);
  const queue = useRef(Promise.resolve());
  const ends = useRef(new Map<number, AbortController>());
  const change = useCallback(
    (id: number, with_: Partial<SentFile>): void =>
      setFiles((before) => before.map((file) => (file.id === id ? { ...file, ...with_ } : file))),
    [],
  );
  const send = (chosen: readonly File[]): void => {
    const added = chosen.map((file) => ({ file, id: nextId.current++ }));
    setFiles((before) => [
      ...before,
      ...added.map(({ file, id }) => ({
        id,
        name: file.webkitRelativePath || file.name,
        size: file.size,
        sent: 0,
        token: null,
        fault: null,
      })),
    ]);
    for (const { file, id } of added) {
      const end = new AbortController();
      ends.current.set(id, end);
      queue.current = queue.current.then(async () => {
        if (end.signal.aborted) return;
        const answer = await bridge.giveEvidence(file, { signal: end.signal, onSent: (sent) => change(id, { sent }) });
        change(id, answer.ok ? { token: answer.value.token, sent: file.size } : { fault: answer.fault });
      });
    }
  };
  return {
    files,
    isReady: files.length > 0 && files.every((file) => file.token !== null),
    send,
    take: (tokens) =>
      setFiles((before) => [
        ...before,
        ...tokens.map((token) => ({
          id: nextId.current++,
          name: token.name,
          size: token.sizeBytes ?? 0,
          sent: token.sizeBytes ?? 0,
          token: token.token,
          fault: null,
        })),
      ]),
    drop: (id) => {
      ends.current.get(id)?.abort();
      setFiles((before) => before.filter((file) => file.id !== id));
    },
    clear: () => setFiles([]),
  };
}
