import type { Baseline } from './baseline.ts';
import { type Cell, DAY_US } from './cells.ts';
import { cleanCount, type Learned, mostSeen, type Prior } from './judge.ts';

/** The habits of one group, learnt day by day: what a day has shown counts from the next day on. */
export class History {
  readonly #learnDays: number;
  readonly #minimum: Baseline['minimum'];
  readonly #prior: Prior | undefined;
  /** Finished days with their clean requests; those before `#oldest` are too long ago. */
  readonly #days: { readonly day: number; events: number }[] = [];
  #oldest = 0;
  #recentEvents = 0;
  readonly #terms = new Map<string, number>();
  #values: readonly string[] | null = null;
  #open: Cell[] = [];
  #day = Number.NEGATIVE_INFINITY;

  constructor({ learnUs, minimum }: Pick<Baseline, 'learnUs' | 'minimum'>, prior: Prior | undefined) {
    this.#learnDays = learnUs / DAY_US;
    this.#minimum = minimum;
    this.#prior = prior;
    for (const [term, events] of prior?.terms.flat() ?? []) this.#count(term, events);
  }

  /** Begins a day (or goes on with it): what was seen on earlier ones is learnt. */
  reach(day: number): void {
    if (day === this.#day) return;
    for (const cell of this.#open) this.#learn(cell);
    this.#open = [];
    this.#day = day;
    for (let old = this.#days[this.#oldest]; old && day - old.day > this.#learnDays; old = this.#days[this.#oldest]) {
      this.#recentEvents -= old.events;
      this.#oldest++;
    }
  }

  /** Takes in what the day shows; it counts from the next day on. */
  see(cell: Cell): void {
    if (cleanCount(cell) > 0) this.#open.push(cell);
  }

  get events(): number {
    return this.#recentEvents + (this.#prior?.events ?? 0);
  }

  get days(): number {
    return this.#days.length - this.#oldest + (this.#prior?.days ?? 0);
  }

  get isEnough(): boolean {
    return this.days >= this.#minimum.days && this.events >= this.#minimum.events;
  }

  learned(): Learned {
    const first = this.#days[this.#oldest]?.day;
    const last = this.#days.at(-1)?.day;
    return {
      fromUs: Math.min(
        this.#prior?.fromUs ?? Number.POSITIVE_INFINITY,
        first === undefined ? Infinity : first * DAY_US,
      ),
      toUs: last === undefined ? (this.#prior?.toUs ?? 0) : (last + 1) * DAY_US,
      events: this.events,
      days: this.days,
      known: this.#terms.size,
      values: this.#mostSeen(),
    };
  }

  /** What was learnt changes from day to day only, and a day may show very much that is new. */
  #mostSeen(): readonly string[] {
    this.#values ??= mostSeen(this.#terms);
    return this.#values;
  }

  #learn(cell: Cell): void {
    const last = this.#days.at(-1);
    if (last?.day === cell.bucket) last.events += cleanCount(cell);
    else this.#days.push({ day: cell.bucket, events: cleanCount(cell) });
    this.#recentEvents += cleanCount(cell);
    for (const term of cell.parts.flat()) this.#count(term, cleanCount(cell));
  }

  #count(term: string, events: number): void {
    this.#values = null;
    this.#terms.set(term, (this.#terms.get(term) ?? 0) + events);
  }
}
