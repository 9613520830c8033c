import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEvent } from '../../event/audit-event.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import { ANYWHERE, type Needle, some } from '../../hunt/needle.ts';
import { expressionOf, type SigmaRule } from '../../sigma/sigma.ts';
import type { StoredBlock } from '../../store/block-cache.ts';
import { columnVerdicts, VERDICT, type Verdicts } from './column-verdicts.ts';
import { QuickEvents } from './quick-events.ts';
import { ruleNeedle } from './rule-needle.ts';

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
 * Finds the events of a case that some rules meet, exactly as a run finds them: columns decide what they can; of events that they
 * leave open, the bytes are searched for what the rules cannot do without, and what is left is read, the earliest first, as far as
 * somebody asks.
 */
export class RuleScan {
  /** In no certain order. Complete for the rows before `decidedTo`. */
  readonly hits: RowHit[] = [];
  /** Events that columns leave open. */
  readonly candidates: number;
  readonly #source: EventSource;
  readonly #rules: readonly SigmaRule[];
  /** By rule. */
  readonly #verdicts: readonly Verdicts[];
  readonly #portions: readonly Portion[];
  readonly #needle: Needle;
  readonly #read: HitReader | null;
  readonly #unpacked = new Map<number, Promise<StoredBlock>>();
  readonly #events: QuickEvents;
  #next = 0;
  #deciding: Promise<void> | null = null;

  constructor(source: EventSource, rules: readonly SigmaRule[], read: HitReader | null = null) {
    this.#source = source;
    this.#rules = rules;
    this.#read = read;
    this.#events = new QuickEvents(source);
    this.#verdicts = rules.map((rule) => verdictsOf(source, rule));
    this.#portions = this.#portionsOf();
    this.#needle = this.#portions.length === 0 || read !== null ? ANYWHERE : this.#needleOf();
    this.candidates = this.#portions.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  get isComplete(): boolean {
    return this.#next === this.#portions.length;
  }

  /** Rows before this one are decided. */
  get decidedTo(): number {
    return this.#portions[this.#next]?.rows[0] ?? this.#source.index.columns.count;
  }

  /** Part of the search that is done, 0 to 1. */
  get done(): number {
    return this.isComplete ? 1 : this.#next / this.#portions.length;
  }

  /** Decides until enough is known, or all. Several may ask at once, and whoever asks again goes on where it stands. */
  async decideUntil(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
    while (!this.isComplete && !isEnough()) {
      signal.throwIfAborted();
      this.#deciding ??= this.#decideNext().finally(() => {
        this.#deciding = null;
      });
      await this.#deciding;
      await nextTurn();
    }
    signal.throwIfAborted();
  }

  /** Rows that columns leave open, by block, the blocks by their first such row; what columns decide is noted. */
  #portionsOf(): Portion[] {
    const { block, count } = this.#source.index.columns;
    const best = new Uint8Array(count);
    const open = new Uint8Array(count);
    for (const verdicts of this.#verdicts)
      for (let row = 0; row < count; row++) {
        const verdict = verdicts[row] as number;
        if (verdict === VERDICT.no) continue;
        best[row] = 1;
        if (verdict === VERDICT.open) open[row] = 1;
      }
    const portions = new Map<number, Portion>();
    for (let row = 0; row < count; row++) {
      if (best[row] === 0) continue;
      if (open[row] === 0 && this.#read === null) {
        this.hits.push({ row, rules: this.#met(row) });
        continue;
      }
      const at = block[row] as number;
      const portion = portions.get(at);
      if (portion === undefined) portions.set(at, { block: at, rows: [row] });
      else portion.rows.push(row);
    }
    return [...portions.values()];
  }

  /** What an event must hold to meet one of the rules that columns leave open somewhere. */
  #needleOf(): Needle {
    const verdicts = columnVerdicts(this.#source.index);
    const open = this.#rules.filter((_, rule) => this.#verdicts[rule]?.includes(VERDICT.open));
    return some(
      open.map((rule) => {
        const expression = expressionOf(rule);
        return expression === null ? ANYWHERE : ruleNeedle(expression, (part) => verdicts.isSettled(part));
      }),
    );
  }

  async #decideNext(): Promise<void> {
    const portion = this.#portions[this.#next] as Portion;
    for (const { block } of this.#portions.slice(this.#next, this.#next + AHEAD)) void this.#unpack(block);
    const block = await this.#unpack(portion.block);
    const found: RowHit[] = [];
    let turn = performance.now();
    for (const { row, event } of this.#events.of(block, portion.rows, this.#needle)) {
      const hit = this.#decide(row, event);
      if (hit !== null) found.push(hit);
      if (performance.now() - turn < PAUSE_AFTER_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    this.#unpacked.delete(portion.block);
    for (const hit of found) this.hits.push(hit);
    this.#next++;
  }

  /** `event`: null where its bytes rule out what columns leave open. */
  #decide(row: number, event: AuditEvent | null): RowHit | null {
    const rules = this.#rules.flatMap((rule, number) => {
      const verdict = (this.#verdicts[number] as Verdicts)[row];
      const isMet = verdict === VERDICT.yes || (verdict === VERDICT.open && event !== null && rule.matches(event));
      return isMet ? [number] : [];
    });
    if (rules.length === 0) return null;
    const hit = { row, rules };
    if (event !== null) this.#read?.(hit, event);
    return hit;
  }

  #met(row: number): number[] {
    return this.#verdicts.flatMap((verdicts, rule) => (verdicts[row] === VERDICT.yes ? [rule] : []));
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

/** What columns say of a rule for each row. */
function verdictsOf({ index }: EventSource, rule: SigmaRule): Verdicts {
  const expression = expressionOf(rule);
  return expression === null ? new Uint8Array(index.columns.count) : columnVerdicts(index).ofRule(expression);
}
