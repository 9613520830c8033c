import type { Problem } from '../contract/fault.ts';
import { correlate } from './correlate.ts';
import { itemMapper } from './correlation-items.ts';
import { type LinkedRules, linkRules } from './link-rules.ts';
import type { SigmaOptions } from './model.ts';
import { parseRules } from './parse-rules.ts';

export interface TriedAlert {
  readonly events: readonly number[];
  readonly group: Readonly<Record<string, string>>;
}

/** What single rules of the file raise besides its correlations. */
export interface TriedDetection {
  readonly rule: string;
  readonly event: number;
}

export type TryResult =
  | { readonly matches: readonly boolean[] }
  | { readonly alerts: readonly TriedAlert[]; readonly detections: readonly TriedDetection[] }
  | { readonly refuse: readonly Problem[] };

/** Runs the text of a rule file over loose events. Any error refuses the whole text. */
export function tryRules(
  text: string,
  events: readonly unknown[],
  options: SigmaOptions,
  path = 'rule.yml',
): TryResult {
  const { documents, problems } = parseRules(path, text, options);
  const linked = linkRules(documents);
  const refuse = [...problems, ...linked.problems].filter(({ severity }) => severity === 'error');
  if (refuse.length > 0) return { refuse };
  if (linked.correlations.length > 0) return tryCorrelations(linked, events, options);
  return { matches: events.map((event) => linked.rules.some((rule) => rule.matches(event))) };
}

function tryCorrelations(linked: LinkedRules, events: readonly unknown[], options: SigmaOptions): TryResult {
  const toItems = itemMapper(linked, options);
  const identities = events.map((_, index) => String(index).padStart(9, '0'));
  const items = events.flatMap((event, index) =>
    toItems(
      event,
      identities[index] as string,
      linked.rules.filter((rule) => rule.matches(event)),
    ),
  );
  const alerts = correlate(linked, items).map(({ events: own, group }) => ({
    events: own.map(Number).sort((a, b) => a - b),
    group,
  }));
  const loud = linked.rules.filter((rule) => !linked.silent.has(rule));
  const detections = loud.flatMap((rule) =>
    events.flatMap((event, index) => (rule.matches(event) ? [{ rule: rule.title, event: index }] : [])),
  );
  return { alerts, detections };
}
