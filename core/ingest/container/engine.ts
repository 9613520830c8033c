import type { Transform } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';

/** One of Node's own decompressors: it works on libuv's threads, so the engine's thread stays free. */
export type Engine = Transform & { readonly bytesWritten: number };

/** Where the bytes for an engine come from; null at the end. */
export type Feed = () => Promise<Buffer | null>;

/** Wakes one waiter; remembers a call that came before the wait. */
class Bell {
  #isRung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async heard(): Promise<void> {
    if (!this.#isRung) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#isRung = false;
    this.#wake = null;
  }
}

/**
 * Runs an engine over a feed, one portion at a time, and yields what it makes. One chunk of output waits at most, so a slow
 * reader stops the engine. Ends when the engine has reached the end of its format or the feed is empty. Throws the engine's
 * error, and then what the engine had made in its last step is lost. Without `isEndSaid` the engine is not told that the feed
 * is empty, for it would call a cut stream an error.
 */
export async function* drive(
  engine: Engine,
  feed: Feed,
  options: { readonly isEndSaid: boolean } = { isEndSaid: true },
): AsyncGenerator<Buffer> {
  const bell = new Bell();
  const state = { isWriting: false, isEnded: false, failure: null as Error | null, fed: 0 };
  engine.on('readable', () => bell.ring());
  engine.on('end', () => {
    state.isEnded = true;
    bell.ring();
  });
  engine.on('error', (error) => {
    state.failure = error;
    bell.ring();
  });
  const write = (bytes: Buffer) => {
    state.isWriting = true;
    state.fed += bytes.length;
    engine.write(bytes, () => {
      state.isWriting = false;
      bell.ring();
    });
  };
  let isFeedDone = false;
  try {
    while (true) {
      const made: Buffer | null = engine.read();
      if (made !== null) {
        yield made;
        continue;
      }
      if (state.failure) throw state.failure;
      if (state.isEnded) return;
      // Bytes left over after a write mean that the format has ended; the word of it comes a moment later.
      const isHungry = !state.isWriting && !isFeedDone && engine.bytesWritten === state.fed;
      if (isHungry) {
        const bytes = await feed();
        if (bytes !== null) write(bytes);
        else {
          isFeedDone = true;
          if (options.isEndSaid) engine.end();
        }
        continue;
      }
      if (isFeedDone && !state.isWriting && !options.isEndSaid) return;
      await bell.heard();
    }
  } finally {
    engine.destroy();
  }
}

/** Feeds an engine from a reader and can give back what the engine did not need. */
export class ReaderFeed {
  readonly #input: ByteReader;
  readonly #portion: number;
  #last: Buffer | null = null;
  #fed = 0;

  constructor(input: ByteReader, portion: number) {
    this.#input = input;
    this.#portion = portion;
  }

  async next(): Promise<Buffer | null> {
    const bytes = await this.#input.next(this.#portion);
    if (bytes !== null) {
      this.#last = bytes;
      this.#fed += bytes.length;
    }
    return bytes;
  }

  /** Puts what lies behind the first `used` bytes back into the reader. */
  giveBack(used: number): void {
    const spare = this.#fed - used;
    if (this.#last !== null && spare > 0) this.#input.unread(this.#last.subarray(this.#last.length - spare));
  }
}
