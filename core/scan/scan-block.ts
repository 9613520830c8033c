import zlib from 'node:zlib';
import type { LimitHit } from '../contract/limits.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import type { AddedEntries, EventColumns, Hit, RejectedPlace } from '../event/columns.ts';
import type { Block, ReadEvent, RecordSink } from '../ingest/block.ts';
import { readBlock } from '../ingest/read-block.ts';
import { ColumnBuilder, Dictionaries } from './columns.ts';
import { EventAppender } from './event-columns.ts';
import { LineScanner } from './line-scanner.ts';

/** All that reading one block yields: plain, transferable, and the same on any machine up to the ids of dictionaries. */
export interface ScannedBlock {
  readonly columns: EventColumns;
  readonly rejected: readonly RejectedPlace[];
  readonly hits: readonly Hit[];
  readonly nearMisses: readonly string[];
  readonly limits: readonly { readonly hit: LimitHit; readonly at: number }[];
  /** Dictionary entries that this block is the first to need, in the order of their ids. */
  readonly added: AddedEntries;
  /** The block's bytes, zstd; null where they were not asked for. */
  readonly packed: Uint8Array | null;
}

/** Finds the rules that an event meets: first by its columns alone, then by the event itself. */
export interface Matcher {
  /** Whether some rule may match the row of the columns that was written last. */
  mayMatch(columns: ColumnBuilder, row: number): boolean;
  /** The rules that the event meets. Called only after `mayMatch` said yes for the same row. */
  match(event: AuditEvent, row: number, columns: ColumnBuilder): readonly { rule: number; proof: string }[];
  /** Parses a verbatim record. */
  parse(text: string): AuditEvent;
}

/** Scans blocks one after the other, with dictionaries that last. */
export class BlockScanner {
  readonly dictionaries = new Dictionaries();
  readonly #columns = new ColumnBuilder();
  readonly #lines = new LineScanner(this.dictionaries, this.#columns);
  readonly #appender = new EventAppender(this.dictionaries, this.#columns);
  readonly #matcher: Matcher | null;
  #hits: Hit[] = [];

  constructor(makeMatcher: ((dictionaries: Dictionaries) => Matcher) | null) {
    this.#matcher = makeMatcher?.(this.dictionaries) ?? null;
  }

  scan(block: Block, options: { readonly pack: boolean }): ScannedBlock {
    this.#hits = [];
    const rejected: RejectedPlace[] = [];
    const nearMisses = new Set<string>();
    const limits: { hit: LimitHit; at: number }[] = [];
    const sink: RecordSink = {
      event: (read) => this.#general(read),
      skipped: (start, end, reason) => rejected.push({ start, end, kind: 'skipped', reason, auditID: null }),
      malformed: (start, end, reason, auditID) => rejected.push({ start, end, kind: 'malformed', reason, auditID }),
      nearMiss: (name) => nearMisses.add(name),
      limit: (hit, at) => limits.push({ hit, at }),
    };
    readBlock(block, sink, (bytes, start, end) => this.#plain(bytes, start, end));
    return {
      columns: this.#columns.take(),
      rejected,
      hits: this.#hits,
      nearMisses: [...nearMisses],
      limits,
      added: this.#added(),
      packed: options.pack && block.bytes.length > 0 ? pack(block.bytes) : null,
    };
  }

  #added(): ScannedBlock['added'] {
    const { terms, actors, operations, answers, readings } = this.dictionaries;
    return {
      terms: terms.takeNew(),
      actors: actors.takeNew(),
      operations: operations.takeNew(),
      answers: answers.takeNew(),
      readings: readings.takeNew(),
    };
  }

  #plain(bytes: Uint8Array, start: number, end: number): boolean {
    if (!this.#lines.scan(bytes, start, end)) return false;
    const row = this.#columns.count - 1;
    if (this.#matcher?.mayMatch(this.#columns, row)) this.#match(this.#matcher.parse(textOf(bytes, start, end)), row);
    return true;
  }

  #general(read: ReadEvent): void {
    this.#appender.append(read);
    const row = this.#columns.count - 1;
    if (this.#matcher?.mayMatch(this.#columns, row)) this.#match(read.event, row);
  }

  #match(event: AuditEvent, row: number): void {
    for (const { rule, proof } of this.#matcher?.match(event, row, this.#columns) ?? [])
      this.#hits.push({ row, rule, proof });
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

const LEVEL_1 = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

function pack(bytes: Uint8Array): Uint8Array {
  return zlib.zstdCompressSync(bytes, LEVEL_1);
}
