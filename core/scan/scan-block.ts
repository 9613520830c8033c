import type { LimitHit } from '../contract/limits.ts';
import type { Verdict } from '../detect/dispatch.ts';
import type { RuleCosts } from '../detect/rule-costs.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import type { AddedEntries, EventColumns, RejectedPlace } from '../event/columns.ts';
import { type Hit, HitBuilder, type HitColumns } from '../event/hit-columns.ts';
import type { Block, ReadEvent, RecordSink } from '../ingest/block.ts';
import { readBlock } from '../ingest/read-block.ts';
import { ColumnBuilder, Dictionaries } from './columns.ts';
import { EventAppender } from './event-columns.ts';
import { LineScanner } from './line-scanner.ts';
import { RejectedList } from './rejected-list.ts';

/** All that reading one block yields: plain, transferable, and the same on any machine up to the ids of dictionaries. */
export interface ScannedBlock {
  readonly columns: EventColumns;
  readonly rejected: readonly RejectedPlace[];
  readonly hits: HitColumns;
  readonly nearMisses: readonly string[];
  readonly limits: readonly { readonly hit: LimitHit; readonly at: number }[];
  /** Dictionary entries that this block is the first to need, in the order of their ids. */
  readonly added: AddedEntries;
  /** What each rule cost, where that is asked for. */
  readonly costs: RuleCosts | null;
}

/** Finds the rules that an event meets: its columns decide about most, predicates about the rest. */
export interface Matcher {
  /** What the row of the columns that was written last says of the rules; null: its event meets none. */
  verdict(columns: ColumnBuilder, row: number): Verdict | null;
  /** The rules that the event meets, with their proof; null if it meets none that matters. */
  match(
    event: AuditEvent,
    verdict: Verdict,
    columns: ColumnBuilder,
    row: number,
  ): Pick<Hit, 'rules' | 'holds' | 'proof'> | null;
  /** What the rules cost since this was asked last; null where nobody wants to know. */
  takeCosts(): RuleCosts | null;
}

const SILENT: Omit<RecordSink, 'event'> = {
  skipped: () => {},
  malformed: () => {},
  nearMiss: () => {},
  limit: () => {},
};

const NONE = new Int32Array(0);
const NOTHING_SCANNED = {
  rejected: [],
  nearMisses: [],
  limits: [],
  added: { isAfresh: false, terms: [], actors: NONE, operations: NONE, answers: NONE, readings: NONE },
};

/** Entries of a worker's dictionary of texts, and their bytes: with more it starts afresh, or it would grow with the log. */
const MOST_TEXTS = { count: 1_000_000, bytes: 48 * 1024 * 1024 };

/** Scans blocks one after the other, with dictionaries that last until they are full. */
export class BlockScanner {
  readonly #columns = new ColumnBuilder();
  readonly #makeMatcher: ((dictionaries: Dictionaries) => Matcher) | null;
  readonly #most: typeof MOST_TEXTS;
  #parts: Parts;
  readonly #hits = new HitBuilder();
  /** Events of a stored line count as that line. */
  #line: number | null = null;

  constructor(makeMatcher: ((dictionaries: Dictionaries) => Matcher) | null, most = MOST_TEXTS) {
    this.#makeMatcher = makeMatcher;
    this.#most = most;
    this.#parts = this.#makeParts();
  }

  get dictionaries(): Dictionaries {
    return this.#parts.dictionaries;
  }

  scan(block: Block): ScannedBlock {
    const isAfresh = this.#makeRoom();
    const rejected = new RejectedList();
    const nearMisses = new Set<string>();
    const limits: { hit: LimitHit; at: number }[] = [];
    const sink: RecordSink = {
      event: (read) => this.#general(read),
      skipped: (start, end, reason) => rejected.skipped(start, end, reason),
      malformed: (start, end, reason, auditID) => rejected.malformed(start, end, reason, auditID),
      nearMiss: (name) => nearMisses.add(name),
      limit: (hit, at) => limits.push({ hit, at }),
    };
    readBlock(block, sink, (bytes, start, end) => this.#plain(bytes, start, end));
    return {
      columns: this.#columns.take(),
      rejected: rejected.places,
      hits: this.#hits.take(),
      nearMisses: [...nearMisses],
      limits,
      added: { isAfresh, ...this.#added() },
      costs: this.#parts.matcher?.takeCosts() ?? null,
    };
  }

  /** Only matches some lines of a block of lines; rows of hits count these. */
  match(block: Block, lines: Int32Array): ScannedBlock {
    this.#makeRoom();
    const sink: RecordSink = { ...SILENT, event: (read) => this.#general(read) };
    for (let line = 0; line * 2 < lines.length; line++) {
      const [start, end] = [lines[line * 2] as number, lines[line * 2 + 1] as number];
      this.#line = line;
      if (!this.#plain(block.bytes, start, end)) {
        const bytes = block.bytes.subarray(start, end) as Block['bytes'];
        readBlock({ ...block, offset: block.offset + start, bytes }, sink);
      }
    }
    this.#line = null;
    const costs = this.#parts.matcher?.takeCosts() ?? null;
    return { ...NOTHING_SCANNED, columns: this.#columns.take(), hits: this.#hits.take(), costs };
  }

  #makeParts(): Parts {
    const dictionaries = new Dictionaries();
    return {
      dictionaries,
      lines: new LineScanner(dictionaries, this.#columns),
      appender: new EventAppender(dictionaries, this.#columns),
      matcher: this.#makeMatcher?.(dictionaries) ?? null,
    };
  }

  /** @returns whether the dictionaries start afresh */
  #makeRoom(): boolean {
    const { count, bytes } = this.dictionaries.terms;
    const isFull = count >= this.#most.count || bytes >= this.#most.bytes;
    if (isFull) this.#parts = this.#makeParts();
    return isFull;
  }

  #added(): Omit<ScannedBlock['added'], 'isAfresh'> {
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
    const { lines, matcher } = this.#parts;
    if (!lines.scan(bytes, start, end)) return false;
    if (matcher === null) return true;
    const row = this.#columns.count - 1;
    const verdict = matcher.verdict(this.#columns, row);
    if (verdict !== null) this.#match(matcher, lines.event(), { row, inner: null }, verdict);
    return true;
  }

  #general(read: ReadEvent): void {
    const { appender, matcher } = this.#parts;
    appender.append(read);
    if (matcher === null) return;
    const row = this.#columns.count - 1;
    const verdict = matcher.verdict(this.#columns, row);
    if (verdict !== null) this.#match(matcher, read.event, { row, inner: read.inner }, verdict);
  }

  #match(matcher: Matcher, event: AuditEvent, place: Pick<Hit, 'row' | 'inner'>, verdict: Verdict): void {
    const met = matcher.match(event, verdict, this.#columns, place.row);
    if (met !== null) this.#hits.add({ ...met, row: this.#line ?? place.row, inner: place.inner });
  }
}

/** What knows the ids of one set of dictionaries. */
interface Parts {
  readonly dictionaries: Dictionaries;
  readonly lines: LineScanner;
  readonly appender: EventAppender;
  readonly matcher: Matcher | null;
}
