import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineLink } from '../door/engine-link.ts';
import type { EngineTell } from '../host/protocol.ts';

const ENTRY = fileURLToPath(new URL('../host/engine-main.ts', import.meta.url));

/** An engine as a child process of ours. */
export function forkEngine(): EngineLink {
  const child = fork(ENTRY, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // A child that has gone is told of by its end.
  child.on('error', () => {});
  return {
    send: (ask) => {
      if (child.connected) child.send(ask, () => {});
    },
    onTell: (hear) => void child.on('message', (tell) => hear(tell as EngineTell)),
    onEnd: (hear) => void child.once('exit', (code, signal) => hear(signal ?? `code ${code}`)),
    kill: () => void child.kill('SIGKILL'),
  };
}
