import type { AuditEvent } from '../event/audit-event.ts';
import type { Verdict } from './dispatch.ts';

/** What rules of a pack cost over some events, by their index in the pack. Sums: costs of any split can be added. */
export interface RuleCosts {
  /** Events that the dispatch table let through. */
  readonly seen: Float64Array;
  /** Events that were met. */
  readonly matched: Float64Array;
  /** Milliseconds of deciding. */
  readonly ms: Float64Array;
}

export function noCosts(rules: number): RuleCosts {
  return { seen: new Float64Array(rules), matched: new Float64Array(rules), ms: new Float64Array(rules) };
}

export function addCosts(into: RuleCosts, more: RuleCosts): void {
  for (const part of ['seen', 'matched', 'ms'] as const) {
    for (let rule = 0; rule < into[part].length; rule++)
      into[part][rule] = (into[part][rule] as number) + (more[part][rule] as number);
  }
}

/** The rules that an event meets, each one timed that its columns have left open. */
export function matchTimed({ met, open }: Verdict, event: AuditEvent, costs: RuleCosts): number[] {
  const rules = [...met];
  let before = performance.now();
  for (const { rule, test } of open) {
    if (test(event)) rules.push(rule);
    const after = performance.now();
    costs.ms[rule] = (costs.ms[rule] as number) + (after - before);
    before = after;
  }
  for (const rule of [...met, ...open.map((one) => one.rule)]) costs.seen[rule] = (costs.seen[rule] as number) + 1;
  for (const rule of rules) costs.matched[rule] = (costs.matched[rule] as number) + 1;
  return rules.sort((a, b) => a - b);
}
