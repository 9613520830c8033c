import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Pivot } from '../core/contract/alert-calls.ts';
import type { EntityRef, TimeRange } from '../core/contract/scope.ts';
import { useCase } from './calls/use-call.ts';
import { rangeOf, rangeParams, type SearchParams } from './search-params.ts';

export const VIEWS = ['overview', 'evidence', 'timeline', 'alerts', 'hunt', 'entities', 'rules', 'report'] as const;
export type ViewName = (typeof VIEWS)[number];

/** What goes along from view to view. */
type Carried = 'from' | 'to';

export interface Place {
  readonly search: SearchParams;
  /** The chosen time range, null for the whole case. */
  readonly range: TimeRange | null;
  /** Changes the link of this view; `undefined` takes a part out. */
  set(
    change: { readonly [K in keyof SearchParams]?: SearchParams[K] | undefined },
    options?: { readonly replace?: boolean },
  ): void;
  setRange(range: TimeRange | null, options?: { readonly replace?: boolean }): void;
  go(view: ViewName, search?: SearchParams): void;
  /** Carries a next step out. */
  follow(pivot: Pivot): void;
}

/** Where the person is: the link is the only state of a view that lasts. */
export function usePlace(): Place {
  const search = useSearch({ strict: false }) as SearchParams;
  const navigate = useNavigate();
  const span = useCase()?.span ?? null;
  const range = useMemo(() => rangeOf(search, span), [search, span]);
  const set = useCallback<Place['set']>(
    (change, options) => {
      void navigate({
        to: '.',
        search: ((before: SearchParams) => ({ ...before, ...change })) as never,
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
  const go = useCallback(
    (view: ViewName, next: SearchParams = {}): void => {
      void navigate({
        to: pathOf(view),
        search: ((before: Pick<SearchParams, Carried>) => ({ ...carried(before), ...next })) as never,
      });
    },
    [navigate],
  );
  const follow = useCallback((pivot: Pivot): void => followPivot(pivot, go), [go]);
  const setRange = useCallback<Place['setRange']>((next, options) => set(rangeParams(next), options), [set]);
  return { search, range, set, setRange, go, follow };
}

export function pathOf(view: ViewName): string {
  return view === 'overview' ? '/' : `/${view}`;
}

/** The part of a link that every view understands. */
export function carried(search: SearchParams): SearchParams {
  return {
    ...(search.from === undefined ? {} : { from: search.from }),
    ...(search.to === undefined ? {} : { to: search.to }),
  };
}

export function entitySearch(entity: EntityRef): SearchParams {
  return { kind: entity.kind, entity: entity.name };
}

function followPivot(pivot: Pivot, go: Place['go']): void {
  const range = (value: TimeRange | undefined): SearchParams =>
    value === undefined ? {} : (rangeParams(value) as SearchParams);
  switch (pivot.kind) {
    case 'events':
      go('hunt', { q: pivot.query, ...range(pivot.range) });
      return;
    case 'timeline':
      go('timeline', { ...(pivot.query === '' ? {} : { q: pivot.query }), ...range(pivot.range) });
      return;
    case 'entity':
      go('entities', entitySearch(pivot.entity));
      return;
    case 'event':
      go('timeline', { event: pivot.event });
      return;
    case 'alerts':
      go('alerts', {
        ...(pivot.filter.text === undefined ? {} : { text: pivot.filter.text }),
        ...(pivot.filter.rules?.[0] === undefined ? {} : { rule: pivot.filter.rules[0] }),
        ...(pivot.filter.statuses?.[0] === undefined ? {} : { status: pivot.filter.statuses[0] }),
        ...(pivot.filter.level === undefined ? {} : { level: pivot.filter.level }),
        ...(pivot.filter.incidents?.[0] === undefined ? {} : { incident: pivot.filter.incidents[0] }),
        ...(pivot.filter.entity === undefined ? {} : entitySearch(pivot.filter.entity)),
      });
      return;
  }
}
