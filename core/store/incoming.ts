import type { Form } from '../contract/rows.ts';
import type { AddedEntries, EventColumns, RejectedPlace } from '../event/columns.ts';
import type { HitColumns } from '../event/hit-columns.ts';
import type { StoredBlock } from './block-cache.ts';

/** A scanned block on its way into the case. */
export interface IncomingBlock {
  readonly worker: number;
  readonly offset: number;
  /** JSON that core/ingest understands. */
  readonly shape: string;
  readonly bytes: Uint8Array;
  /** The same bytes, zstd; null if there are none. */
  readonly packed: Uint8Array | null;
  readonly columns: EventColumns;
  readonly rejected: readonly RejectedPlace[];
  readonly hits: HitColumns;
  readonly added: AddedEntries;
}

/** Where a record stands in an unpacked block. */
export interface RecordPlace {
  readonly block: Pick<StoredBlock, 'offset' | 'shape' | 'bytes'>;
  readonly start: number;
  readonly length: number;
  readonly inner: string | null;
  readonly form: Form;
  readonly format: string | null;
}
