import { faultOf } from '../fault.ts';
import { keepWasmCode } from '../web-assembly.ts';
import { Engine } from './engine.ts';
import type { EngineAsk, EngineTell } from './protocol.ts';

/** The way to the door: a child process's channel, or the port of Electron's utility process. */
interface Port {
  send(tell: EngineTell): void;
  onAsk(hear: (ask: EngineAsk) => void): void;
}

interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

function portOf(): Port {
  const utility = (process as { parentPort?: UtilityPort }).parentPort;
  if (utility !== undefined) {
    return {
      send: (tell) => utility.postMessage(tell),
      onAsk: (hear) => utility.on('message', ({ data }) => hear(data as EngineAsk)),
    };
  }
  // Whoever started us has gone: nobody is left to answer to.
  process.on('disconnect', () => process.exit(0));
  return {
    send: (tell) => void process.send?.(tell),
    onAsk: (hear) => void process.on('message', (ask) => hear(ask as EngineAsk)),
  };
}

keepWasmCode();
const port = portOf();
let engine: Engine | null = null;

// Ctrl+C goes to the whole group of a terminal: the door says when to close.
if (!('parentPort' in process)) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

port.onAsk((ask) => {
  if (ask.kind === 'open') open(ask);
  else if (ask.kind === 'close') void close();
  else engine?.hear(ask);
});

function open({ setup }: Extract<EngineAsk, { kind: 'open' }>): void {
  try {
    engine = new Engine(setup, (tell) => port.send(tell));
    port.send({ kind: 'opened', case: engine.opened });
  } catch (error) {
    port.send({ kind: 'not-opened', fault: faultOf(error) });
  }
}

async function close(): Promise<never> {
  await engine?.close();
  process.exit(0);
}
