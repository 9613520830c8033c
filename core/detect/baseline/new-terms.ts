import { mapKey } from '../../map-key.ts';
import type { Baseline } from './baseline.ts';
import { type Cell, DAY_US } from './cells.ts';
import { History } from './history.ts';
import { cleanCount, type Judge, type Report } from './judge.ts';

/**
 * `new_terms`: what the group has not shown within the learning window before. A term is known from its first clean request
 * on, or once it was reported; it is forgotten when it stays away for the whole window.
 */
export const judgeNewTerms: Judge = (baseline, cells, prior) => {
  const history = new History(baseline, prior);
  const known = new Map<string, number>();
  prior?.terms.forEach((terms, part) => {
    for (const [term] of terms) known.set(nameOf(part, term), Number.POSITIVE_INFINITY);
  });
  const reports: Report[] = [];
  let readyUs: number | null = null;
  let [days, events] = [0, 0];
  for (const cell of cells) {
    history.reach(cell.bucket);
    const isReady = history.isEnough;
    if (isReady) readyUs ??= cell.first.timeUs;
    [days, events] = [Math.max(days, history.days), Math.max(events, history.events)];
    const fresh = cell.parts.map((terms, part) =>
      terms.filter((term) => !isKnown(known.get(nameOf(part, term)), cell, baseline)),
    );
    const isNew = fresh.filter((terms) => terms.length > 0).length >= Math.max(1, baseline.atLeast);
    const isReported = isReady && isNew;
    if (isReported) reports.push({ group: cell.group, cells: [cell], fresh, learned: history.learned() });
    if (isReported || cleanCount(cell) > 0) learn(known, cell);
    history.see(cell);
  }
  return { reports, readyUs, days, events };
};

const nameOf = (part: number, term: string) => mapKey(`${part} ${term}`);

const isKnown = (last: number | undefined, cell: Cell, { learnUs }: Baseline): boolean =>
  last !== undefined && (cell.bucket - last) * DAY_US <= learnUs;

function learn(known: Map<string, number>, cell: Cell): void {
  cell.parts.forEach((terms, part) => {
    for (const term of terms) {
      const name = nameOf(part, term);
      known.set(name, Math.max(known.get(name) ?? 0, cell.bucket));
    }
  });
}

interface Habit {
  first: number;
  last: number;
  days: number;
  events: number;
}

/** `new_terms` with `returning`: what was known well enough, stayed away longer than the window, and comes back. */
export const judgeReturning: Judge = (baseline, cells, _prior, endUs) => {
  const habits = new Map<string, Habit>();
  const reports: Report[] = [];
  let readyUs: number | null = null;
  let [days, events] = [0, 0];
  for (const cell of cells) {
    for (const term of cell.parts[0] ?? []) {
      const name = nameOf(0, term);
      const habit = habits.get(name);
      const isBack = habit !== undefined && (cell.bucket - habit.last) * DAY_US > baseline.learnUs;
      if (isBack && isHabit(habit, baseline)) reports.push(returned(cell, term, habit));
      if (cleanCount(cell) > 0 || isBack) habits.set(name, extend(habit, cell));
    }
  }
  for (const habit of habits.values()) {
    [days, events] = [Math.max(days, habit.days), Math.max(events, habit.events)];
    const ready = habit.first * DAY_US + baseline.learnUs;
    if (isHabit(habit, baseline) && ready < endUs) readyUs = Math.min(readyUs ?? ready, ready);
  }
  return { reports, readyUs, days, events };
};

const isHabit = (habit: Habit, { minimum }: Baseline) => habit.days >= minimum.days && habit.events >= minimum.events;

function extend(habit: Habit | undefined, cell: Cell): Habit {
  const events = cleanCount(cell);
  if (habit === undefined) return { first: cell.bucket, last: cell.bucket, days: 1, events };
  const days = habit.days + (cell.bucket > habit.last ? 1 : 0);
  return { first: habit.first, last: Math.max(habit.last, cell.bucket), days, events: habit.events + events };
}

function returned(cell: Cell, term: string, { first, last, days, events }: Habit): Report {
  const learned = { fromUs: first * DAY_US, toUs: (last + 1) * DAY_US, events, days, known: 1, values: [term] };
  return { group: cell.group, cells: [cell], fresh: [[term]], learned };
}
