import type { RedactionProfile } from '../contract/report.ts';
import { collectNames } from '../report/redact/collect.ts';
import { Redactor } from '../report/redact/redactor.ts';
import { Vocabulary } from '../report/redact/vocabulary.ts';
import type { CaseStore } from '../store/case-store.ts';
import { eventOf } from './event-rows.ts';

/** Knows all names in the columns of a case, and those in the bodies of some of its events. */
export async function redactorOf(
  store: CaseStore,
  profile: RedactionProfile,
  bodiesOf: Iterable<number> | AsyncIterable<number>,
): Promise<Redactor> {
  const vocabulary = new Vocabulary(profile);
  for (const { kind, text } of store.names()) vocabulary.add(kind, text);
  for (const { cluster, namespace, object, users, sourceIPs } of store.foreign.alerts()) {
    if (cluster !== null) vocabulary.add('node', cluster);
    if (namespace !== null) vocabulary.add('namespace', namespace);
    if (object !== null) vocabulary.add('name', object.split('/').at(-1) as string);
    for (const user of users) vocabulary.add('user', user);
    for (const address of sourceIPs) vocabulary.add('address', address);
  }
  for await (const id of bodiesOf) collectNames(eventOf(store.events, id), vocabulary);
  return new Redactor(store.redactionKey(), vocabulary);
}
