import {
  type Ask,
  type CallName,
  type CallOptions,
  type DecklogBridge,
  type DoorFacts,
  type EvidenceToken,
  type Hello,
  type Notice,
  type PageFile,
  type Req,
  type Res,
  SERVE_PATHS,
  type Tell,
  type Welcome,
} from '../../core/contract/calls.ts';
import type { Answer, Fault } from '../../core/contract/fault.ts';
import type { FileTicket } from '../../core/contract/scope.ts';
import { CallFault } from './ask.ts';

const RETRY_MS = [250, 500, 1000, 2000, 4000];
/** The server closes with this where the key is not one of its own. */
const NO_KEY = 4401;

interface Waiting {
  readonly ask: Extract<Ask, { kind: 'ask' }>;
  answer(answer: Answer<unknown>): void;
  readonly onProgress: CallOptions['onProgress'];
}

/** The way to the engine through the loopback server: one socket, opened again when it breaks; calls wait meanwhile. */
export async function openSocketBridge(token: string): Promise<DecklogBridge> {
  const socket = new EngineSocket(token);
  const door = await socket.open();
  return {
    door,
    call: <K extends CallName>(name: K, req: Req<K>, options?: CallOptions) =>
      socket.call(name, req, options) as Promise<Answer<Res<K>>>,
    onNotice: (listen) => listenTo(socket.notices, listen),
    onConnection: (listen) => listenTo(socket.connections, listen),
    giveEvidence: (file, options) => upload(token, file, options),
    chooseEvidence: async () => ({ ok: true, value: [] }),
    chooseRuleFolder: async () => ({ ok: true, value: null }),
    save: (file) => save(token, file),
    reveal: async () => failed({ code: 'usage', message: 'A browser cannot show files in the file manager.' }),
  };
}

type Listeners<T> = Set<(value: T) => void>;

function listenTo<T>(listeners: Listeners<T>, listen: (value: T) => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

class EngineSocket {
  readonly notices: Listeners<Notice> = new Set();
  readonly connections: Listeners<'open' | 'lost'> = new Set();
  readonly #token: string;
  readonly #waiting = new Map<number, Waiting>();
  #socket: WebSocket | null = null;
  #isOpen = false;
  #nextId = 1;
  #tries = 0;

  constructor(token: string) {
    this.#token = token;
  }

  /** Opens the socket; raises `CallFault` where the key is refused or nobody answers. */
  open(): Promise<DoorFacts> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${SERVE_PATHS.socket}`);
      this.#socket = socket;
      socket.addEventListener('open', () =>
        socket.send(JSON.stringify({ kind: 'hello', token: this.#token } satisfies Hello)),
      );
      socket.addEventListener('message', (event) => {
        const message = JSON.parse(String(event.data)) as Tell | Welcome;
        if (message.kind === 'welcome') {
          this.#welcomed();
          resolve(message.door);
        } else this.#hear(message);
      });
      socket.addEventListener('close', ({ code }) => {
        const fault = this.#closed(code);
        if (fault !== null) reject(new CallFault(fault));
      });
    });
  }

  call(name: CallName, req: unknown, options: CallOptions = {}): Promise<Answer<unknown>> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.resolve(failed(CANCELLED));
    const id = this.#nextId++;
    const ask: Waiting['ask'] = { kind: 'ask', id, name, req };
    return new Promise((resolve) => {
      const answer = (value: Answer<unknown>): void => {
        this.#waiting.delete(id);
        signal?.removeEventListener('abort', cancel);
        resolve(value);
      };
      const cancel = (): void => {
        this.#send({ kind: 'cancel', id });
        answer(failed(CANCELLED));
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, { ask, answer, onProgress: options.onProgress });
      this.#send(ask);
    });
  }

  #send(message: Ask): void {
    if (this.#isOpen) this.#socket?.send(JSON.stringify(message));
  }

  #welcomed(): void {
    this.#isOpen = true;
    this.#tries = 0;
    for (const listen of this.connections) listen('open');
    // Every call is safe to repeat: those whose answer was lost are asked again.
    for (const { ask } of this.#waiting.values()) this.#send(ask);
  }

  #hear(tell: Tell): void {
    if (tell.kind === 'notice') for (const listen of this.notices) listen(tell.notice);
    else if (tell.kind === 'progress') this.#waiting.get(tell.id)?.onProgress?.(tell.progress);
    else this.#waiting.get(tell.id)?.answer(tell.answer);
  }

  /** Tries again by itself; answers a fault where that is of no use. */
  #closed(code: number): Fault | null {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (code === NO_KEY) {
      const fault: Fault = {
        code: 'usage',
        message: 'The server does not know the key of this page.',
        hint: 'It was started again since. Open the address that decklog serve printed last.',
      };
      for (const { answer } of this.#waiting.values()) answer(failed(fault));
      return fault;
    }
    if (wasOpen) for (const listen of this.connections) listen('lost');
    const pause = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)];
    setTimeout(() => void this.open().catch(() => undefined), pause);
    return wasOpen || this.#tries < RETRY_MS.length ? null : NOT_THERE;
  }
}

const CANCELLED: Fault = { code: 'cancelled', message: 'The call was cancelled.' };
const NOT_THERE: Fault = {
  code: 'engine/lost',
  message: 'The server does not answer.',
  hint: 'See whether decklog serve still runs, then try again.',
};

function failed(fault: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault };
}

type GiveOptions = Parameters<DecklogBridge['giveEvidence']>[1];

/** Sends a file to the server. XMLHttpRequest, since fetch does not tell how far it is. */
function upload(token: string, file: PageFile, options: GiveOptions): Promise<Answer<EvidenceToken>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${SERVE_PATHS.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', (event) => options?.onSent?.(event.loaded));
    request.addEventListener('load', () => resolve(parsedAnswer(request)));
    request.addEventListener('error', () =>
      resolve(failed({ ...NOT_THERE, message: `${file.name} could not be sent.` })),
    );
    request.addEventListener('abort', () => resolve(failed(CANCELLED)));
    options?.signal?.addEventListener('abort', () => request.abort(), { once: true });
    // A page file of a browser is a File.
    request.send(file as File);
  });
}

function parsedAnswer(request: XMLHttpRequest): Answer<EvidenceToken> {
  try {
    return JSON.parse(request.responseText) as Answer<EvidenceToken>;
  } catch {
    return failed({
      code: 'bug',
      message: `The server answered ${request.status}: ${request.responseText.slice(0, 200)}`,
    });
  }
}

async function save(token: string, file: FileTicket): Promise<Answer<{ readonly isSaved: boolean }>> {
  const response = await fetch(`${SERVE_PATHS.file}${file.token}`, {
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => null);
  if (response === null || !response.ok) return failed({ ...NOT_THERE, message: `${file.name} could not be fetched.` });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return { ok: true, value: { isSaved: true } };
}
