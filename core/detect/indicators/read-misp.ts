import { asList, asObject, asText, own } from '../../event/value.ts';
import { IndicatorCollector } from './collector.ts';
import type { Indicator, ReadIndicators } from './indicator.ts';
import { dayOf } from './kind-of.ts';
import { mispIndicators } from './misp-types.ts';

/** Events of MISP: one, or a list of them, or an answer of its interface. Null where the document is none. */
export function readMisp(document: unknown): ReadIndicators | null {
  const events = eventsOf(document);
  if (events.length === 0) return null;
  const collector = new IndicatorCollector();
  for (const event of events) {
    const info = asText(own(event, 'info')) ?? '';
    const objects = asList(own(event, 'Object')).flatMap((object) => asList(own(object, 'Attribute')));
    for (const attribute of [...asList(own(event, 'Attribute')), ...objects])
      collector.take(readAttribute(attribute, info));
  }
  const dates = events.flatMap((event) => dayOf(own(event, 'date')) ?? []).sort();
  const origins = events.flatMap((event) => asText(own(own(event, 'Orgc'), 'name')) ?? []);
  return collector.result({ format: 'misp', date: dates.at(-1) ?? null, origin: [...new Set(origins)].join(', ') });
}

/** The indicators of an attribute, or why it has none. */
function readAttribute(attribute: unknown, info: string): Indicator[] | string {
  if (own(attribute, 'to_ids') === false) return 'meant as context, not for detection';
  if (own(attribute, 'deleted') === true) return 'deleted';
  const type = asText(own(attribute, 'type')) ?? '';
  const comment = asText(own(attribute, 'comment')) ?? '';
  const found = mispIndicators(type, asText(own(attribute, 'value')) ?? '', comment || info);
  return found.length > 0 ? found : `of the type ${type.slice(0, 40) || '(none)'}, which stands in no audit log`;
}

function eventsOf(document: unknown): readonly unknown[] {
  const list = Array.isArray(document) ? document : asList(own(document, 'response'));
  const candidates = list.length > 0 ? list : [document];
  return candidates.flatMap((candidate) => asObject(own(candidate, 'Event')) ?? []);
}
