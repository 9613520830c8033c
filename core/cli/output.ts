import type { Writable } from 'node:stream';
import { visibleLines } from '../text.ts';
import { OWN_ESCAPES } from './paint.ts';

/** Raised when whoever read our output has gone, as `head` does: not a failure, there is just no one left to tell. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

const BATCH = 64 * 1024;

/** Standard output, written in batches that wait for the reader, so that a slow one costs no memory. */
export class Output {
  readonly #stream: Writable;
  /** Called before something is written, to take a progress bar away. */
  readonly #before: () => void;
  #waiting = '';
  #fault: Error | undefined;

  constructor(stream: Writable, before: () => void) {
    this.#stream = stream;
    this.#before = before;
    stream.on('error', (error) => {
      this.#fault ??= closedOr(error);
    });
  }

  /** A text for people: nothing in it drives a terminal but our own colours. */
  async text(text: string): Promise<void> {
    const escapes = text.match(OWN_ESCAPES) ?? [];
    const parts = text.split(OWN_ESCAPES).map(visibleLines);
    await this.#write(parts.map((part, index) => part + (escapes[index] ?? '')).join(''));
  }

  /** A line for people. */
  async line(text = ''): Promise<void> {
    await this.text(`${text}\n`);
  }

  /** Text for machines, as it is. */
  async machine(text: string): Promise<void> {
    await this.#write(text);
  }

  /** Bytes as they are. */
  async bytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.#send(bytes);
  }

  async flush(): Promise<void> {
    if (this.#waiting === '') return;
    const text = this.#waiting;
    this.#waiting = '';
    await this.#send(text);
  }

  async #write(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= BATCH) await this.flush();
  }

  async #send(chunk: string | Uint8Array): Promise<void> {
    if (this.#fault) throw this.#fault;
    this.#before();
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(chunk, (error) => (error ? reject(this.#fault ?? closedOr(error)) : resolve()));
    });
  }
}

function closedOr(error: NodeJS.ErrnoException): Error {
  return error.code === 'EPIPE' ? new OutputClosed() : error;
}
