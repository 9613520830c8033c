import { createHash } from 'node:crypto';
import type { LimitHit } from '../contract/limits.ts';
import type { Gap, RejectedMember } from '../contract/rows.ts';
import { compareEvents } from '../event/agree.ts';
import type { Block } from '../ingest/block.ts';
import { letGo } from '../let-go.ts';
import type { PoolResult, ScanPool } from '../scan/pool.ts';
import { type ReaderEvent, ReaderThread } from '../scan/reader.ts';
import type { ImportWriter } from '../store/import-writer.ts';
import type { RecordPlace } from '../store/incoming.ts';
import type { CallContext, ImportOptions } from './api.ts';
import { giveBack } from './give-back.ts';
import { Meter } from './meter.ts';
import { readPlace } from './read-place.ts';
import { ServerNames } from './server-names.ts';

/** What an import found, beyond what it wrote. */
export interface Imported {
  /** Id of its first ledger line. */
  readonly firstEvidence: number;
  /** Events read, duplicates included. */
  readonly events: number;
}

interface Waiting {
  readonly block: Block;
  readonly result: Promise<PoolResult>;
}

/**
 * Brings evidence into a case: a thread unpacks, hashes and cuts it, the pool scans the blocks, and this one writes them in
 * the order of the evidence. The caller owns the transaction of `writer`, and the pool.
 */
export class Importer {
  readonly #writer: ImportWriter;
  readonly #pool: ScanPool;
  readonly #options: ImportOptions;
  readonly #context: CallContext;
  readonly #spoolFolder: string;
  readonly #meter: Meter;
  readonly #waiting: Waiting[] = [];
  #servers = new ServerNames([]);
  #paths: readonly string[] = [];
  #file = 0;
  #firstEvidence = 0;
  #nearMiss: string | null = null;
  #limit: LimitHit | null = null;

  constructor(writer: ImportWriter, pool: ScanPool, options: ImportOptions, context: CallContext, spoolFolder: string) {
    this.#writer = writer;
    this.#pool = pool;
    this.#options = options;
    this.#context = context;
    this.#spoolFolder = spoolFolder;
    this.#meter = new Meter('reading', (report) => context.progress(report));
  }

  async import(paths: readonly string[]): Promise<Imported> {
    const { names = {} } = this.#options;
    this.#paths = paths.map((path) => names[path] ?? path);
    this.#servers = new ServerNames(this.#paths);
    const reader = new ReaderThread({
      paths,
      names,
      passwords: this.#options.passwords,
      spoolFolder: this.#spoolFolder,
      blocksAhead: this.#mostWaiting() + 2,
    });
    try {
      for await (const event of reader.events(this.#context.signal)) await this.#take(event, reader);
      this.#meter.report(true);
      return { firstEvidence: this.#firstEvidence, events: this.#meter.events };
    } finally {
      await reader.close();
    }
  }

  async #take(event: ReaderEvent, reader: ReaderThread): Promise<void> {
    switch (event.kind) {
      case 'found':
        this.#meter.total = event.totalBytes;
        if (event.rejected.length > 0) this.#noteRejected(event.rejected);
        return;
      case 'progress':
        this.#meter.bytes = event.bytes;
        return this.#meter.report();
      case 'source':
        this.#meter.file = event.path;
        this.#file = this.#writer.beginFile(event.path);
        return;
      case 'source-end':
        return this.#writer.endFile(this.#file, Buffer.from(event.sha256, 'hex'), event.bytes);
      case 'member':
        return this.#begin(event.path, event.containers);
      case 'block':
        this.#scan(event.block);
        if (this.#waiting.length > this.#mostWaiting()) await this.#writeNext(reader);
        return;
      case 'member-end':
        while (this.#waiting.length > 0) await this.#writeNext(reader);
        return this.#end(event);
    }
  }

  /** Each worker has one block in hand and one to go on with. */
  #mostWaiting(): number {
    return this.#pool.size * 2;
  }

  #begin(path: string, containers: readonly string[]): void {
    const id = this.#writer.beginEvidence(this.#file, {
      path,
      containers,
      server: this.#options.server ?? this.#servers.of(path),
      cluster: this.#options.cluster ?? null,
      label: this.#options.label ?? null,
    });
    this.#firstEvidence ||= id;
    this.#nearMiss = null;
    this.#limit = null;
  }

  #scan(block: Block): void {
    const result = this.#pool.scan(block);
    result.catch(() => {});
    this.#waiting.push({ block, result });
  }

  async #writeNext(reader: ReaderThread): Promise<void> {
    const { block, result } = this.#waiting.shift() as Waiting;
    const { worker, scanned, packed, bytes } = await result;
    this.#context.signal.throwIfAborted();
    this.#nearMiss ??= scanned.nearMisses[0] ?? null;
    this.#limit ??= scanned.limits[0]?.hit ?? null;
    const incoming = { ...scanned, packed, worker, offset: block.offset, shape: JSON.stringify(block.shape), bytes };
    this.#meter.events += this.#writer.addBlock(incoming);
    letGo(bytes);
    if (packed !== null) letGo(packed);
    giveBack();
    this.#meter.report();
    reader.taken();
  }

  #end({ sha256, bytes, text, end, isArchive }: ReaderEvent & { kind: 'member-end' }): void {
    this.#writer.endEvidence({
      sha256: end.digest === null ? Buffer.from(sha256) : Buffer.from(end.digest.sha256, 'hex'),
      bytes: end.digest?.bytes ?? bytes,
      encoding: text?.encoding ?? 'binary',
      nearMiss: this.#nearMiss,
      limitHit: end.limitHit ?? text?.limitHit ?? this.#limit,
      rejectedMembers: isArchive || end.rejected.length > 0 ? end.rejected : null,
      warnings: [...end.warnings, ...(text?.warnings ?? [])],
      gaps: (text?.holes ?? []).map(holeAsGap),
    });
  }

  /** Links, devices and the like that were met while walking folders: a ledger line of their own. */
  #noteRejected(rejected: readonly RejectedMember[]): void {
    const path = this.#paths.join(', ');
    const nothing = createHash('sha256').digest();
    this.#file = this.#writer.beginFile(path);
    this.#writer.endFile(this.#file, nothing, 0);
    this.#begin(path, []);
    const end = { warnings: [], limitHit: null, stoppedAt: null, rejected: [...rejected], digest: null };
    this.#end({ kind: 'member-end', sha256: nothing, bytes: 0, text: null, end, isArchive: true });
  }
}

/** A hole in the bytes has no time of its own: its place is what is known. */
function holeAsGap({ offset, length }: { offset: number; length: number }): Gap {
  return { from: '', to: '', reason: `${length} NUL bytes at offset ${offset}` };
}

/** Compares two records by what their events say. */
export function compareRecords(left: RecordPlace, right: RecordPlace): ReturnType<typeof compareEvents> {
  const a = readPlace(left);
  const b = readPlace(right);
  return a === null || b === null ? 'other' : compareEvents(a.event, b.event);
}
