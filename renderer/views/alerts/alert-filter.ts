import type { AlertFilter } from '../../../core/contract/alert-calls.ts';
import type { TimeRange } from '../../../core/contract/scope.ts';
import type { SearchParams } from '../../search-params.ts';

/** The filter that a link asks for. */
export function alertFilterOf(search: SearchParams, range: TimeRange | null): AlertFilter {
  return {
    ...(search.level === undefined ? {} : { level: search.level }),
    ...(search.status === undefined ? {} : { statuses: [search.status] }),
    ...(search.rule === undefined ? {} : { rules: [search.rule] }),
    ...(search.incident === undefined ? {} : { incidents: [search.incident] }),
    ...(search.text === undefined ? {} : { text: search.text }),
    ...(search.starred === undefined ? {} : { isStarred: true }),
    ...(search.kind === undefined || search.entity === undefined
      ? {}
      : { entity: { kind: search.kind, name: search.entity } }),
    ...(search.tab === 'suppressed' ? { isSuppressed: true } : {}),
    ...(range === null ? {} : { range }),
  };
}
