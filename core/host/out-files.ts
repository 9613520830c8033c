import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FileTicket } from '../contract/scope.ts';

/** Files made ready for a person: they lie under their token in a private folder, until the door hands them out. */
export class OutFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes pieces one by one; a file whose making fails is removed. */
  async write(
    name: string,
    mediaType: string,
    pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  ): Promise<FileTicket> {
    const token = randomBytes(16).toString('hex');
    const path = this.pathOf(token);
    const descriptor = openSync(path, 'wx', 0o600);
    try {
      for await (const piece of pieces) writeSync(descriptor, typeof piece === 'string' ? Buffer.from(piece) : piece);
      closeSync(descriptor);
      return { token, name, mediaType, sizeBytes: statSync(path).size };
    } catch (error) {
      closeSync(descriptor);
      rmSync(path, { force: true });
      throw error;
    }
  }

  remove(token: string): void {
    rmSync(this.pathOf(token), { force: true });
  }

  /** Where a file lies, for what writes it by itself. */
  pathOf(token: string): string {
    return join(this.#folder, token);
  }
}
