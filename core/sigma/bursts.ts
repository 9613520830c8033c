import { byTime, type Entry, type Run, type Window } from './windows.ts';

/** Windows that share an event, be it inside of inner alerts. */
export interface Burst {
  readonly run: Run;
  readonly windows: readonly Window[];
}

/** A range of a run's entries that belongs to a window, named by the window's index. */
interface Claim {
  readonly from: number;
  readonly to: number;
  readonly owner: number;
}

type Claims = Map<Run, Claim[]>;

/**
 * Joins the windows of a run that share an event. Level by level: ranges of one run that overlap have one owner, and are
 * opened once only, however many windows lie over them.
 */
export function findBursts(run: Run): Burst[] {
  const owners = new Owners(run.windows.length);
  let level: Claims = new Map([[run, run.windows.flatMap((window, owner) => claimsOf(window, owner))]]);
  while (level.size > 0) {
    const next: Claims = new Map();
    for (const [one, claims] of level) {
      for (const range of mergeClaims(claims, owners)) openRange(one, range, next);
    }
    level = next;
  }
  const groups = Map.groupBy(run.windows.keys(), (index) => owners.of(index));
  return [...groups.values()].map((own) => ({ run, windows: own.map((index) => run.windows[index] as Window) }));
}

/** The events of a burst, those of inner alerts too, in the order of time. */
export function eventsOf({ run, windows }: Burst): Entry[] {
  const events = new Map<string, Entry>();
  let level: Claims = new Map([[run, windows.flatMap((window) => claimsOf(window, 0))]]);
  while (level.size > 0) {
    const next: Claims = new Map();
    for (const [one, claims] of level) {
      for (const range of mergeClaims(claims, null)) {
        for (const entry of one.entries.slice(range.from, range.to + 1)) {
          if (!entry.inner) events.set(entry.identity, entry);
        }
        openRange(one, range, next);
      }
    }
    level = next;
  }
  return [...events.values()].sort(byTime);
}

/** The burst as one window of its run. */
export function windowOf({ windows }: Burst): Window {
  const ranges = mergeClaims(
    windows.flatMap((window) => claimsOf(window, 0)),
    null,
  );
  const [first] = ranges;
  if (ranges.length === 1 && first) return { from: first.from, to: first.to };
  const picked = ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
  return { from: picked[0] as number, to: picked.at(-1) as number, picked };
}

function claimsOf({ from, to, picked }: Window, owner: number): Claim[] {
  return picked ? picked.map((index) => ({ from: index, to: index, owner })) : [{ from, to, owner }];
}

/** Ranges that overlap become one and, where owners are given, their owners too. */
function mergeClaims(claims: readonly Claim[], owners: Owners | null): Claim[] {
  const merged: Claim[] = [];
  for (const claim of claims.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (!last || claim.from > last.to) merged.push(claim);
    else {
      owners?.join(last.owner, claim.owner);
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, claim.to), owner: last.owner };
    }
  }
  return merged;
}

function openRange(run: Run, { from, to, owner }: Claim, next: Claims): void {
  for (let index = from; index <= to; index++) {
    const inner = run.entries[index]?.inner;
    if (!inner) continue;
    const claims = next.get(inner.run) ?? [];
    next.set(inner.run, claims);
    claims.push(...claimsOf(inner.window, owner));
  }
}

/** Which windows have become one (union-find, halving paths). */
class Owners {
  readonly #parents: number[];

  constructor(count: number) {
    this.#parents = Array.from({ length: count }, (_, index) => index);
  }

  of(index: number): number {
    let at = index;
    while (this.#parents[at] !== at) {
      this.#parents[at] = this.#parents[this.#parents[at] as number] as number;
      at = this.#parents[at] as number;
    }
    return at;
  }

  /** The lower index stays, so that bursts keep the order of their first windows. */
  join(a: number, b: number): void {
    const [first, second] = [this.of(a), this.of(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}
