import type { LimitHit } from '../contract/limits.ts';
import type { Form } from '../contract/rows.ts';
import type { AuditEvent } from '../event/audit-event.ts';

/**
 * Whole records of one member, cut out of its stream: the unit of work of a parse worker, plain and transferable.
 * Reading a block needs nothing but the block: a partial runtime line, a pair of bulk lines or a quoted CSV field is
 * never cut in two by a block's edge.
 */
export interface Block {
  /** Offset of `bytes[0]` in the unpacked member. */
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shape: Shape;
}

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';

/** How records lie in a block. */
export type Shape =
  /**
   * Text in which a record is a line, a JSON value (that may run over lines), or an element of a JSON list that is known to be
   * long. `open` is the envelope that stands open before the first byte: JSON text that ends inside its list
   * (`{"kind":"EventList","items":[`), or '' at the root. `layout` says whether the values of the member stand on lines
   * of their own, which decides between the names `k8s-audit-jsonl` and `-json-stream`.
   */
  | { readonly kind: 'lines'; readonly encoding: TextEncoding; readonly layout: Layout; readonly open: string }
  /** Rows of a table; `header` holds the column names. */
  | {
      readonly kind: 'csv';
      readonly encoding: TextEncoding;
      readonly header: readonly string[];
      readonly delimiter: string;
    }
  /**
   * A piece over the size limit: counted, never parsed. `length` is its size in the member; `bytes` holds only its head, so
   * that an auditID can be found and shown.
   */
  | {
      readonly kind: 'broken';
      readonly encoding: TextEncoding;
      readonly reason: string;
      readonly limitHit: LimitHit | null;
      readonly length: number;
    };

export type Layout = 'lines' | 'stream';

/** What a cutter knows of a member's text when the last block has left. */
export interface TextEnd {
  encoding: TextEncoding | 'binary' | 'empty';
  limitHit: LimitHit | null;
  /** Runs of NUL of 512 bytes and more: a hole in the evidence, not lines. */
  holes: { offset: number; length: number }[];
  warnings: string[];
}

/** One event read from a record. */
export interface ReadEvent {
  /** The record's place in the block's bytes. */
  readonly start: number;
  readonly end: number;
  readonly form: Form;
  /** JSON pointer from the record to the event, `null` where the record is the event. */
  readonly inner: string | null;
  /** Id of the innermost envelope (formats: `k8s-audit-jsonl`, `cri-log`, ...). */
  readonly format: string;
  /** The event's own bytes after unwrapping; `null` where they are the record's slice (verbatim) or do not exist (rebuilt). */
  readonly text: Uint8Array | null;
  /** The canonical event (v1, losses of known wrappers reversed). */
  readonly event: AuditEvent;
  /** What the wrapper alone says. */
  readonly server: string | null;
  readonly cluster: string | null;
  readonly flags: EventFlags;
}

export interface EventFlags {
  /** A key stands twice in one object of the event: parsers differ on which wins. */
  readonly ambiguous: boolean;
  /** Bytes that are no UTF-8 were replaced. */
  readonly invalidUtf8: boolean;
  /** Level, stage or code are inferred (GKE, legacy text, flat columns). */
  readonly rebuilt: boolean;
}

/** Takes what a block holds, in the order of the bytes. Places are relative to the block's bytes. */
export interface RecordSink {
  event(read: ReadEvent): void;
  skipped(start: number, end: number, reason: string): void;
  malformed(start: number, end: number, reason: string, auditID: string | null): void;
  /** A look-alike was recognised (`aws-cloudtrail`, `k8s-audit-policy`, `klog`, ...): named, not imported. */
  nearMiss(name: string): void;
  limit(hit: LimitHit, at: number): void;
}

/** Reads one line of bytes as a plain event of the API server if it is one; false leaves it to the general way. */
export type FastLine = (bytes: Uint8Array, start: number, end: number) => boolean;
