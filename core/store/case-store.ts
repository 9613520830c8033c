import { existsSync, statSync } from 'node:fs';
import type { CaseGlance, Evidence, RejectedRecord } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import { type Action, appendAction, headOf, readActions, recordedRoot } from './actions.ts';
import { type ActivitySteps, readActivity } from './activity.ts';
import { BlockRecords } from './block-records.ts';
import { forgetChunks, keepChunks } from './case-columns.ts';
import { ColumnReader } from './column-reader.ts';
import { type ConflictGlance, conflictsOf } from './conflicts.ts';
import { asFault, type Connection, createCase, leaveOneFile, openCaseFile } from './connection.ts';
import { EventIndex } from './event-index.ts';
import { EventReader } from './event-reader.ts';
import { Findings } from './findings.ts';
import { ForeignAlerts } from './foreign.ts';
import type { HitSpool } from './hit-spool.ts';
import { ImportWriter } from './import-writer.ts';
import { IndicatorLists } from './indicators.ts';
import { glance, type RejectedBounds, readLedger, readRejected } from './ledger.ts';
import { Marks } from './marks.ts';
import { type Observation, observe } from './observation.ts';
import type { CompareRecords } from './repeat-finder.ts';
import { hearRhythm, type Rhythm } from './rhythm.ts';
import { PARTS } from './roots.ts';
import { SavedQueries } from './saved-queries.ts';
import { type CaseName, makeSecrets, readNames, readRedactionKey } from './secrets.ts';
import { Settings } from './settings.ts';
import { type ClockSkew, clockSkews } from './skew.ts';
import { StrandReader } from './strand-reader.ts';
import { Suppressions } from './suppressions.ts';
import { readUserSpans } from './user-spans.ts';
import { Verdicts } from './verdicts.ts';
import { type VerifyStep, verifyCase } from './verify.ts';

/** Names the place of an event in a block: its record's start, and the steps to it inside the record. */
export const placeKey = (start: number, inner: string | null): string => `${start} ${inner ?? ''}`;

const isSealed = (db: Connection): boolean =>
  db.prepare("SELECT 1 FROM action WHERE name = 'case/seal'").get() !== undefined;

/** One open case file. Whoever opens it closes it. */
export class CaseStore {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly events: EventReader;
  readonly findings: Findings;
  readonly indicators: IndicatorLists;
  readonly foreign: ForeignAlerts;
  readonly suppressions: Suppressions;
  readonly strands: StrandReader;
  readonly settings: Settings;
  readonly marks: Marks;
  readonly savedQueries: SavedQueries;
  readonly verdicts: Verdicts;
  readonly #db: Connection;
  #index: EventIndex | null = null;

  private constructor(db: Connection, path: string, isReadOnly: boolean) {
    this.#db = db;
    this.path = path;
    this.isReadOnly = isReadOnly;
    this.events = new EventReader(db);
    this.findings = new Findings(db);
    this.indicators = new IndicatorLists(db);
    this.foreign = new ForeignAlerts(db);
    this.suppressions = new Suppressions(db);
    this.strands = new StrandReader(db);
    this.settings = new Settings(db);
    this.marks = new Marks(db);
    this.savedQueries = new SavedQueries(db);
    this.verdicts = new Verdicts(db);
  }

  /** Makes an empty case; its first action says by whom and when (microseconds). */
  static create(path: string, examiner: string, time: number): CaseStore {
    const db = createCase(path);
    db.transaction(() => {
      makeSecrets(db);
      appendAction(db, {
        examiner,
        time,
        name: 'case/create',
        detail: {},
        changed: PARTS,
      });
    }).immediate();
    return new CaseStore(db, path, false);
  }

  /** `serve` lets others read and write at the same time, until the case is closed. */
  static open(path: string, mode: 'read' | 'write' | 'serve'): CaseStore {
    if (mode === 'read') return new CaseStore(openCaseFile(path, 'read'), path, true);
    const db = openCaseFile(path, 'write');
    if (isSealed(db)) {
      db.close();
      return new CaseStore(openCaseFile(path, 'read'), path, true);
    }
    if (mode === 'serve') db.pragma('journal_mode = WAL');
    return new CaseStore(db, path, false);
  }

  glance(): CaseGlance {
    return glance(this.#db, this.path, statSync(this.path).size);
  }

  ledger(fromId?: number): Evidence[] {
    return readLedger(this.#db, fromId);
  }

  rejected(bounds?: RejectedBounds): Iterable<RejectedRecord & { readonly id: number }> {
    return readRejected(this.#db, bounds);
  }

  actions(): Action[] {
    return readActions(this.#db);
  }

  head(): string {
    return headOf(this.#db);
  }

  /** Whether somebody has sealed the case. */
  get isSealed(): boolean {
    return isSealed(this.#db);
  }

  /** Number of actions: every change raises it. */
  get version(): number {
    return this.#db.prepare('SELECT count(*) FROM action').pluck().get() as number;
  }

  /** Copies the case to a path where there is no file yet, as it is now. */
  async copyTo(path: string): Promise<void> {
    if (existsSync(path)) {
      const hint = 'Name another place.';
      throw new CaseError('case/exists', `There is a file at ${path} already.`, { at: { path }, hint });
    }
    await this.#db.backup(path);
  }

  /** The key from which pseudonyms follow; it never leaves this case. */
  redactionKey(): Uint8Array {
    return readRedactionKey(this.#db);
  }

  /** All names that events bear in their columns, each with its kind. */
  names(): Iterable<CaseName> {
    return readNames(this.#db);
  }

  /** First and last time, in microseconds, of each user whose name begins so. */
  spansOfUsers(prefix: string): { user: string; first: number; last: number }[] {
    return readUserSpans(this.#db, prefix);
  }

  /** The roots that the last actions have recorded, in hexadecimal. */
  roots(): { evidence: string; findings: string } {
    return { evidence: recordedRoot(this.#db, 'evidence') ?? '', findings: recordedRoot(this.#db, 'findings') ?? '' };
  }

  /** Events over time, in at most so many steps. */
  activity(most: number): ActivitySteps | null {
    return readActivity(this.#db, most);
  }

  /** All events by their columns alone, in batches. */
  columnReader(): ColumnReader {
    return new ColumnReader(this.#db);
  }

  beginImport(compare: CompareRecords, hits: HitSpool): ImportWriter {
    this.#refuseSealed();
    return new ImportWriter(this.#db, compare, hits);
  }

  /** When each API server wrote, and where times jump. */
  rhythm(): Rhythm {
    return hearRhythm(this.#db);
  }

  /** How far the clocks of API servers stand apart. */
  skews(): ClockSkew[] {
    return clockSkews(this.#db);
  }

  /** Events with one identity that contradict each other. */
  conflicts(): ConflictGlance {
    return conflictsOf(this.#db);
  }

  /** What the log has recorded, by kinds of events. */
  observe(): Observation {
    return observe(this.#db);
  }

  /** Blocks of the case in order, packed, with the first event of each. */
  *packedBlocks(isWanted: (id: number) => boolean = () => true): Generator<{
    id: number;
    offset: number;
    length: number;
    shape: string;
    firstEvent: number;
    data: Buffer;
  }> {
    const ids = this.#db.prepare('SELECT id FROM block ORDER BY id').pluck().all() as number[];
    const find = this.#db.prepare(
      'SELECT id, offset, length, shape, first_event AS firstEvent, data FROM block WHERE id = ?',
    );
    for (const id of ids.filter(isWanted))
      yield find.get(id) as {
        id: number;
        offset: number;
        length: number;
        shape: string;
        firstEvent: number;
        data: Buffer;
      };
  }

  /** Ids of the events that stand in a block, by `placeKey`. */
  eventsOfBlock(block: number, firstEvent: number): Map<string, number> {
    const next = this.#db.prepare('SELECT min(first_event) FROM block WHERE id > ?').pluck().get(block) as
      | number
      | null;
    const rows = this.#db
      .prepare(
        `SELECT event.start, (SELECT text FROM term WHERE id = reading.inner) AS inner, event.id
         FROM event JOIN reading ON reading.id = event.reading
         WHERE event.block = :block AND (event.id >= :first AND event.id < :next OR event.id IN (SELECT event FROM moved WHERE block = :block))`,
      )
      .raw()
      .all({ block, first: firstEvent, next: next ?? Number.MAX_SAFE_INTEGER }) as [number, string | null, number][];
    return new Map(rows.map(([start, inner, id]) => [placeKey(start, inner), id]));
  }

  /** Hashes of the files given, as recorded. */
  files(): { path: string; sha256: string; bytes: number }[] {
    return this.#db.prepare('SELECT path, lower(hex(sha256)) AS sha256, bytes FROM file ORDER BY id').all() as {
      path: string;
      sha256: string;
      bytes: number;
    }[];
  }

  /** All events for searching, until the case gets more of them. */
  index(): EventIndex {
    this.#index ??= new EventIndex(this.#db);
    return this.#index;
  }

  /** Events were added, or are not there after all. */
  forgetIndex(): void {
    this.#index = null;
    this.events.forgetConflicts();
  }

  /** Does something that goes over the columns of all events several times; it adds none. */
  overColumns<T>(run: () => T): T {
    keepChunks(this.#db);
    try {
      return run();
    } finally {
      forgetChunks(this.#db);
    }
  }

  records(): BlockRecords {
    return new BlockRecords(this.#db);
  }

  /** Unpacked bytes of all blocks; 0 where damage keeps them from being counted. */
  blockBytes(): number {
    try {
      return this.#db.prepare('SELECT coalesce(sum(length), 0) FROM block').pluck().get() as number;
    } catch {
      return 0;
    }
  }

  verify(head: string | undefined): Generator<VerifyStep> {
    return verifyCase(this.#db, head);
  }

  /** Runs a change as one transaction; errors of SQLite come as faults. */
  change<T>(run: () => T): T {
    this.#refuseSealed();
    try {
      return this.#db.transaction(run).immediate();
    } catch (error) {
      throw asFault(error, this.path);
    }
  }

  #refuseSealed(): void {
    if (!this.isSealed) return;
    throw new CaseError('case/read-only', `${this.path} is sealed: nothing of it is changed any more.`, {
      hint: 'It can be read, verified, reported and copied.',
    });
  }

  /** Writes the file anew without unused pages; what was deleted leaves no bytes. Where another connection is open it stays as it is. */
  compact(): void {
    leaveOneFile(this.#db);
    try {
      this.#db.exec('VACUUM');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')) throw asFault(error, this.path);
    }
  }

  /** Records an action within `change`. */
  record(action: Parameters<typeof appendAction>[1]): number {
    return appendAction(this.#db, action);
  }

  /** The last one to close leaves one file, without a journal beside it. */
  close(): void {
    if (!this.isReadOnly) leaveOneFile(this.#db);
    this.#db.close();
  }
}
