import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { AlertFilter, AlertGroup, AlertGroupBy, AlertLine } from '../../../core/contract/alert-calls.ts';
import type { DecklogBridge } from '../../../core/contract/calls.ts';
import { ask } from '../../calls/ask.ts';
import { useBridge, useCall } from '../../calls/use-call.ts';

/** A row of the list: a heading, an alert, or what has not been fetched. */
export type AlertListRow =
  | { readonly kind: 'group'; readonly group: AlertGroup; readonly isOpen: boolean }
  | { readonly kind: 'alert'; readonly line: AlertLine; readonly group: string }
  | { readonly kind: 'more'; readonly group: string; readonly left: number | null };

interface Fetched {
  readonly lines: readonly AlertLine[];
  readonly total: number;
}

const STEP = 300;
const PAGE = 300;
/** Groups stand open at first while all their alerts fit on a few screens. */
const OPEN_AT_FIRST = 120;

export interface AlertRows {
  readonly rows: readonly AlertListRow[];
  readonly groups: readonly AlertGroup[];
  readonly isLoading: boolean;
  readonly error: unknown;
  toggle(key: string): void;
  more(key: string): void;
  refetch(): void;
}

/** The list of alerts under their headings; alerts of a heading are fetched when it stands open, page by page. */
export function useAlertRows(filter: AlertFilter, by: AlertGroupBy, order: 'time' | 'level'): AlertRows {
  const bridge = useBridge();
  const groups = useCall('alerts/groups', { filter, by }, { keeps: true });
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [limits, setLimits] = useState<ReadonlyMap<string, number>>(new Map());
  const all = useMemo(() => groups.data ?? [], [groups.data]);
  const open = useMemo(() => openGroups(all, by, toggled), [all, by, toggled]);
  const fetched = useQueries({
    queries: open.map((group) => {
      const limit = limits.get(`${by} ${group.key}`) ?? STEP;
      return {
        queryKey: ['alerts/page', filter, by, group.key, order, limit],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          fetchLines(bridge, filter, by, group.key, order, limit, signal),
        placeholderData: (before: Fetched | undefined) => before,
      };
    }),
  });
  const byKey = new Map(open.map((group, index) => [group.key, fetched[index]?.data]));
  const openKeys = new Set(open.map((group) => group.key));
  const rows = all.flatMap((group) => rowsOf(group, openKeys.has(group.key), byKey.get(group.key), by === 'none'));
  const toggle = useCallback(
    (key: string): void => setToggled((before) => new Map(before).set(`${by} ${key}`, !openKeys.has(key))),
    [by, openKeys],
  );
  return {
    rows,
    groups: all,
    isLoading: groups.isPending || fetched.some((each) => each.isPending),
    error: groups.error ?? fetched.find((each) => each.error !== null)?.error ?? null,
    toggle,
    more: (key) =>
      setLimits((before) => new Map(before).set(`${by} ${key}`, (before.get(`${by} ${key}`) ?? STEP) + 1000)),
    refetch: () => void groups.refetch(),
  };
}

function openGroups(
  groups: readonly AlertGroup[],
  by: AlertGroupBy,
  toggled: ReadonlyMap<string, boolean>,
): readonly AlertGroup[] {
  let before = 0;
  return groups.filter((group, index) => {
    const isOpenAtFirst = index === 0 || before < OPEN_AT_FIRST;
    before += group.alerts;
    return by === 'none' || (toggled.get(`${by} ${group.key}`) ?? isOpenAtFirst);
  });
}

async function fetchLines(
  bridge: DecklogBridge,
  filter: AlertFilter,
  by: AlertGroupBy,
  key: string,
  order: 'time' | 'level',
  limit: number,
  signal: AbortSignal,
): Promise<Fetched> {
  const lines: AlertLine[] = [];
  let after: number | undefined;
  for (;;) {
    const request = {
      filter,
      group: { by, key },
      order,
      limit: Math.min(PAGE, limit - lines.length),
      ...(after === undefined ? {} : { after }),
    };
    const page = await ask(bridge, 'alerts/page', request, { signal });
    lines.push(...page.rows);
    if (page.next === null || lines.length >= limit) return { lines, total: page.total };
    after = page.next;
  }
}

function rowsOf(
  group: AlertGroup,
  isOpen: boolean,
  fetched: Fetched | undefined,
  isBare: boolean,
): readonly AlertListRow[] {
  const head: AlertListRow[] = isBare ? [] : [{ kind: 'group', group, isOpen }];
  if (!isOpen) return head;
  if (fetched === undefined) return [...head, { kind: 'more', group: group.key, left: null }];
  const lines: AlertListRow[] = fetched.lines.map((line) => ({ kind: 'alert', line, group: group.key }));
  const left = fetched.total - fetched.lines.length;
  return [...head, ...lines, ...(left > 0 ? [{ kind: 'more' as const, group: group.key, left }] : [])];
}

/** The next row from `at` in a direction that is an alert and fits; -1 if none. */
export function nextAlert(
  rows: readonly AlertListRow[],
  at: number,
  by: 1 | -1,
  fits: (line: AlertLine) => boolean = () => true,
): number {
  for (let index = at + by; index >= 0 && index < rows.length; index += by) {
    const row = rows[index];
    if (row?.kind === 'alert' && fits(row.line)) return index;
  }
  return -1;
}
