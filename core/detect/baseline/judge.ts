import type { Baseline } from './baseline.ts';
import type { Cell } from './cells.ts';

/** What was learnt of one group elsewhere: it counts as known for good. */
export interface Prior {
  readonly events: number;
  readonly days: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** By part, the terms with their requests. */
  readonly terms: readonly (readonly (readonly [term: string, events: number])[])[];
  /** Of a spike: counts seen in each hour of the day (UTC), zeros included. */
  readonly hours?: readonly (readonly number[])[];
}

/** Something that a group never did, seldom does, or does far more often than ever. */
export interface Report {
  readonly group: string;
  /** What shows it, in the order of time. */
  readonly cells: readonly Cell[];
  /** What is new or rare, by part; of a spike nothing. */
  readonly fresh: readonly (readonly string[])[];
  readonly learned: Learned;
  readonly spike?: { readonly count: number; readonly usual: number; readonly most: number };
  /** Of `rare`: the share of the term, as a number from 0 to 1. */
  readonly share?: number;
}

/** What was known before: since when, until when, from how many requests, on how many days. */
export interface Learned {
  readonly fromUs: number;
  readonly toUs: number;
  readonly events: number;
  readonly days: number;
  readonly known: number;
  /** The known terms, those seen most often first; at most ten. */
  readonly values: readonly string[];
}

/** What a judge made of one group. */
export interface Judgement {
  readonly reports: readonly Report[];
  /** When habits were known well enough for the first time; null: never. */
  readonly readyUs: number | null;
  /** The longest history that was reached, to say how far it was from enough. */
  readonly days: number;
  readonly events: number;
}

/** Judges the cells of one group, in the order of time. `endUs`: time of the last event of the case. */
export type Judge = (baseline: Baseline, cells: readonly Cell[], prior: Prior | undefined, endUs: number) => Judgement;

/** Known terms that an explanation lists. */
const MOST_TOLD = 10;

/** The terms seen most often; equal ones in the order of their texts. */
export function mostSeen(counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return sorted.slice(0, MOST_TOLD).map(([term]) => term);
}

/** Requests of a cell that something may be learnt from. */
export const cleanCount = (cell: Cell): number => Math.max(0, cell.count - cell.excluded);
