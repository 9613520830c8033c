import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { jsonText } from '../../text.ts';
import type { AlertWriter, ExportContext, ExportedAlert } from './exported.ts';

/** Name space of identifiers that STIX 2.1 gives to cyber-observable objects. */
const STIX_NAMESPACE = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Name space of our own, for everything else. */
const OWN_NAMESPACE = 'a8fd6ad8-21f5-5a3f-9b0a-0f0b7a1f1c5e';

interface StixObject {
  readonly type: string;
  readonly id: string;
  readonly [name: string]: unknown;
}

/** A STIX 2.1 bundle: rules as indicators, alerts as sightings of them in observed data. Identifiers follow from contents. */
export function stix(): AlertWriter {
  const told = new Set<string>();
  const fresh = (objects: readonly StixObject[]) =>
    objects.filter(({ id }) => {
      const isNew = !told.has(id);
      told.add(id);
      return isNew;
    });
  return {
    head: (context) =>
      `{"type":"bundle","id":"bundle--${uuid5(OWN_NAMESPACE, `bundle ${context.asOf}`)}","objects":[\n${jsonText(maker(context))}`,
    item: (alert, context) =>
      fresh(objectsOf(alert, context))
        .map((object) => `,\n${jsonText(object)}`)
        .join(''),
    tail: () => '\n]}\n',
  };
}

const makerId = `identity--${uuid5(OWN_NAMESPACE, 'decklog')}`;

/** What every domain object bears. Times are of the evidence: an export bears no clock. */
const common = (type: string, key: string, time: string) => ({
  type,
  spec_version: '2.1',
  id: `${type}--${uuid5(OWN_NAMESPACE, `${type} ${key}`)}`,
  created: stixTime(time),
  modified: stixTime(time),
});

const maker = ({ asOf, version }: ExportContext): StixObject => ({
  ...common('identity', 'decklog', asOf),
  id: makerId,
  name: 'Decklog',
  identity_class: 'system',
  description: `Decklog ${version}: findings in Kubernetes audit logs`,
});

function objectsOf(alert: ExportedAlert, { asOf }: ExportContext): StixObject[] {
  const observables = observablesOf(alert);
  const patterns = alert.attack.map((technique) => attackPattern(technique, asOf));
  const indicator = indicatorOf(alert, asOf);
  const observed: StixObject = {
    ...common('observed-data', alert.key, asOf),
    created_by_ref: makerId,
    first_observed: stixTime(alert.firstTime),
    last_observed: stixTime(alert.lastTime),
    number_observed: Math.min(999_999_999, Math.max(1, alert.count)),
    object_refs: observables.map(({ id }) => id),
  };
  const sighting: StixObject = {
    ...common('sighting', alert.key, asOf),
    created_by_ref: makerId,
    description: `${alert.title}: ${alert.summary}`,
    first_seen: stixTime(alert.firstTime),
    last_seen: stixTime(alert.lastTime),
    count: Math.min(999_999_999, alert.count),
    sighting_of_ref: indicator.id,
    observed_data_refs: [observed.id],
    where_sighted_refs: [makerId],
    external_references: [{ source_name: 'decklog', external_id: alert.key, description: evidenceText(alert) }],
  };
  const links = patterns.map(
    (pattern): StixObject => ({
      ...common('relationship', `${indicator.id} ${pattern.id}`, asOf),
      relationship_type: 'indicates',
      source_ref: indicator.id,
      target_ref: pattern.id,
    }),
  );
  return [...observables, ...patterns, indicator, observed, sighting, ...links];
}

function evidenceText({ place, auditIDs, level, status, outcome }: ExportedAlert): string {
  const where = place === null ? '' : ` member ${place.sha256}, offset ${place.offset}, ${place.length} bytes;`;
  return `level ${level}, ${outcome}, ${status};${where} auditID ${auditIDs[0] ?? ''}`;
}

/** Accounts and addresses; an alert without either is of the API server's software. */
function observablesOf({ users, sourceIPs }: ExportedAlert): StixObject[] {
  const accounts = users
    .filter((name) => name !== '')
    .map((login) => observable('user-account', { account_login: login, account_type: 'kubernetes' }));
  const addresses = sourceIPs.flatMap((value) => {
    const type = isIPv4(value) ? 'ipv4-addr' : isIPv6(value) ? 'ipv6-addr' : null;
    return type === null ? [] : [observable(type, { value })];
  });
  const all = [...accounts, ...addresses];
  return all.length > 0 ? all : [observable('software', { name: 'kube-apiserver' })];
}

/** Identifiers of observables follow from the properties that the standard names, as canonical JSON. */
function observable(type: string, properties: Readonly<Record<string, string>>): StixObject {
  return {
    type,
    spec_version: '2.1',
    id: `${type}--${uuid5(STIX_NAMESPACE, JSON.stringify(properties))}`,
    ...properties,
  };
}

function attackPattern(technique: string, asOf: string): StixObject {
  return {
    ...common('attack-pattern', technique, asOf),
    name: technique,
    external_references: [{ source_name: 'mitre-attack', external_id: technique }],
  };
}

function indicatorOf({ rule, ruleText, tactics }: ExportedAlert, asOf: string): StixObject {
  const phases = tactics.map((tactic) => ({ kill_chain_name: 'mitre-attack', phase_name: tactic }));
  return {
    ...common('indicator', `${rule.id} ${ruleText}`, asOf),
    created_by_ref: makerId,
    name: rule.title,
    indicator_types: ['malicious-activity'],
    pattern: ruleText === '' ? rule.id : ruleText,
    pattern_type: 'sigma',
    valid_from: stixTime(asOf),
    ...(phases.length > 0 && { kill_chain_phases: phases }),
  };
}

const stixTime = (time: string): string => time || '1970-01-01T00:00:00.000Z';

/** A name-based UUID (RFC 4122, version 5). */
function uuid5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
