import type { Level } from './alert-rows.ts';

export interface Coverage {
  readonly rule: { readonly id: string; readonly title: string };
  readonly state: 'fired' | 'clean' | 'blind';
  readonly reason: string;
  /** Events that could have met it. */
  readonly eventsSeen: number;
  /** When, or in which cluster, it could not have fired: the rest of its silence is worth what `state` says. */
  readonly parts: readonly CoveragePart[];
}

/** What an audit policy would have to record for a blind rule to see. */
export interface Wanted {
  /** Null: the group is not known from the log. */
  readonly apiGroup: string | null;
  /** `pods/exec` for a subresource. */
  readonly resource: string;
  /** Verbs that policies treat alike; null stands for all. */
  readonly verbs: 'read' | 'write' | 'connect' | 'path' | null;
  readonly level: 'Metadata' | 'Request' | 'RequestResponse';
}

/** A part of the time in which a rule was blind. */
export interface CoveragePart {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Styles of field names that rules of other collections use (docs/mappings.md). */
export const FIELD_STYLES = ['ecs', 'falco', 'panther'] as const;
export type FieldStyle = (typeof FIELD_STYLES)[number];

/** A value that somebody added to a list. */
export interface OwnValue {
  readonly value: string;
  readonly note: string;
  readonly examiner: string;
  readonly time: string;
}

/** A list that rules compare with: what is shipped, and what was added or put in its place in this case. */
export interface RuleList {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** When the shipped values were last looked through; null for a list that only this case has. */
  readonly date: string | null;
  readonly origin: string;
  /** Shipped values, whether they count or not. */
  readonly shipped: readonly string[];
  /** Whether only the case's own values count. */
  readonly isReplaced: boolean;
  readonly own: readonly OwnValue[];
  /** Titles of the rules that use it. */
  readonly rules: readonly string[];
}

/** What an indicator is compared with. */
export const INDICATOR_KINDS = ['address', 'network', 'agent', 'user', 'image', 'digest'] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** A list of indicators that was brought into a case. */
export interface IndicatorListRow {
  readonly id: number;
  readonly name: string;
  readonly origin: string;
  /** Day of the list, `2026-03-04`; null where nobody knows it. */
  readonly date: string | null;
  /** Whether it is older than the log by so much that its values may mean somebody else by now, or nobody knows its day. */
  readonly isStale: boolean;
  /** Why it is stale, or ''. */
  readonly staleness: string;
  readonly level: Level;
  /** `plain`, `csv`, `stix` or `misp`. */
  readonly format: string;
  readonly file: string;
  readonly sha256: string;
  /** Indicators by kind: `address`, `network`, `agent`, `user`, `image`, `digest`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Entries that were passed over, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly note: string;
  readonly examiner: string;
  readonly time: string;
  /** Alerts of the last run. */
  readonly hits: number;
}
