import { mapKey } from '../map-key.ts';
import type { CorrelationItem } from './correlation-items.ts';
import type { LinkedRules } from './link-rules.ts';
import type { SigmaCorrelation } from './model.ts';

type Item = Pick<CorrelationItem, 'correlation' | 'member' | 'group' | 'values'>;

/**
 * Numbers of the items that may become part of an alert: groups too small for their correlation, whatever the times of their
 * items, are left out before anything is made of them. Most groups are.
 */
export function possibleItems(linked: LinkedRules, items: readonly Item[]): number[] {
  const own = Map.groupBy(items.keys(), (index) => (items[index] as Item).correlation);
  const possible = [...own].flatMap(([number, indexes]) => {
    const correlation = linked.correlations[number];
    const members = correlation === undefined ? [] : (linked.members.get(correlation) ?? []);
    if (correlation === undefined || members.some(({ kind }) => kind === 'correlation')) return indexes;
    const least = leastOf(correlation);
    if (least <= 1) return indexes;
    const groups = Map.groupBy(indexes, (index) => keyOf((items[index] as Item).group));
    const measure = largest(correlation);
    return [...groups.values()].filter((same) => measure(same, items) >= least).flat();
  });
  return possible.sort((a, b) => a - b);
}

const keyOf = (group: readonly string[]): string =>
  mapKey(group.length === 1 ? (group[0] as string) : JSON.stringify(group));

/** The smallest number that meets the limits. */
function leastOf({ limits }: SigmaCorrelation): number {
  return limits.reduce((most, { operator, value }) => {
    const least = operator === 'gte' || operator === 'eq' ? value : operator === 'gt' ? value + 1 : 0;
    return Math.max(most, least);
  }, 0);
}

/** The largest number that a window over some items could have. */
function largest({ type }: SigmaCorrelation): (indexes: readonly number[], items: readonly Item[]) => number {
  switch (type) {
    case 'event_count':
      return (indexes) => indexes.length;
    case 'value_count':
      return (indexes, items) => new Set(indexes.flatMap((index) => (items[index] as Item).values)).size;
    case 'temporal':
    case 'temporal_ordered':
      return (indexes, items) => new Set(indexes.map((index) => (items[index] as Item).member)).size;
    default:
      return () => Number.POSITIVE_INFINITY;
  }
}
