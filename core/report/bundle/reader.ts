import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { CaseError } from '../../fault.ts';
import { containerEnd, type Header, LOCAL_BYTES, LOCAL_SIGNATURE, localHeader, MOST_ENTRIES } from './container.ts';

/** A file of a bundle as it was found. */
export interface FoundEntry extends Header {
  /** Place of its content in the bundle. */
  readonly offset: number;
  readonly sha256: string;
}

export interface FoundContainer {
  readonly entries: readonly FoundEntry[];
  /** Places at which the container is not as its contents want it, in words. */
  readonly faults: readonly string[];
}

const PIECE = 1 << 20;
/** Longest file that is read whole: the manifest, the report, the index. */
const LONGEST_WHOLE = 1 << 29;

/** A bundle opened for reading; whoever opens it closes it. */
export class BundleFile {
  readonly size: number;
  readonly #descriptor: number;

  constructor(path: string) {
    try {
      this.#descriptor = openSync(path, 'r');
      this.size = fstatSync(this.#descriptor).size;
    } catch (cause) {
      throw new CaseError('bundle/unreadable', `There is no bundle at ${path}.`, {
        at: { path },
        cause,
        hint: 'Name a file that `decklog bundle` has made.',
      });
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, bytes.length, offset));
  }

  /** A file of the bundle as a whole. */
  whole(entry: FoundEntry): Buffer {
    if (entry.size > LONGEST_WHOLE)
      throw new CaseError('bundle/unreadable', `${entry.name} is too long to be read.`, {
        hint: 'It was not made by this program.',
      });
    return this.read(entry.offset, entry.size);
  }

  /** Walks over all entries and compares every byte around them with the one form that a container has. */
  scan(): FoundContainer {
    const entries: FoundEntry[] = [];
    const faults: string[] = [];
    let at = 0;
    while (entries.length <= MOST_ENTRIES) {
      const head = this.read(at, LOCAL_BYTES);
      if (head.length < LOCAL_BYTES || head.readUInt32LE(0) !== LOCAL_SIGNATURE) break;
      const entry = this.#entryAt(at, head);
      const said = this.read(at, entry.offset - at);
      const wanted = localHeader(entry);
      const odd = firstDifference(said, wanted);
      if (odd !== null) faults.push(`header of ${entry.name}, byte ${at + odd} of the bundle`);
      entries.push(entry);
      at = entry.offset + entry.size;
    }
    const end = this.#endFault(entries, at);
    return { entries, faults: end === null ? faults : [...faults, end] };
  }

  #entryAt(at: number, head: Buffer): FoundEntry {
    const size = head.readUInt32LE(18);
    const nameLength = head.readUInt16LE(26);
    const name = this.read(at + LOCAL_BYTES, nameLength).toString('utf8');
    const offset = at + LOCAL_BYTES + nameLength;
    const hash = createHash('sha256');
    let crc = 0;
    for (let done = 0; done < size; done += PIECE) {
      const piece = this.read(offset + done, Math.min(PIECE, size - done));
      if (piece.length === 0) break;
      hash.update(piece);
      crc = crc32(piece, crc);
    }
    return { name, size, crc, offset, sha256: hash.digest('hex') };
  }

  #endFault(entries: readonly FoundEntry[], at: number): string | null {
    const wanted = containerEnd(entries);
    const said = this.read(at, wanted.length + 1);
    const odd = firstDifference(said, wanted);
    return odd === null ? null : `directory of the bundle, byte ${at + odd} of the bundle`;
  }
}

/** Index of the first byte that differs; a missing or further byte differs, too. */
function firstDifference(said: Uint8Array, wanted: Uint8Array): number | null {
  const length = Math.max(said.length, wanted.length);
  for (let index = 0; index < length; index++) if (said[index] !== wanted[index]) return index;
  return null;
}
