import { setImmediate as nextTurn } from 'node:timers/promises';
import { Dispatch, type Verdict } from '../../detect/dispatch.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import type { SigmaRule } from '../../sigma/sigma.ts';
import type { StoredBlock } from '../../store/block-cache.ts';
import { QuickEvents } from './quick-events.ts';
import { type RowKinds, rowKinds } from './row-kinds.ts';

/** An event that meets rules, by its row in the columns of the case; `rules` are places in the list of rules. */
export interface RowHit {
  readonly row: number;
  readonly rules: readonly number[];
}

/**
 * What is done with an event that meets rules and was read; asked for, it keeps columns from deciding alone. The event is good
 * until the next one is read.
 */
export type HitReader = (hit: RowHit, event: AuditEvent) => void;

/** Blocks that are being unpacked while one is searched. */
const AHEAD = 3;
const PAUSE_AFTER_MS = 12;

/** Rows of one block that have to be read, in order. */
interface Portion {
  readonly block: number;
  readonly rows: number[];
}

/**
 * Finds the events of a case that some rules meet, exactly as a run finds them: columns decide by the same dispatch, and events
 * that they leave open are read from their blocks, the earliest first, as far as somebody asks.
 */
export class RuleScan {
  /** In no certain order. Complete for the rows before `decidedTo`. */
  readonly hits: RowHit[] = [];
  /** Events that had to be read, once all is decided. */
  readonly candidates: number;
  readonly #source: EventSource;
  readonly #verdicts: readonly (Verdict | null)[];
  readonly #kinds: RowKinds;
  readonly #portions: readonly Portion[];
  readonly #read: HitReader | null;
  readonly #unpacked = new Map<number, Promise<StoredBlock>>();
  readonly #events: QuickEvents;
  #next = 0;

  constructor(source: EventSource, rules: readonly SigmaRule[], read: HitReader | null = null) {
    this.#source = source;
    this.#read = read;
    this.#events = new QuickEvents(source);
    this.#kinds = rowKinds(source.index);
    this.#verdicts = verdictsOf(this.#kinds, rules);
    this.#portions = this.#portionsOf();
    this.candidates = this.#portions.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  get isComplete(): boolean {
    return this.#next === this.#portions.length;
  }

  /** Rows before this one are decided. */
  get decidedTo(): number {
    return this.#portions[this.#next]?.rows[0] ?? this.#kinds.of.length;
  }

  /** Part of the search that is done, 0 to 1. */
  get done(): number {
    return this.isComplete ? 1 : this.#next / this.#portions.length;
  }

  /** Decides until enough is known, or all. */
  async decideUntil(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
    while (!this.isComplete && !isEnough()) {
      signal.throwIfAborted();
      await this.#decideNext(signal);
      await nextTurn();
    }
    signal.throwIfAborted();
  }

  /** Rows that columns leave open, by block, the blocks by their first such row; what columns decide is noted. */
  #portionsOf(): Portion[] {
    const { of } = this.#kinds;
    const { block } = this.#source.index.columns;
    const portions = new Map<number, Portion>();
    for (let row = 0; row < of.length; row++) {
      const verdict = this.#verdicts[of[row] as number];
      if (!verdict || verdict.met.length + verdict.open.length === 0) continue;
      if (verdict.open.length === 0 && this.#read === null) {
        this.hits.push({ row, rules: verdict.met });
        continue;
      }
      const at = block[row] as number;
      const portion = portions.get(at);
      if (portion === undefined) portions.set(at, { block: at, rows: [row] });
      else portion.rows.push(row);
    }
    return [...portions.values()];
  }

  async #decideNext(signal: AbortSignal): Promise<void> {
    const portion = this.#portions[this.#next] as Portion;
    for (const { block } of this.#portions.slice(this.#next, this.#next + AHEAD)) void this.#unpack(block);
    const block = await this.#unpack(portion.block);
    this.#unpacked.delete(portion.block);
    let turn = performance.now();
    for (const { row, event } of this.#events.of(block, portion.rows)) {
      this.#decide(row, event);
      if (performance.now() - turn < PAUSE_AFTER_MS) continue;
      await nextTurn();
      signal.throwIfAborted();
      turn = performance.now();
    }
    this.#next++;
  }

  #decide(row: number, event: AuditEvent): void {
    const { met, open } = this.#verdicts[this.#kinds.of[row] as number] as Verdict;
    const found = open.filter(({ test }) => test(event)).map(({ rule }) => rule);
    const rules = found.length === 0 ? met : [...met, ...found].sort((a, b) => a - b);
    if (rules.length === 0) return;
    const hit = { row, rules };
    this.hits.push(hit);
    this.#read?.(hit, event);
  }

  #unpack(block: number): Promise<StoredBlock> {
    const known = this.#unpacked.get(block);
    if (known !== undefined) return known;
    const unpacked = this.#source.records.block(block);
    unpacked.catch(() => {});
    this.#unpacked.set(block, unpacked);
    return unpacked;
  }
}

/** What columns say of each kind of events. */
function verdictsOf(kinds: RowKinds, rules: readonly SigmaRule[]): (Verdict | null)[] {
  const dispatch = new Dispatch(rules, kinds.texts);
  const key = { operation: 0, answer: 0, actor: 0, agent: 0, namespace: 0, address: 0, flags: 0 };
  return kinds.example.map((row) => dispatch.verdict(kinds.key(row, key)));
}
