import type { Alert, EventPlace, EventRow, Level } from '../../contract/rows.ts';

/** An alert with what other tools want to know besides. */
export interface ExportedAlert extends Alert {
  /** Where the first event that proves it stands. */
  readonly place: EventPlace | null;
  /** Text of its rule as it was run. */
  readonly ruleText: string;
}

/** What all alerts of one export share. */
export interface ExportContext {
  /** Version of this program. */
  readonly version: string;
  /** Time of the last event: outputs bear no clock. */
  readonly asOf: string;
}

/** Writes a format piece by piece; nothing grows with the number of items but what a format demands. */
export interface Format<Item> {
  head?(context: ExportContext): string;
  item(item: Item, context: ExportContext, index: number): string;
  tail?(context: ExportContext): string;
}

export type AlertWriter = Format<ExportedAlert>;
export type EventWriter = Format<EventRow>;

/** 1 (informational) to 5 (critical). */
export const RANK: Readonly<Record<Level, number>> = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 };

/** `pods`, of `pods/web-0`. */
export const kindOf = (object: string | null): string | null => object?.split('/')[0] ?? null;

/** `web-0`, of `pods/web-0`. */
export const nameOf = (object: string | null): string | null => object?.split('/').slice(1).join('/') || null;

/** Milliseconds since 1970. */
export const millis = (time: string): number => Date.parse(time) || 0;

/** `PrivilegeEscalation`, of `privilege-escalation`. */
export const pascal = (words: string): string =>
  words
    .split(/[-_ ]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
