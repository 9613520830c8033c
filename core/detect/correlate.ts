import { correlate as correlateItems } from '../sigma/sigma.ts';
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
  const identities = identitiesOf(hits);
  const items = hits.flatMap(({ proof }, index) =>
    (proof.items ?? []).map((item) => ({ ...item, identity: identities[index] as string })),
  );
  const known = packCorrelations(pack);
  const facts = new Map(pack.linked.correlations.map((correlation, index) => [correlation, known[index]?.facts]));
  const found = correlateItems(pack.linked, items);
  const wanted = new Set(found.flatMap(({ events }) => events));
  const requests = new Map<string, Map<number, ProvenEvent>>();
  hits.forEach((hit, index) => {
    const identity = identities[index] as string;
    if (!wanted.has(identity)) return;
    const stages = requests.get(identity) ?? new Map<number, ProvenEvent>();
    requests.set(identity, stages.set(hit.id, hit));
  });
  return found.flatMap(({ correlation, group, events }) => {
    const rule = facts.get(correlation);
    return rule === undefined
      ? []
      : [{ rule, group, events: events.flatMap((identity) => [...(requests.get(identity)?.values() ?? [])]) }];
  });
}

/** Names the request of each hit. Where a time stands once, it is the name: columns are read only where several share one. */
function identitiesOf(hits: readonly ProvenEvent[]): string[] {
  const times = hits.map(({ proof }) => proof.items?.[0]?.timeUs ?? null);
  const counts = new Map<number | null, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  return hits.map((hit, index) => {
    const time = times[index] as number | null;
    return time !== null && counts.get(time) === 1 ? String(time) : requestOf(hit);
  });
}
