import { utilityProcess } from 'electron';
import type { EngineLink } from '../core/door/engine-link.ts';
import type { EngineTell } from '../core/host/protocol.ts';

/** An engine as a utility process: should it crash, no window goes with it. */
export function forkEngine(entry: string): EngineLink {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Decklog engine', stdio: 'inherit' });
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
  });
  return {
    send: (ask) => {
      if (!hasEnded) child.postMessage(ask);
    },
    onTell: (hear) => void child.on('message', (tell: EngineTell) => hear(tell)),
    onEnd: (hear) => void child.once('exit', (code: number) => hear(`code ${code}`)),
    kill: () => {
      // SQLite at work hears nothing gentler.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
