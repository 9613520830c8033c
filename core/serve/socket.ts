import * as v from 'valibot';
import type { RawData, WebSocket } from 'ws';
import type { Hello, Tell, Welcome } from '../contract/calls.ts';
import type { Client, Door } from '../door/door.ts';
import type { Keys } from './keys.ts';

const PATIENCE_MS = 5000;
/** A page that takes nothing off its socket is let go. */
const MOST_WAITING_BYTES = 256 * 1024 * 1024;

const HELLO: v.GenericSchema<unknown, Hello> = v.strictObject({
  kind: v.literal('hello'),
  token: v.pipe(v.string(), v.maxLength(200)),
});

/** Why a socket is closed, as pages see it. */
export const CLOSE = { noKey: 4401, malformed: 4400, tooSlow: 4408 } as const;

interface Parts {
  readonly door: Door;
  readonly keys: Keys;
}

/** Waits for the key in the first message; from then on the socket is a page of the key's role. */
export function welcomeSocket(socket: WebSocket, { door, keys }: Parts): void {
  let client: Client | null = null;
  const timer = setTimeout(() => socket.close(CLOSE.noKey, 'no key'), PATIENCE_MS);
  const send = (message: Tell | Welcome) => {
    if (socket.bufferedAmount > MOST_WAITING_BYTES) socket.close(CLOSE.tooSlow, 'too slow');
    else socket.send(JSON.stringify(message));
  };
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : parsed(data);
    if (client !== null) {
      if (message === undefined || !client.hear(message)) socket.close(CLOSE.malformed, 'malformed');
      return;
    }
    clearTimeout(timer);
    const hello = v.safeParse(HELLO, message);
    const role = hello.success ? keys.roleOf(hello.output.token) : null;
    if (role === null) return socket.close(CLOSE.noKey, 'no key');
    client = door.connect(role, send);
    send({ kind: 'welcome', door: door.factsFor(role) });
  });
  socket.on('close', () => {
    clearTimeout(timer);
    client?.close();
  });
  socket.on('error', () => socket.terminate());
}

function parsed(data: RawData): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
