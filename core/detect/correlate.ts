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
export function correlate(pack: Pack, hits: Iterable<ProvenEvent>): RuleHits[] {
  const requests = new Map<string, Map<number, ProvenEvent>>();
  const items = [];
  for (const hit of hits) {
    if (hit.proof.items === undefined) continue;
    const identity = requestOf(hit);
    for (const item of hit.proof.items) items.push({ ...item, identity });
    const stages = requests.get(identity) ?? new Map<number, ProvenEvent>();
    requests.set(identity, stages.set(hit.fields.id, hit));
  }
  const known = packCorrelations(pack);
  const facts = new Map(pack.linked.correlations.map((correlation, index) => [correlation, known[index]?.facts]));
  return correlateItems(pack.linked, items).flatMap(({ correlation, group, events }) => {
    const rule = facts.get(correlation);
    return rule === undefined
      ? []
      : [{ rule, group, events: events.flatMap((identity) => [...(requests.get(identity)?.values() ?? [])]) }];
  });
}
