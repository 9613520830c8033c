import type { LimitHit } from '../contract/limits.ts';
import type { RejectedMember } from '../contract/rows.ts';

/** A stream of bytes under a name, the unit that ingest takes: a file, an upload, a part of a store. */
export interface Source {
  /** As given by the caller, with `/` between folders; a label, never a path to open. */
  readonly path: string;
  /** Size when known. Only so many bytes are read, though the file may grow meanwhile. */
  readonly bytes: number | null;
  /** Starts reading from the first byte, or from `offset` where the source has `readAt`. */
  read(offset?: number): AsyncIterable<Buffer>;
  /** Random access, for containers whose directory stands at the end; absent on plain streams. Fewer bytes only at the end. */
  readonly readAt?: (offset: number, length: number) => Promise<Buffer>;
  /** Lets go of what `readAt` holds open. The source can be read again after it. */
  close?(): Promise<void>;
}

/**
 * One thing found in a source: a leaf whose bytes are not a container any more, or an archive (zip, tar). An archive is
 * reported after its members and carries what was rejected in it.
 */
export interface Member {
  readonly kind: 'leaf' | 'archive';
  /** Source path, then `!/` and the escaped path inside each archive. Compression alone adds no step. */
  readonly path: string;
  /** Layers from the outside in, archives included: `['gzip', 'tar', 'gzip']`. */
  readonly containers: readonly string[];
  /**
   * The unpacked bytes. A leaf is read once and before the next member is asked for; what was not read then is passed over. An
   * archive has none.
   */
  read(): AsyncIterable<Buffer>;
  /** Complete once `read` has ended; what was read before an error stays good. */
  readonly end: MemberEnd;
}

export interface MemberEnd {
  /** `unsafe-name`, `unexpected end of gzip stream at byte 11732`, `trailing garbage after gzip stream: 12 bytes at 345`, ... */
  warnings: string[];
  limitHit: LimitHit | null;
  /** Offset in the unpacked member at which the limit or the error stopped the reading. */
  stoppedAt: number | null;
  /** Of an archive only: links, devices, encrypted entries without a password, what lay beyond a limit. */
  rejected: RejectedMember[];
  /** Of an archive only: its own bytes, unpacked from the layers around it. A leaf is hashed by the one who reads it. */
  digest: Digest | null;
}

export interface Digest {
  /** Lower case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}
