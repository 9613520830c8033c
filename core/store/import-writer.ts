import { createHash } from 'node:crypto';
import type { Form } from '../contract/rows.ts';
import type { Agreement } from '../event/agree.ts';
import type { AddedEntries, EventColumns, Hit, RejectedPlace } from '../event/columns.ts';
import { appendAction } from './actions.ts';
import { BlockCache, type StoredBlock } from './block-cache.ts';
import type { Connection } from './connection.ts';
import { CaseDictionaries, WorkerIds } from './dictionary.ts';
import { DuplicateFinder } from './duplicate-finder.ts';
import { ChunkHasher, chunkOf, rehashChunks } from './event-chunks.ts';

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
  readonly hits: readonly Hit[];
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

/** Compares the contents of two records that may be one event; core/host wires core/ingest in here. */
export type CompareRecords = (left: RecordPlace, right: RecordPlace) => Agreement;

export interface EvidenceDraft {
  readonly path: string;
  readonly containers: readonly string[];
  readonly server: string | null;
  readonly cluster: string | null;
  readonly label: string | null;
}

/** What is known of a member only when it has been read to its end. */
export interface EvidenceEnd {
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly encoding: string;
  readonly nearMiss: string | null;
  readonly limitHit: string | null;
  readonly rejectedMembers: readonly { readonly path: string; readonly reason: string }[] | null;
  readonly warnings: readonly string[];
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** Hits of an import by event, for detection. */
export interface EventHit {
  readonly event: number;
  readonly rules: readonly number[];
  readonly proof: string;
}

/** A record that says what an event of the case says already. */
interface Repeat {
  readonly row: number;
  readonly event: number;
  readonly agreement: Agreement;
  /** The very same bytes in the same form: they need not be kept twice. */
  readonly isIdentical: boolean;
}

interface OpenEvidence {
  readonly id: number;
  readonly draft: EvidenceDraft;
  events: number;
  duplicates: number;
  skipped: number;
  malformed: number;
  first: number;
  last: number;
  readonly formats: Map<number, number>;
  /** Ids that its first rejected record and its first block get. */
  readonly firstRejected: number;
  readonly firstBlock: number;
}

/** How an event was read, in words. */
interface ReadingRow {
  readonly form: Form;
  readonly inner: string | null;
  readonly format: string | null;
  readonly cluster: number | null;
}

const READING =
  '(SELECT text FROM term WHERE id = inner) AS inner, (SELECT text FROM term WHERE id = format) AS format, form, cluster';
const BATCH = 128;
const COLUMNS = 15;
const INSERT =
  'INSERT INTO event (id, block, start, length, time, elapsed, actor, address, agent, operation, namespace, name, answer, reading, audit_id) VALUES ';
const PLACES = `(${Array(COLUMNS).fill('?').join(', ')})`;

/**
 * Writes one import into a case: one transaction, done or as if it had never begun. Blocks come in the order of the
 * evidence, so that the same evidence gives the same rows.
 */
export class ImportWriter {
  readonly #db: Connection;
  readonly #compare: CompareRecords;
  readonly #dictionaries: CaseDictionaries;
  readonly #duplicates: DuplicateFinder;
  readonly #workers = new Map<number, WorkerIds>();
  readonly #blocks: BlockCache;
  readonly #dirtyChunks = new Set<number>();
  readonly #chunk = new ChunkHasher();
  readonly #insertMany;
  readonly #insertOne;
  readonly #saveChunk;
  readonly #placeOf;
  readonly #saveCopy;
  readonly #saveRejected;
  readonly #textOf;
  readonly #statements = new Map<string, ReturnType<Connection['prepare']>>();
  readonly #isFresh: boolean;
  #hasTimeIndex = true;
  readonly #pending: (number | null | Uint8Array | string)[] = Array(BATCH * COLUMNS).fill(null);
  #pendingCount = 0;
  readonly #numbers: (number | null)[] = Array(COLUMNS - 1).fill(null);
  #nextEvent: number;
  #nextBlock: number;
  #evidence: OpenEvidence | null = null;
  readonly #hits = new Map<number, readonly EventHit[]>();

  constructor(db: Connection, compare: CompareRecords) {
    db.pragma('foreign_keys = OFF');
    db.exec('BEGIN IMMEDIATE');
    this.#db = db;
    this.#compare = compare;
    this.#nextEvent = nextId(db, 'event');
    this.#nextBlock = nextId(db, 'block');
    this.#isFresh = this.#nextEvent === 1;
    this.#dictionaries = new CaseDictionaries(db);
    this.#duplicates = new DuplicateFinder(db);
    this.#blocks = new BlockCache(db);
    if (this.#isFresh) this.#dropTimeIndex();
    else this.#dirtyChunks.add(chunkOf(this.#nextEvent));
    this.#insertMany = db.prepare(INSERT + Array(BATCH).fill(PLACES).join(', '));
    this.#insertOne = db.prepare(INSERT + PLACES);
    this.#saveChunk = db.prepare('INSERT INTO event_chunk (id, sha256, columns) VALUES (?, ?, ?)');
    this.#placeOf = db.prepare(
      `SELECT event.block, start, length, ${READING} FROM event JOIN reading ON reading.id = event.reading WHERE event.id = ?`,
    );
    this.#saveCopy = db.prepare(
      'INSERT INTO copy (event, evidence, offset, length, block, reading, is_equal) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#saveRejected = db.prepare(
      'INSERT INTO rejected (evidence, offset, length, kind, reason, audit_id, block, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#textOf = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
  }

  /** Whether the case held no event before. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  beginFile(path: string): number {
    const id = this.#nextId('file');
    this.#statement("INSERT INTO file (id, path, sha256, bytes) VALUES (?, ?, x'', 0)").run(id, path);
    return id;
  }

  endFile(id: number, sha256: Buffer, bytes: number): void {
    this.#statement('UPDATE file SET sha256 = ?, bytes = ? WHERE id = ?').run(sha256, bytes, id);
  }

  beginEvidence(file: number, draft: EvidenceDraft): number {
    const id = this.#nextId('evidence');
    this.#statement(
      `INSERT INTO evidence (id, file, path, sha256, bytes, containers, encoding, event_count, duplicates, skipped, malformed,
         warnings, gaps, server, cluster, label) VALUES (?, ?, ?, x'', 0, ?, '', 0, 0, 0, 0, '[]', '[]', ?, ?, ?)`,
    ).run(id, file, draft.path, JSON.stringify(draft.containers), draft.server, draft.cluster, draft.label);
    this.#evidence = {
      id,
      draft,
      events: 0,
      duplicates: 0,
      skipped: 0,
      malformed: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      formats: new Map(),
      firstRejected: this.#nextId('rejected'),
      firstBlock: this.#nextBlock,
    };
    for (const worker of this.#workers.values()) worker.readings = new Map();
    return id;
  }

  /** @returns the number of events that the block held, duplicates included */
  addBlock(block: IncomingBlock): number {
    const evidence = this.#open();
    const worker = this.#workerIds(block.worker);
    this.#dictionaries.learn(worker, block.added);
    const { columns } = block;
    for (const column of [columns.auditText, columns.address, columns.agent, columns.namespace, columns.name])
      worker.terms.apply(column);
    worker.actors.apply(columns.actor);
    worker.operations.apply(columns.operation);
    worker.answers.apply(columns.answer);
    this.#countFormats(evidence, worker, columns);
    for (let row = 0; row < columns.count; row++) {
      columns.reading[row] = this.#dictionaries.readingOf(worker, columns.reading[row] as number, evidence.draft);
    }
    this.#addRows(evidence, block);
    return columns.count;
  }

  endEvidence(end: EvidenceEnd): void {
    const evidence = this.#open();
    const isAudit = evidence.events > 0;
    if (!isAudit) this.#forgetSkipped(evidence);
    const time = (value: number) => (Number.isFinite(value) ? value : null);
    this.#statement(
      `UPDATE evidence SET sha256 = ?, bytes = ?, format = ?, encoding = ?, event_count = ?, duplicates = ?, skipped = ?, malformed = ?,
         first_time = ?, last_time = ?, near_miss = ?, limit_hit = ?, rejected_members = ?, warnings = ?, gaps = ? WHERE id = ?`,
    ).run(
      end.sha256,
      end.bytes,
      isAudit ? this.#formatOf(evidence) : null,
      end.encoding,
      evidence.events,
      evidence.duplicates,
      evidence.skipped,
      evidence.malformed,
      time(evidence.first),
      time(evidence.last),
      end.nearMiss,
      end.limitHit,
      end.rejectedMembers === null ? null : JSON.stringify(end.rejectedMembers),
      JSON.stringify(end.warnings),
      JSON.stringify(end.gaps),
      evidence.id,
    );
    this.#evidence = null;
  }

  /** Completes rows, hashes and index, records the action; the transaction stays open for what belongs to it. */
  finish(action: {
    readonly examiner: string;
    readonly time: number;
    readonly detail: Readonly<Record<string, unknown>>;
  }): readonly EventHit[] {
    this.#flush();
    if (this.#chunk.rows > 0 && !this.#dirtyChunks.has(chunkOf(this.#nextEvent - 1)))
      this.#endChunk(this.#nextEvent - 1);
    rehashChunks(this.#db, this.#dirtyChunks);
    this.#makeTimeIndex();
    appendAction(this.#db, { ...action, name: 'evidence/import', changed: ['evidence'] });
    return [...this.#hits.values()].flat();
  }

  commit(): void {
    this.#db.exec('COMMIT');
    this.#db.pragma('foreign_keys = ON');
  }

  rollBack(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#db.pragma('foreign_keys = ON');
  }

  #open(): OpenEvidence {
    if (this.#evidence === null) throw new Error('no evidence is open');
    return this.#evidence;
  }

  #workerIds(worker: number): WorkerIds {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    const ids = new WorkerIds();
    this.#workers.set(worker, ids);
    return ids;
  }

  #countFormats(evidence: OpenEvidence, worker: WorkerIds, columns: EventColumns): void {
    for (let row = 0; row < columns.count; row++) {
      const reading = worker.rawReadings[columns.reading[row] as number] as number[];
      const format = worker.terms.at(reading[2] as number);
      evidence.formats.set(format, (evidence.formats.get(format) ?? 0) + 1);
    }
  }

  #formatOf(evidence: OpenEvidence): string | null {
    let best = 0;
    for (const [format, count] of evidence.formats) if (count > (evidence.formats.get(best) ?? 0)) best = format;
    return (this.#statement('SELECT text FROM term WHERE id = ?').pluck().get(best) as string | undefined) ?? null;
  }

  #addRows(evidence: OpenEvidence, block: IncomingBlock): void {
    const { columns } = block;
    const blockId = this.#nextBlock;
    const firstEvent = this.#nextEvent;
    const repeats: Repeat[] = [];
    const hitsOf = groupHits(block.hits);
    let keepsBytes = block.rejected.length > 0;
    for (let row = 0; row < columns.count; row++) {
      const known = this.#findSame(block, row, blockId);
      if (known !== null && known.agreement !== 'conflict') {
        repeats.push({ row, ...known });
        keepsBytes ||= !known.isIdentical;
        continue;
      }
      keepsBytes = true;
      const event = this.#appendEvent(columns, row, blockId);
      if (known !== null) this.#statement('INSERT INTO conflict (event, other) VALUES (?, ?)').run(event, known.event);
      this.#noteHits(event, hitsOf.get(row));
    }
    if (keepsBytes) this.#saveBlock(evidence, block, blockId, firstEvent);
    for (const repeat of repeats) this.#addCopy(evidence, block, repeat, keepsBytes ? blockId : null, hitsOf);
    for (const place of block.rejected)
      this.#addRejected(evidence, block, place, block.packed === null ? null : blockId);
    this.#count(evidence, columns, repeats.length);
  }

  #count(evidence: OpenEvidence, columns: EventColumns, duplicates: number): void {
    evidence.events += columns.count;
    evidence.duplicates += duplicates;
    for (let row = 0; row < columns.count; row++) {
      const time = columns.time[row] as number;
      if (time < evidence.first) evidence.first = time;
      if (time > evidence.last) evidence.last = time;
    }
  }

  #auditIdOf(columns: EventColumns, row: number): Uint8Array | string {
    const text = columns.auditText[row] as number;
    if (text === 0) return columns.auditId.subarray(row * 16, row * 16 + 16);
    return this.#textOf.get(text) as string;
  }

  /** The event that a row repeats, if any, and how the two agree. */
  #findSame(block: IncomingBlock, row: number, blockId: number): Omit<Repeat, 'row'> | null {
    const { columns } = block;
    const time = columns.time[row] as number;
    const elapsed = columns.elapsed[row] as number;
    const isText = columns.auditText[row] !== 0;
    const id = isText ? Buffer.from(this.#auditIdOf(columns, row) as string) : columns.auditId;
    const [at, end] = isText ? [0, id.length] : [row * 16, row * 16 + 16];
    if (this.#duplicates.needsCase(time)) this.#flush();
    const candidates = this.#duplicates.candidates(id, at, end, time, elapsed, () => this.#auditIdOf(columns, row));
    let conflict: Omit<Repeat, 'row'> | null = null;
    for (const event of candidates) {
      const found = this.#compareWith(event, block, row, blockId);
      if (found === null) continue;
      if (found.agreement !== 'conflict') return found;
      conflict ??= found;
    }
    return conflict;
  }

  #compareWith(event: number, block: IncomingBlock, row: number, blockId: number): Omit<Repeat, 'row'> | null {
    this.#flush();
    const known = this.#placeOf.get(event) as { block: number; start: number; length: number } & ReadingRow;
    const mine = this.#readingRow(block.columns.reading[row] as number);
    if (known.cluster !== null && mine.cluster !== null && known.cluster !== mine.cluster) return null;
    const knownBlock =
      known.block === blockId
        ? { offset: block.offset, shape: block.shape, bytes: bufferOver(block.bytes) }
        : this.#blocks.get(known.block);
    const left: RecordPlace = {
      block: knownBlock,
      start: known.start,
      length: known.length,
      inner: known.inner,
      form: known.form,
      format: known.format,
    };
    const right: RecordPlace = {
      block: { offset: block.offset, shape: block.shape, bytes: block.bytes as Buffer },
      start: block.columns.start[row] as number,
      length: block.columns.length[row] as number,
      inner: mine.inner,
      form: mine.form,
      format: mine.format,
    };
    if (isSameRecord(left, right)) return { event, agreement: 'same', isIdentical: true };
    const agreement = this.#compare(left, right);
    return agreement === 'other' ? null : { event, agreement, isIdentical: false };
  }

  readonly #readingRows = new Map<number, ReadingRow>();

  #readingRow(id: number): ReadingRow {
    const known = this.#readingRows.get(id);
    if (known !== undefined) return known;
    const row = this.#statement(`SELECT ${READING} FROM reading WHERE id = ?`).get(id) as ReadingRow;
    this.#readingRows.set(id, row);
    return row;
  }

  #appendEvent(columns: EventColumns, row: number, block: number): number {
    const event = this.#nextEvent++;
    const time = columns.time[row] as number;
    const auditId = this.#auditIdOf(columns, row);
    const numbers = this.#numbers;
    numbers[0] = event;
    numbers[1] = block;
    numbers[2] = columns.start[row] as number;
    numbers[3] = columns.length[row] as number;
    numbers[4] = Number.isNaN(time) ? null : time;
    numbers[5] = columns.elapsed[row] as number;
    numbers[6] = columns.actor[row] as number;
    numbers[7] = columns.address[row] || null;
    numbers[8] = columns.agent[row] || null;
    numbers[9] = columns.operation[row] as number;
    numbers[10] = columns.namespace[row] || null;
    numbers[11] = columns.name[row] || null;
    numbers[12] = columns.answer[row] as number;
    numbers[13] = columns.reading[row] as number;
    for (let i = 0; i < COLUMNS - 1; i++) this.#pending[this.#pendingCount++] = numbers[i] as number | null;
    this.#pending[this.#pendingCount++] = auditId;
    if (this.#pendingCount === BATCH * COLUMNS) this.#flush();
    this.#addToChunk(event, numbers, auditId);
    this.#duplicates.remember(event, time, () => {
      this.#flush();
      this.#makeTimeIndex();
    });
    return event;
  }

  #addToChunk(event: number, numbers: readonly (number | null)[], auditId: Uint8Array | string): void {
    const chunk = chunkOf(event);
    if (this.#dirtyChunks.has(chunk)) return;
    if (this.#chunk.rows > 0 && chunkOf(event - 1) !== chunk) this.#endChunk(event - 1);
    this.#chunk.add(numbers, auditId);
  }

  #endChunk(lastEvent: number): void {
    const { sha256, columns } = this.#chunk.take();
    this.#saveChunk.run(chunkOf(lastEvent), sha256, columns);
  }

  #flush(): void {
    if (this.#pendingCount === BATCH * COLUMNS) this.#insertMany.run(this.#pending);
    else
      for (let at = 0; at < this.#pendingCount; at += COLUMNS)
        this.#insertOne.run(this.#pending.slice(at, at + COLUMNS));
    this.#pendingCount = 0;
  }

  #saveBlock(evidence: OpenEvidence, block: IncomingBlock, id: number, firstEvent: number): void {
    const data = block.packed ?? new Uint8Array(0);
    this.#statement(
      'INSERT INTO block (id, evidence, offset, length, shape, first_event, sha256, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(
      id,
      evidence.id,
      block.offset,
      block.bytes.length,
      block.shape,
      firstEvent,
      createHash('sha256').update(data).digest(),
      data,
    );
    this.#nextBlock++;
  }

  #addRejected(evidence: OpenEvidence, block: IncomingBlock, place: RejectedPlace, blockId: number | null): void {
    if (place.kind === 'skipped') evidence.skipped += place.count;
    else evidence.malformed += place.count;
    this.#saveRejected.run(
      evidence.id,
      block.offset + place.start,
      place.end - place.start,
      place.kind,
      place.reason,
      place.auditID,
      blockId,
      place.count,
    );
  }

  /** Those of a fuller copy take the place of the poorer one's. */
  #noteHits(event: number, hits: readonly Hit[] | undefined): void {
    if (hits === undefined) this.#hits.delete(event);
    else
      this.#hits.set(
        event,
        hits.map(({ rules, proof }) => ({ event, rules, proof })),
      );
  }

  #addCopy(
    evidence: OpenEvidence,
    block: IncomingBlock,
    repeat: Repeat,
    blockId: number | null,
    hitsOf: ReadonlyMap<number, readonly Hit[]>,
  ): void {
    const { columns } = block;
    const { row, event } = repeat;
    this.#saveCopy.run(
      event,
      evidence.id,
      block.offset + (columns.start[row] as number),
      columns.length[row] as number,
      repeat.isIdentical ? null : blockId,
      columns.reading[row] as number,
      repeat.agreement === 'same' ? 1 : 0,
    );
    if (repeat.agreement !== 'right-fuller' || blockId === null) return;
    this.#flush();
    this.#represent(event, columns, row, blockId, evidence.id);
    this.#noteHits(event, hitsOf.get(row));
  }

  /** Lets the fuller copy, just added, stand for an event; the place of the poorer one becomes the copy. */
  #represent(event: number, columns: EventColumns, row: number, block: number, evidence: number): void {
    const old = this.#statement(
      'SELECT block.evidence, block.offset + event.start AS offset, event.length, event.block, event.reading FROM event JOIN block ON block.id = event.block WHERE event.id = ?',
    ).get(event) as { evidence: number; offset: number; length: number; block: number; reading: number };
    this.#statement('UPDATE copy SET is_equal = 0 WHERE event = ?').run(event);
    this.#statement(
      'UPDATE copy SET evidence = ?, offset = ?, length = ?, block = ?, reading = ? WHERE id = (SELECT max(id) FROM copy WHERE event = ? AND evidence = ?)',
    ).run(old.evidence, old.offset, old.length, old.block, old.reading, event, evidence);
    this.#statement(
      `UPDATE event SET block = ?, start = ?, length = ?, actor = ?, address = ?, agent = ?, operation = ?, namespace = ?, name = ?, answer = ?, reading = ?
         WHERE id = ?`,
    ).run(
      block,
      columns.start[row],
      columns.length[row],
      columns.actor[row],
      columns.address[row] || null,
      columns.agent[row] || null,
      columns.operation[row],
      columns.namespace[row] || null,
      columns.name[row] || null,
      columns.answer[row],
      columns.reading[row],
      event,
    );
    this.#statement(
      'INSERT INTO moved (event, block, start) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE SET block = excluded.block, start = excluded.start',
    ).run(event, block, columns.start[row]);
    this.#dirtyChunks.add(chunkOf(event));
  }

  /** A member without any event is no audit log: what was passed over in it is not counted. */
  #forgetSkipped(evidence: OpenEvidence): void {
    evidence.skipped = 0;
    const { id, firstRejected, firstBlock } = evidence;
    this.#statement("DELETE FROM rejected WHERE id >= ? AND evidence = ? AND kind = 'skipped'").run(firstRejected, id);
    this.#statement(
      'DELETE FROM block WHERE id >= ? AND evidence = ? AND id NOT IN (SELECT block FROM rejected WHERE id >= ? AND block IS NOT NULL)',
    ).run(firstBlock, id, firstRejected);
  }

  /** Prepared once: an archive may hold a hundred thousand members. */
  #statement(sql: string) {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #nextId(table: 'file' | 'evidence' | 'rejected'): number {
    return this.#statement(`SELECT coalesce(max(id), 0) + 1 FROM ${table}`).pluck().get() as number;
  }

  #dropTimeIndex(): void {
    this.#db.exec('DROP INDEX event_time');
    this.#hasTimeIndex = false;
  }

  /** A fresh case gets its index after its rows, which costs less than keeping it up. */
  #makeTimeIndex(): void {
    if (!this.#hasTimeIndex) this.#db.exec('CREATE INDEX event_time ON event (time)');
    this.#hasTimeIndex = true;
  }
}

function nextId(db: Connection, table: 'event' | 'block'): number {
  return (db.prepare(`SELECT coalesce(max(id), 0) + 1 FROM ${table}`).pluck().get() as number) ?? 1;
}

function groupHits(hits: readonly Hit[]): ReadonlyMap<number, readonly Hit[]> {
  return Map.groupBy(hits, (hit) => hit.row);
}

function isSameRecord(left: RecordPlace, right: RecordPlace): boolean {
  if (left.form !== right.form || left.inner !== right.inner || left.length !== right.length) return false;
  return Buffer.compare(sliceOf(left), sliceOf(right)) === 0;
}

/** The same memory: a block full of repeats must not be copied for each of them. */
const bufferOver = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const sliceOf = ({ block, start, length }: RecordPlace): Uint8Array => block.bytes.subarray(start, start + length);
