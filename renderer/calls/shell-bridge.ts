import type { Ask, CallName, CallOptions, DecklogBridge, Notice, Req, Res } from '../../core/contract/calls.ts';
import type { Answer } from '../../core/contract/fault.ts';
import type { ShellApi } from '../../core/contract/shell.ts';

interface Waiting {
  answer(answer: Answer<unknown>): void;
  readonly onProgress: CallOptions['onProgress'];
}

/** The way to the engine through the shell: its preload passes messages on, and offers what only a desktop has. */
export async function openShellBridge(shell: ShellApi): Promise<DecklogBridge> {
  const waiting = new Map<number, Waiting>();
  const notices = new Set<(notice: Notice) => void>();
  const connections = new Set<(state: 'open' | 'lost') => void>();
  let nextId = 1;
  shell.onTell((tell) => {
    if (tell.kind === 'answer') {
      waiting.get(tell.id)?.answer(tell.answer);
      waiting.delete(tell.id);
    } else if (tell.kind === 'progress') waiting.get(tell.id)?.onProgress?.(tell.progress);
    else {
      for (const listen of notices) listen(tell.notice);
      if (tell.notice.kind === 'engine')
        for (const listen of connections) listen(tell.notice.state === 'back' ? 'open' : 'lost');
    }
  });
  const call = (name: CallName, req: unknown, { signal, onProgress }: CallOptions = {}) => {
    const id = nextId++;
    return new Promise<Answer<unknown>>((resolve) => {
      const cancel = () => shell.say({ kind: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      waiting.set(id, {
        onProgress,
        answer: (answer) => {
          signal?.removeEventListener('abort', cancel);
          resolve(answer);
        },
      });
      // What is not plain JSON would be refused on the other side.
      shell.say(JSON.parse(JSON.stringify({ kind: 'ask', id, name, req })) as Ask);
      if (signal?.aborted === true) cancel();
    });
  };
  return {
    door: await shell.facts(),
    call: <K extends CallName>(name: K, req: Req<K>, options?: CallOptions) =>
      call(name, req, options) as Promise<Answer<Res<K>>>,
    onNotice: (listen) => listenTo(notices, listen),
    onConnection: (listen) => listenTo(connections, listen),
    giveEvidence: (file) => shell.giveEvidence(file),
    chooseEvidence: (kind) => shell.chooseEvidence(kind),
    chooseRuleFolder: () => shell.chooseRuleFolder(),
    save: (file) => shell.save(file),
    reveal: (file) => shell.reveal(file),
  };
}

function listenTo<T>(listeners: Set<T>, listen: T): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}
