import { createHash } from 'node:crypto';
import type { EventColumns } from '../event/columns.ts';
import { hitOf } from '../event/hit-columns.ts';
import { appendAction } from './actions.ts';
import type { Connection } from './connection.ts';
import { CopyWriter } from './copy-writer.ts';
import { CaseDictionaries, WorkerIds } from './dictionary.ts';
import { EventInserter } from './event-inserter.ts';
import type { HitSpool, SpooledHit } from './hit-spool.ts';
import type { IncomingBlock } from './incoming.ts';
import { type EvidenceDraft, type EvidenceEnd, LedgerWriter } from './ledger-writer.ts';
import { type CompareRecords, type Repeat, RepeatFinder } from './repeat-finder.ts';

/**
 * Writes one import into a case: one transaction, done or as if it had never begun. Blocks come in the order of the
 * evidence, so that the same evidence gives the same rows.
 */
export class ImportWriter {
  readonly #db: Connection;
  readonly #dictionaries: CaseDictionaries;
  readonly #ledger: LedgerWriter;
  readonly #events: EventInserter;
  readonly #repeats: RepeatFinder;
  readonly #copies: CopyWriter;
  readonly #saveBlock;
  readonly #saveConflict;
  readonly #workers = new Map<number, WorkerIds>();
  readonly #spool: HitSpool;
  readonly #hits = new Map<number, SpooledHit>();
  #nextBlock: number;
  /** Where the evidence ended before this import: ids of its last event and block. */
  readonly before: { readonly lastEvent: number; readonly lastBlock: number };

  /** Begins the transaction. */
  constructor(db: Connection, compare: CompareRecords, hits: HitSpool) {
    this.#spool = hits;
    db.pragma('foreign_keys = OFF');
    db.exec('BEGIN IMMEDIATE');
    this.#db = db;
    this.#dictionaries = new CaseDictionaries(db);
    this.#ledger = new LedgerWriter(db);
    this.#events = new EventInserter(db);
    this.#repeats = new RepeatFinder(db, compare, this.#events);
    this.#copies = new CopyWriter(db, this.#events);
    this.#saveBlock = db.prepare(
      'INSERT INTO block (id, evidence, offset, length, shape, first_event, sha256, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#saveConflict = db.prepare('INSERT INTO conflict (event, other) VALUES (?, ?)');
    this.#nextBlock = db.prepare('SELECT coalesce(max(id), 0) + 1 FROM block').pluck().get() as number;
    this.before = { lastEvent: this.#events.next - 1, lastBlock: this.#nextBlock - 1 };
  }

  /** Whether the case held no event before. */
  get isFresh(): boolean {
    return this.#events.isFresh;
  }

  beginFile(path: string): number {
    return this.#ledger.beginFile(path);
  }

  endFile(id: number, sha256: Buffer, bytes: number): void {
    this.#ledger.endFile(id, sha256, bytes);
  }

  beginEvidence(file: number, draft: EvidenceDraft): number {
    for (const worker of this.#workers.values()) worker.readings = new Map();
    return this.#ledger.beginEvidence(file, draft, this.#nextBlock);
  }

  endEvidence(end: EvidenceEnd): void {
    this.#ledger.endEvidence(end);
  }

  /** @returns the number of events that the block held, duplicates included */
  addBlock(block: IncomingBlock): number {
    if (block.added.isAfresh) this.#workers.delete(block.worker);
    const worker = this.#workerIds(block.worker);
    this.#dictionaries.learn(worker, block.added);
    const { columns } = block;
    for (const column of [columns.auditText, columns.address, columns.agent, columns.namespace, columns.name])
      worker.terms.apply(column);
    worker.actors.apply(columns.actor);
    worker.operations.apply(columns.operation);
    worker.answers.apply(columns.answer);
    this.#applyReadings(worker, columns);
    this.#addRows(block);
    return columns.count;
  }

  /** Completes rows, hashes and index, records the action; the transaction stays open for what belongs to it. */
  finish(action: {
    readonly examiner: string;
    readonly time: number;
    readonly detail: Readonly<Record<string, unknown>>;
  }): readonly SpooledHit[] {
    this.#events.finish();
    appendAction(this.#db, { ...action, name: 'evidence/import', changed: ['evidence'] });
    const hits = [...this.#hits.values()];
    this.#release();
    return hits;
  }

  /** The rules have the memory of what was known of events and texts. */
  #release(): void {
    this.#repeats.release();
    this.#dictionaries.release();
    this.#workers.clear();
    this.#hits.clear();
  }

  commit(): void {
    this.#db.exec('COMMIT');
    this.#db.pragma('foreign_keys = ON');
  }

  rollBack(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#db.pragma('foreign_keys = ON');
  }

  #workerIds(worker: number): WorkerIds {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    const ids = new WorkerIds();
    this.#workers.set(worker, ids);
    return ids;
  }

  #applyReadings(worker: WorkerIds, columns: EventColumns): void {
    const { draft } = this.#ledger.evidence;
    for (let row = 0; row < columns.count; row++) {
      const reading = columns.reading[row] as number;
      this.#ledger.countFormat(worker.terms.at((worker.rawReadings[reading] as number[])[2] as number));
      columns.reading[row] = this.#dictionaries.readingOf(worker, reading, draft);
    }
  }

  #addRows(block: IncomingBlock): void {
    const { columns } = block;
    const blockId = this.#nextBlock;
    const firstEvent = this.#events.next;
    const repeats: Repeat[] = [];
    let keepsBytes = block.rejected.length > 0;
    for (let row = 0; row < columns.count; row++) {
      const known = this.#repeats.find(block, row, blockId);
      if (known !== null && known.agreement !== 'conflict') {
        repeats.push({ row, ...known });
        keepsBytes ||= !known.isIdentical;
        continue;
      }
      keepsBytes = true;
      const event = this.#events.append(columns, row, blockId);
      this.#repeats.remember(event, columns.time[row] as number);
      if (known !== null) this.#saveConflict.run(event, known.event);
      this.#noteHit(event, block, row);
    }
    if (keepsBytes) this.#addBlock(block, blockId, firstEvent);
    this.#addCopies(block, repeats, keepsBytes ? blockId : null);
    for (const place of block.rejected)
      this.#ledger.addRejected(place, block.offset, block.packed === null ? null : blockId);
    this.#ledger.count(columns, repeats.length);
  }

  #addCopies(block: IncomingBlock, repeats: readonly Repeat[], blockId: number | null): void {
    const { id } = this.#ledger.evidence;
    for (const repeat of repeats) {
      const isRepresentative = this.#copies.add(id, block, repeat, blockId);
      if (!isRepresentative) continue;
      // What the poorer copy met counts no more.
      this.#hits.delete(repeat.event);
      this.#noteHit(repeat.event, block, repeat.row);
    }
  }

  #addBlock(block: IncomingBlock, id: number, firstEvent: number): void {
    const data = block.packed ?? new Uint8Array(0);
    this.#saveBlock.run(
      id,
      this.#ledger.evidence.id,
      block.offset,
      block.bytes.length,
      block.shape,
      firstEvent,
      createHash('sha256').update(data).digest(),
      data,
    );
    this.#nextBlock++;
  }

  #noteHit(event: number, { hits }: IncomingBlock, row: number): void {
    const at = hitOf(hits, row);
    if (at >= 0) this.#hits.set(event, this.#spool.put(event, hits, at));
  }
}
