import type { LimitHit } from '../contract/limits.ts';
import type { Verdict } from '../detect/dispatch.ts';
import type { RuleCosts } from '../detect/rule-costs.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import type { AddedEntries, EventColumns, Hit, RejectedPlace } from '../event/columns.ts';
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
  readonly hits: readonly Hit[];
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
  ): { readonly rules: readonly number[]; readonly proof: string } | null;
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
  added: { terms: [], actors: NONE, operations: NONE, answers: NONE, readings: NONE },
};

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

  scan(block: Block): ScannedBlock {
    this.#hits = [];
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
      hits: this.#hits,
      nearMisses: [...nearMisses],
      limits,
      added: this.#added(),
      costs: this.#matcher?.takeCosts() ?? null,
    };
  }

  /** Only matches some lines of a block of lines; rows of hits count these. */
  match(block: Block, lines: Int32Array): ScannedBlock {
    this.#hits = [];
    const hits: Hit[] = [];
    const sink: RecordSink = { ...SILENT, event: (read) => this.#general(read) };
    for (let line = 0; line * 2 < lines.length; line++) {
      const [start, end] = [lines[line * 2] as number, lines[line * 2 + 1] as number];
      if (!this.#plain(block.bytes, start, end)) {
        const bytes = block.bytes.subarray(start, end) as Block['bytes'];
        readBlock({ ...block, offset: block.offset + start, bytes }, sink);
      }
      for (const hit of this.#hits) hits.push({ ...hit, row: line });
      this.#hits.length = 0;
    }
    this.#columns.take();
    const costs = this.#matcher?.takeCosts() ?? null;
    return { ...NOTHING_SCANNED, columns: this.#columns.take(), hits, costs };
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
    if (this.#matcher === null) return true;
    const row = this.#columns.count - 1;
    const verdict = this.#matcher.verdict(this.#columns, row);
    if (verdict !== null) this.#match(this.#matcher, this.#lines.event(), { row, inner: null }, verdict);
    return true;
  }

  #general(read: ReadEvent): void {
    this.#appender.append(read);
    if (this.#matcher === null) return;
    const row = this.#columns.count - 1;
    const verdict = this.#matcher.verdict(this.#columns, row);
    if (verdict !== null) this.#match(this.#matcher, read.event, { row, inner: read.inner }, verdict);
  }

  #match(matcher: Matcher, event: AuditEvent, place: Pick<Hit, 'row' | 'inner'>, verdict: Verdict): void {
    const met = matcher.match(event, verdict, this.#columns, place.row);
    if (met !== null) this.#hits.push({ ...place, ...met });
  }
}
