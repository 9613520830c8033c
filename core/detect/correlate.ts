import { type CorrelationItem, correlate as correlateItems, possibleItems } from '../sigma/sigma.ts';
import type { ProvenEvent, RuleHits } from './finish.ts';
import type { Pack } from './pack.ts';
import { packCorrelations } from './pack.ts';

/** A request, named so that its stages count once (decision 4). */
export const requestOf = ({ fields }: ProvenEvent): string =>
  JSON.stringify([fields.cluster, fields.server, fields.auditID, fields.time]);

/**
 * Correlations over the hits of all rules: `map` has said what each correlation has to remember of an event, here the items are
 * joined. Each alert comes back as the events of its requests. Goes over the hits several times, so that what is read of most of
 * them need not be kept.
 */
export function correlate(pack: Pack, hits: Iterable<ProvenEvent>): RuleHits[] {
  const { items, identities } = itemsOf(pack, hits);
  const known = packCorrelations(pack);
  const facts = new Map(pack.linked.correlations.map((correlation, index) => [correlation, known[index]?.facts]));
  const found = correlateItems(pack.linked, items);
  const wanted = new Set(found.flatMap(({ events }) => events));
  const requests = new Map<string, Map<number, ProvenEvent>>();
  for (const hit of hits) {
    const identity = identities.get(hit.id);
    if (identity === undefined || !wanted.has(identity)) continue;
    const stages = requests.get(identity) ?? new Map<number, ProvenEvent>();
    requests.set(identity, stages.set(hit.id, hit));
  }
  return found.flatMap(({ correlation, group, events }) => {
    const rule = facts.get(correlation);
    return rule === undefined
      ? []
      : [{ rule, group, events: events.flatMap((identity) => [...(requests.get(identity)?.values() ?? [])]) }];
  });
}

/** The items that can make an alert, each named after its request. */
function itemsOf(
  { linked }: Pack,
  hits: Iterable<ProvenEvent>,
): { readonly items: readonly CorrelationItem[]; readonly identities: ReadonlyMap<number, string> } {
  const all: { readonly id: number; readonly item: CorrelationItem }[] = [];
  for (const { id, proof } of hits) for (const item of proof.items ?? []) all.push({ id, item });
  const possible = possibleItems(
    linked,
    all.map(({ item }) => item),
  ).map((index) => all[index] as (typeof all)[0]);
  const times = new Map(possible.map(({ id, item }) => [id, item.timeUs]));
  const identities = identitiesOf(times, hits);
  return { items: possible.map(({ id, item }) => ({ ...item, identity: identities.get(id) as string })), identities };
}

/** Names of requests. Where a time stands once, it is the name: columns are read only where several hits share one. */
function identitiesOf(times: ReadonlyMap<number, number>, hits: Iterable<ProvenEvent>): Map<number, string> {
  const counts = new Map<number, number>();
  for (const time of times.values()) counts.set(time, (counts.get(time) ?? 0) + 1);
  const identities = new Map<number, string>();
  for (const hit of hits) {
    const time = times.get(hit.id);
    if (time !== undefined) identities.set(hit.id, counts.get(time) === 1 ? String(time) : requestOf(hit));
  }
  return identities;
}
