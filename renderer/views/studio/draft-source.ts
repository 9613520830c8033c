import type { DraftSource } from '../../../core/contract/studio-calls.ts';

/** What a new rule is made from, as its name says it: `case/event-12.yml`; the query of a link stands beside the name. */
export function draftSourceOf(path: string, query: string | undefined): DraftSource | 'filter' | null {
  const [, kind, id] = /^case\/(event|alert|not-alert|query)-([\da-z]+)\.yml$/.exec(path) ?? [];
  if (kind === 'query') return query === undefined ? null : { query };
  if (kind === undefined || !/^[1-9]\d*$/.test(id ?? '')) return null;
  if (kind === 'not-alert') return 'filter';
  return kind === 'event' ? { event: Number(id) } : { alert: Number(id) };
}

/** The same query has the same name, so that what was begun with it is found again. */
export function queryRulePath(query: string): string {
  let hash = 5381;
  for (let index = 0; index < query.length; index++) hash = (hash * 33 + query.charCodeAt(index)) >>> 0;
  return `case/query-${hash.toString(36)}.yml`;
}

/** The number in the name of a filter for an alert. */
export const alertOfPath = (path: string): number => Number(/-(\d+)\.yml$/.exec(path)?.[1] ?? 0);
