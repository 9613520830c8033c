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

/** The rules among the candidates that are met, each one timed. */
export function matchTimed(
  candidates: readonly number[],
  isMet: (rule: number) => boolean,
  costs: RuleCosts,
): number[] {
  const met: number[] = [];
  let before = performance.now();
  for (const rule of candidates) {
    const matches = isMet(rule);
    const after = performance.now();
    costs.seen[rule] = (costs.seen[rule] as number) + 1;
    costs.ms[rule] = (costs.ms[rule] as number) + (after - before);
    before = after;
    if (!matches) continue;
    costs.matched[rule] = (costs.matched[rule] as number) + 1;
    met.push(rule);
  }
  return met;
}
