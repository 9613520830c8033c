import type { RuleSet } from '../../detect/rule-set.ts';
import { isPlain } from '../../hunt/block-search.ts';
import type { EventSource } from '../../hunt/event-source.ts';
import { ANYWHERE, type Needle, some } from '../../hunt/needle.ts';
import { type Portion, portionsOf } from '../../hunt/portions.ts';
import type { RowMask } from '../../hunt/row-mask.ts';
import { expressionOf, type SigmaRule } from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { huntingOf } from '../hunting.ts';
import { MARK, type MatchTask, type OpenEvents } from './block-matcher.ts';
import { columnVerdicts, VERDICT, type Verdicts } from './column-verdicts.ts';
import { matchPool } from './match-pool.ts';
import { rowPlaces } from './row-places.ts';
import { ruleNeedle } from './rule-needle.ts';

/** An event that meets rules, by its row in the columns of the case; `rules` are places in the list of rules. */
export interface RowHit {
  readonly row: number;
  readonly rules: readonly number[];
}

/** Blocks that a thread has before it while it works on one. */
const AHEAD = 2;

/**
 * Finds the events of a case that some rules meet, exactly as a run finds them: columns decide what they can; events that they
 * leave open are searched and read by threads beside this one, the earliest first, as far as somebody asks.
 */
export class RuleScan {
  /** 1 where an event is known to meet a rule. Final for the rows before `decidedTo`. */
  readonly met: RowMask;
  /** Events that are known to meet a rule. */
  count = 0;
  /** Events that columns leave open. */
  readonly candidates: number;
  readonly #store: CaseStore;
  readonly #source: EventSource;
  /** By rule. */
  readonly #verdicts: readonly Verdicts[];
  readonly #portions: readonly Portion[];
  readonly #task: MatchTask;
  readonly #asked = new Map<number, Promise<Verdicts>>();
  #next = 0;
  #deciding: Promise<void> | null = null;

  /** `set`: the texts in which the rules stand, and what changes them. */
  constructor(store: CaseStore, rules: readonly SigmaRule[], set: RuleSet) {
    const { source } = huntingOf(store);
    this.#store = store;
    this.#source = source;
    this.#verdicts = rules.map((rule) => verdictsOf(source, rule));
    this.met = new Uint8Array(source.index.columns.count);
    this.#portions = this.#portionsOf();
    this.candidates = this.#portions.reduce((sum, { rows }) => sum + rows.length, 0);
    const needle = this.#portions.length === 0 ? ANYWHERE : this.#needleOf(rules);
    this.#task = { set, rules: rules.map(({ path, line }) => ({ path, line })), needle };
  }

  get isComplete(): boolean {
    return this.#next === this.#portions.length;
  }

  /** Rows before this one are decided. */
  get decidedTo(): number {
    return this.#portions[this.#next]?.rows[0] ?? this.met.length;
  }

  /** Events that are known to meet rules, in order, before a row. */
  *hits(end = this.met.length): Generator<RowHit> {
    for (let row = 0; row < end; row++) {
      if (this.met[row] === 0) continue;
      yield { row, rules: this.#verdicts.flatMap((verdicts, rule) => (verdicts[row] === VERDICT.yes ? [rule] : [])) };
    }
  }

  /** Decides until enough is known, or all. Several may ask at once, and whoever asks again goes on where it stands. */
  async decideUntil(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
    while (!this.isComplete && !isEnough()) {
      signal.throwIfAborted();
      this.#deciding ??= this.#decideNext().finally(() => {
        this.#deciding = null;
      });
      await this.#deciding;
    }
    signal.throwIfAborted();
  }

  /** Rows that columns leave open; what columns decide is noted. */
  #portionsOf(): Portion[] {
    const { block, count } = this.#source.index.columns;
    const open = new Uint8Array(count);
    for (const verdicts of this.#verdicts)
      for (let row = 0; row < count; row++) {
        const verdict = verdicts[row] as number;
        if (verdict === VERDICT.open) open[row] = 1;
        else if (verdict === VERDICT.yes) this.met[row] = 1;
      }
    for (let row = 0; row < count; row++) {
      if (open[row] === 1) this.met[row] = 0;
      else this.count += this.met[row] as number;
    }
    return portionsOf(block, (row) => open[row] === 1);
  }

  /** What an event must hold to meet one of the rules that columns leave open somewhere. */
  #needleOf(rules: readonly SigmaRule[]): Needle {
    const verdicts = columnVerdicts(this.#source.index);
    const open = rules.filter((_, rule) => this.#verdicts[rule]?.includes(VERDICT.open));
    return some(
      open.map((rule) => {
        const expression = expressionOf(rule);
        return expression === null ? ANYWHERE : ruleNeedle(expression, (part) => verdicts.isSettled(part));
      }),
    );
  }

  async #decideNext(): Promise<void> {
    const end = Math.min(this.#portions.length, this.#next + matchPool.size * (AHEAD + 1));
    for (let portion = this.#next; portion < end; portion++) void this.#ask(portion);
    const verdicts = await this.#ask(this.#next);
    this.#asked.delete(this.#next);
    this.#take((this.#portions[this.#next] as Portion).rows, verdicts);
    this.#next++;
  }

  #ask(number: number): Promise<Verdicts> {
    const known = this.#asked.get(number);
    if (known !== undefined) return known;
    const portion = this.#portions[number] as Portion;
    const asked = matchPool.decide(this.#task, this.#source.records.packed(portion.block), this.#openEvents(portion));
    asked.catch(() => this.#asked.delete(number));
    this.#asked.set(number, asked);
    return asked;
  }

  #openEvents({ block, rows }: Portion): OpenEvents {
    const { index, records } = this.#source;
    const { ids: readings, read } = index.readings();
    const marks = new Uint8Array(rows.length);
    const odd = new Map<number, OpenEvents['odd'] extends ReadonlyMap<number, infer How> ? How : never>();
    for (const [at, row] of rows.entries()) {
      const reading = read(readings[row] as number);
      const isLine = reading.form === 'verbatim' && reading.format === 'k8s-audit-jsonl';
      marks[at] = (isLine ? MARK.line : 0) | (isPlain(reading) ? MARK.searchable : 0);
      if (isLine) continue;
      const { form, format, inner } = this.#store.events.place(index.columns.id[row] as number);
      odd.set(at, { form, format, inner });
    }
    const verdicts = new Uint8Array(rows.length * this.#verdicts.length);
    for (const [rule, all] of this.#verdicts.entries())
      for (let at = 0; at < rows.length; at++) verdicts[rule * rows.length + at] = all[rows[at] as number] as number;
    return { places: rowPlaces(index, records).of(block, rows), marks, odd, verdicts };
  }

  #take(rows: Uint32Array, decided: Verdicts): void {
    for (const [rule, verdicts] of this.#verdicts.entries())
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at] as number;
        const verdict = decided[rule * rows.length + at] as number;
        verdicts[row] = verdict;
        if (verdict === VERDICT.yes) this.met[row] = 1;
      }
    for (const row of rows) this.count += this.met[row] as number;
  }
}

/** What columns say of a rule for each row: nothing meets one that does not apply to audit logs. */
function verdictsOf({ index }: EventSource, rule: SigmaRule): Verdicts {
  const expression = expressionOf(rule);
  return expression === null ? new Uint8Array(index.columns.count) : columnVerdicts(index).ofRule(expression);
}
