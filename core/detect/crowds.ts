import type { RunWarning } from '../contract/rows.ts';
import type { Finding } from '../store/findings.ts';
import { MOST_IDENTITIES, MOST_LISTED, type RuleHits } from './finish.ts';

/**
 * Hits of correlations, baselines and lists, of which each is an alert: where one of these finds more groups than can be told
 * apart, its groups are dropped, and its events make alerts as those of any rule do.
 */
export function withoutCrowds(hits: readonly RuleHits[]): RuleHits[] {
  const byRule = Map.groupBy(hits, ({ rule }) => rule.id);
  return [...byRule.values()].flatMap((own) => (own.length > MOST_IDENTITIES ? [joined(own)] : own));
}

function joined(hits: readonly RuleHits[]): RuleHits {
  const events = new Map(hits.flatMap((hit) => hit.events.map((event) => [event.id, event] as const)));
  return { rule: (hits[0] as RuleHits).rule, events: [...events.values()] };
}

/** What the alerts of a run leave out of their lists, and rules that fire for everybody. */
export function crowdWarnings(findings: readonly Finding[]): RunWarning[] {
  return findings.flatMap(({ title, identities, count, auditIDs }) => {
    const found: RunWarning[] = [];
    if (identities !== undefined) {
      const text = `"${title}" fires for ${identities} identities, more than ${MOST_IDENTITIES}: its ${count} requests are one alert.`;
      found.push({ kind: 'crowd', text });
    }
    if (auditIDs.length >= MOST_LISTED && count > MOST_LISTED) {
      const text = `An alert of "${title}" lists the first ${MOST_LISTED} of ${count} requests; all of them are kept with it.`;
      found.push({ kind: 'listed', text });
    }
    return found;
  });
}
