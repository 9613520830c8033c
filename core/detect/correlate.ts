import { type CorrelationItem, correlate as correlateItems, possibleItems } from '../sigma/sigma.ts';
import type { ProvenEvent, RuleHits } from './finish.ts';
import type { Pack } from './pack.ts';
import { packCorrelations } from './pack.ts';

/** A request, named so that its stages count once (decision 4). */
export const requestOf = ({ fields }: ProvenEvent): string =>
  JSON.stringify([fields.cluster, fields.server, fields.auditID, fields.time]);

/**
 * Correlations over the hits of all rules: `map` has said what each correlation has to remember of an event, here the items are
 * joined. Each alert comes back as the events of its requests.
 */
export function correlate(pack: Pack, hits: readonly ProvenEvent[]): RuleHits[] {
  const { items, identities } = itemsOf(pack, hits);
  const known = packCorrelations(pack);
  const facts = new Map(pack.linked.correlations.map((correlation, index) => [correlation, known[index]?.facts]));
  const found = correlateItems(pack.linked, items);
  const wanted = new Set(found.flatMap(({ events }) => events));
  const requests = new Map<string, Map<number, ProvenEvent>>();
  for (const [hit, identity] of identities) {
    if (!wanted.has(identity)) continue;
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
  hits: readonly ProvenEvent[],
): { readonly items: readonly CorrelationItem[]; readonly identities: ReadonlyMap<ProvenEvent, string> } {
  const all = hits.flatMap((hit) => (hit.proof.items ?? []).map((item) => ({ hit, item })));
  const possible = possibleItems(
    linked,
    all.map(({ item }) => item),
  ).map((index) => all[index] as (typeof all)[0]);
  const times = new Map(possible.map(({ hit, item }) => [hit, item.timeUs]));
  const identities = identitiesOf(times);
  return { items: possible.map(({ hit, item }) => ({ ...item, identity: identities.get(hit) as string })), identities };
}

/** Names of requests. Where a time stands once, it is the name: columns are read only where several hits share one. */
function identitiesOf(times: ReadonlyMap<ProvenEvent, number>): Map<ProvenEvent, string> {
  const counts = new Map<number, number>();
  for (const time of times.values()) counts.set(time, (counts.get(time) ?? 0) + 1);
  return new Map([...times].map(([hit, time]) => [hit, counts.get(time) === 1 ? String(time) : requestOf(hit)]));
}
