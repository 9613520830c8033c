import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CaseError } from '../fault.ts';

/** Bytes that are held in memory; what is more goes into a file. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/** Bytes written, and read again, at once. */
const PIECE_BYTES = 1024 * 1024;

/** A text that was put away. */
export interface SpooledText {
  readonly at: number;
  readonly length: number;
}

/**
 * Texts that a run puts away until it needs them: few in memory, many in a temporary file in a folder of the caller's choice. Its
 * name is gone once it is open, so that no crash leaves evidence behind. The caller closes it. Raises `case/no-room`.
 */
export class TextSpool {
  readonly #folder: string;
  readonly #memory: number;
  /** Not yet in the file: from `#begin` on. */
  #pieces: Buffer[] = [Buffer.allocUnsafe(PIECE_BYTES)];
  #begin = 0;
  #end = 0;
  #file: number | null = null;
  #leftPath: string | null = null;
  #window: { readonly at: number; readonly bytes: Buffer } | null = null;

  constructor(folder: string, memory = MEMORY_BYTES) {
    this.#folder = folder;
    this.#memory = memory;
  }

  /** Puts UTF-8 away. */
  add(text: Uint8Array): SpooledText {
    const at = this.#end;
    for (let done = 0; done < text.length; ) {
      const room = this.#room();
      const taken = Math.min(room.length, text.length - done);
      room.set(text.subarray(done, done + taken));
      done += taken;
      this.#end += taken;
    }
    return { at, length: text.length };
  }

  /** UTF-8 again. */
  read({ at, length }: SpooledText): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const part = this.#from(at + done);
      done += part.copy(bytes, done, 0, length - done);
    }
    return bytes;
  }

  close(): void {
    this.#pieces = [];
    this.#window = null;
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    if (this.#leftPath !== null) unlinkSync(this.#leftPath);
    this.#leftPath = null;
  }

  /** Room for more in the last piece. */
  #room(): Buffer {
    const used = (this.#end - this.#begin) % PIECE_BYTES;
    if (used > 0 || this.#end === this.#begin) return (this.#pieces.at(-1) as Buffer).subarray(used);
    if (this.#end - this.#begin >= this.#memory) this.#spill();
    else this.#pieces.push(Buffer.allocUnsafe(PIECE_BYTES));
    return this.#pieces.at(-1) as Buffer;
  }

  /** All pieces are full. */
  #spill(): void {
    try {
      this.#file ??= this.#create();
      for (const piece of this.#pieces)
        for (let done = 0; done < piece.length; ) {
          const written = writeSync(this.#file, piece, done, piece.length - done, this.#begin);
          done += written;
          this.#begin += written;
        }
    } catch (cause) {
      throw new CaseError('case/no-room', 'There is no room to put the findings of the rules away.', {
        hint: 'Free some room beside the case file.',
        cause,
      });
    }
    this.#pieces = [this.#pieces[0] as Buffer];
  }

  #create(): number {
    const path = join(this.#folder, `decklog-${randomUUID()}.tmp`);
    const file = openSync(path, 'wx+', 0o600);
    try {
      unlinkSync(path);
    } catch {
      // Windows keeps the name until the file is closed.
      this.#leftPath = path;
    }
    return file;
  }

  /** What stands from a place on: some bytes at least. */
  #from(at: number): Buffer {
    if (at >= this.#begin) {
      const place = at - this.#begin;
      return (this.#pieces[Math.floor(place / PIECE_BYTES)] as Buffer).subarray(place % PIECE_BYTES);
    }
    const begin = at - (at % PIECE_BYTES);
    if (this.#window?.at !== begin) {
      const bytes = this.#window?.bytes ?? Buffer.allocUnsafe(PIECE_BYTES);
      for (let done = 0; done < PIECE_BYTES; ) {
        const read = readSync(this.#file as number, bytes, done, PIECE_BYTES - done, begin + done);
        if (read === 0) throw new Error('the temporary file of a run became shorter');
        done += read;
      }
      this.#window = { at: begin, bytes };
    }
    return this.#window.bytes.subarray(at - begin);
  }
}
