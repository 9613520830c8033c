import type { AlertGroupBy } from '../core/contract/alert-calls.ts';
import { LEVELS, type Level, STATUSES, type Status } from '../core/contract/rows.ts';
import {
  ENTITY_KINDS,
  type EntityKind,
  LANE_KINDS,
  type LaneBy,
  STACKS,
  type StackBy,
  type TimeRange,
} from '../core/contract/scope.ts';
import { microseconds, rfc3339 } from './words/time.ts';

/** Everything that a link restores. All views share range and docked event; what is absent is the default. */
export interface SearchParams {
  readonly from?: string;
  readonly to?: string;
  /** Query of hunt and timeline. */
  readonly q?: string;
  /** Event in the docked panel. */
  readonly event?: number;
  readonly alert?: number;
  readonly incident?: number;
  readonly rule?: string;
  /** Path of the rule in the studio. */
  readonly edit?: string;
  readonly kind?: EntityKind;
  readonly entity?: string;
  readonly group?: AlertGroupBy;
  readonly level?: Level;
  readonly status?: Status;
  readonly text?: string;
  readonly stack?: StackBy;
  readonly lanes?: LaneBy;
  readonly mode?: 'lanes' | 'heat';
  readonly tab?: string;
  readonly order?: string;
  readonly evidence?: number;
  readonly rejected?: 'skipped' | 'malformed';
  readonly starred?: 'yes';
}

const GROUPS: readonly AlertGroupBy[] = ['incident', 'rule', 'identity', 'object', 'none'];

/** Reads a link; what makes no sense is left out, never an error. */
export function readSearch(raw: Readonly<Record<string, unknown>>): SearchParams {
  return clean({
    from: time(raw['from']),
    to: time(raw['to']),
    q: text(raw['q']),
    event: whole(raw['event']),
    alert: whole(raw['alert']),
    incident: whole(raw['incident']),
    rule: text(raw['rule']),
    edit: text(raw['edit']),
    kind: oneOf(ENTITY_KINDS, raw['kind']),
    entity: text(raw['entity']),
    group: oneOf(GROUPS, raw['group']),
    level: oneOf(LEVELS, raw['level']),
    status: oneOf(STATUSES, raw['status']),
    text: text(raw['text']),
    stack: oneOf(STACKS, raw['stack']),
    lanes: oneOf(LANE_KINDS, raw['lanes']),
    mode: oneOf(['lanes', 'heat'] as const, raw['mode']),
    tab: text(raw['tab']),
    order: text(raw['order']),
    evidence: whole(raw['evidence']),
    rejected: oneOf(['skipped', 'malformed'] as const, raw['rejected']),
    starred: oneOf(['yes'] as const, raw['starred']),
  });
}

/** `?q=verb%3Acreate&event=12`: plain names and values, so that people can read and change a link. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** The chosen range in microseconds; open ends are those of the case. Null: the whole case. */
export function rangeOf(search: SearchParams, span: TimeRange | null): TimeRange | null {
  if (search.from === undefined && search.to === undefined) return null;
  const from = search.from === undefined ? (span?.from ?? 0) : microseconds(search.from);
  const to = search.to === undefined ? (span?.to ?? from) : microseconds(search.to);
  return from <= to ? { from, to } : { from: to, to: from };
}

/** A range as a link says it; null takes it out. */
export function rangeParams(range: TimeRange | null): {
  readonly from: string | undefined;
  readonly to: string | undefined;
} {
  return range === null ? { from: undefined, to: undefined } : { from: rfc3339(range.from), to: rfc3339(range.to) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function whole(value: unknown): number | undefined {
  const number = Number(value);
  return value !== undefined && value !== '' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function time(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(microseconds(value)) ? value : undefined;
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

function clean(search: { readonly [K in keyof SearchParams]: SearchParams[K] | undefined }): SearchParams {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
