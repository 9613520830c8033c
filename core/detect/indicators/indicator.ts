import type { IndicatorKind } from '../../contract/rows.ts';

/** One value of a list of indicators. */
export interface Indicator {
  readonly kind: IndicatorKind;
  /** Agents, users and images may hold `*`. */
  readonly value: string;
  /** What the list says about it. */
  readonly note: string;
  /** Day after which its authors no longer stand by it, `2026-03-04`, or null. */
  readonly until: string | null;
}

/** A file of indicators as it was read. */
export interface ReadIndicators {
  readonly format: 'plain' | 'csv' | 'stix' | 'misp';
  readonly indicators: readonly Indicator[];
  /** Day that the file says of itself, or null. */
  readonly date: string | null;
  /** Who made it, as the file says, or ''. */
  readonly origin: string;
  /** Entries that were passed over, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** Indicators of one file. */
export const MOST_INDICATORS = 500_000;
