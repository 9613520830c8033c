import { randomUUID } from 'node:crypto';
import { stringify } from 'yaml';
import type { Alert } from '../../contract/rows.ts';
import type { Draft, TellingField } from '../../contract/studio-calls.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { CaseError } from '../../fault.ts';
import { valuesOf } from './case-values.ts';
import { quoted } from './complete.ts';

/** Fields that say what an event is, the most telling first; `true`: a draft asks for them unless told otherwise. */
const TELLING: readonly (readonly [field: string, isChosen: boolean])[] = [
  ['objectRef.resource', true],
  ['objectRef.subresource', true],
  ['objectRef.apiGroup', true],
  ['verb', true],
  ['decklog.exec.command', true],
  ['decklog.container', true],
  ['decklog.pod.hostPaths', true],
  ['decklog.rbac.grant', true],
  ['decklog.binding.role', true],
  ['decklog.service.exposure', true],
  ['decklog.csr.signer', true],
  ['objectRef.namespace', false],
  ['objectRef.name', false],
  ['user.username', false],
  ['impersonatedUser.username', false],
  ['decklog.actor.kind', false],
  ['userAgent', false],
  ['decklog.sourceIP', false],
  ['decklog.sourceIP.scope', false],
  ['decklog.pod.images', false],
  ['responseStatus.code', false],
  ['decklog.outcome', false],
];

/** A rule that finds an event, and what else it could ask for. `fields` chooses, `patterns` leaves particulars open. */
export function draftOfEvent(event: AuditEvent, fields?: readonly string[], patterns: readonly string[] = []): Draft {
  const telling = TELLING.flatMap(([field, isUsual]): TellingField[] => {
    const [value] = valuesOf(event, field);
    if (value === undefined) return [];
    const isChosen = fields === undefined ? isUsual : fields.includes(field);
    return [{ field, value, pattern: patternOf(field, value), isChosen }];
  });
  const chosen = telling.filter(({ isChosen }) => isChosen);
  const entries = chosen.map(({ field, value, pattern }) => {
    const isOpen = pattern !== null && (patterns.includes(field) || field === 'decklog.container');
    return `    ${field}: ${isOpen ? `'${pattern.replaceAll("'", "''")}'` : quoted(value)}`;
  });
  return {
    text: ruleText(
      'New rule',
      entries.join('\n'),
      chosen.some(({ field }) => field.startsWith('decklog.')),
    ),
    fields: telling,
  };
}

/** The value with what is particular to one object or build left open. */
function patternOf(field: string, value: string): string | null {
  const escaped = value.replace(/[*?\\]/g, '\\$&');
  if (field === 'decklog.container') return escaped.replace(/\bname=\S+/, 'name=*').replace(/\bimage=\S+/, 'image=*');
  if (field === 'userAgent') return `${/^[^/\s]+/.exec(escaped)?.[0] ?? ''}*`;
  if (field === 'user.username' && value.startsWith('system:serviceaccount:')) return 'system:serviceaccount:*';
  if (field === 'user.username' && value.includes('@')) return `*@${escaped.split('@').at(-1)}`;
  if (field === 'decklog.exec.command') return `${/^\S+/.exec(escaped)?.[0] ?? ''}*`;
  if (field === 'decklog.pod.images') return `${escaped.replace(/[:@][^/]*$/, '')}*`;
  if (field === 'objectRef.name' || field === 'decklog.sourceIP') return `${escaped.replace(/[-.][^-.]*$/, '')}*`;
  return null;
}

function ruleText(title: string, selection: string, isDerived: boolean): string {
  return `title: ${title}
id: ${randomUUID()}
status: experimental
description: >-
  What it finds, and why that matters.
${isDerived ? 'taxonomy: decklog\n' : ''}logsource:
  product: kubernetes
  service: audit
detection:
  selection:
${selection}
  filter_received:
    stage: RequestReceived
  condition: selection and not 1 of filter_*
falsepositives:
  - Unknown
level: medium
`;
}

/** Short names of the query language, and the fields of a rule. */
const QUERY_FIELDS: Readonly<Record<string, string>> = {
  user: 'user.username',
  username: 'user.username',
  group: 'user.groups',
  groups: 'user.groups',
  impersonated: 'impersonatedUser.username',
  impersonatedUser: 'impersonatedUser.username',
  ip: 'sourceIPs',
  sourceIP: 'sourceIPs',
  agent: 'userAgent',
  resource: 'objectRef.resource',
  subresource: 'objectRef.subresource',
  sub: 'objectRef.subresource',
  namespace: 'objectRef.namespace',
  ns: 'objectRef.namespace',
  name: 'objectRef.name',
  apiGroup: 'objectRef.apiGroup',
  code: 'responseStatus.code',
  status: 'responseStatus.code',
  decision: 'annotations.authorization.k8s.io/decision',
  uri: 'requestURI',
};

/** A rule from a query whose conditions are all joined by and; what it cannot say stands in a comment. */
export function draftOfQuery(query: string): Draft {
  const found = [...query.matchAll(/(not\s+|-)?([\w.]+):("[^"]*"|\S+)/g)];
  const line = (negated: boolean) =>
    found
      .filter(([, not]) => (not !== undefined) === negated)
      .map(([, , name = '', value = '']) => `    ${QUERY_FIELDS[name] ?? name}: ${fromQuery(value)}`);
  const [selection, filter] = [line(false), line(true)];
  const rest = query.replace(/(not\s+|-)?([\w.]+):("[^"]*"|\S+)/g, '').replace(/\b(and|or|not)\b|[()\s]/g, '');
  const text = ruleText(
    'New rule',
    selection.length > 0 ? selection.join('\n') : '    verb: create',
    query.includes('decklog.'),
  );
  const withFilter =
    filter.length === 0
      ? text
      : text.replace('  filter_received:', `  filter_other:\n${filter.join('\n')}\n  filter_received:`);
  const note = rest === '' && !/\bor\b/.test(query) ? '' : `# Not carried over whole: ${query.replaceAll('\n', ' ')}\n`;
  return { text: note + withFilter, fields: [] };
}

function fromQuery(value: string): string {
  const plain = value.replace(/^"(.*)"$/, '$1');
  return /[*?]/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : quoted(plain);
}

/** A filter that drops requests like those of an alert: the rule, the identity and the object. */
export function filterOfAlert(alert: Alert): string {
  const selection: Record<string, string> = {};
  const [address] = alert.sourceIPs.slice(-1);
  if (alert.user !== '') selection['decklog.actor'] = plainPattern(alert.user);
  else if (address !== undefined) selection['decklog.sourceIP'] = plainPattern(address);
  if (alert.namespace !== null) selection['objectRef.namespace'] = plainPattern(alert.namespace);
  const owner = alert.object === null ? null : `${alert.namespace ?? ''}/${alert.object}`;
  if (owner !== null) selection['decklog.owner'] = plainPattern(owner);
  if (Object.keys(selection).length === 0) {
    throw new CaseError('usage', 'The alert names nobody and nothing that could be left out.', {
      hint: 'Switch the rule off, or write a filter by hand.',
    });
  }
  return stringify({
    title: `Not ${alert.rule.title}: ${alert.user || 'unknown'} on ${alert.object ?? 'the cluster'}`,
    id: randomUUID(),
    description: 'Why this is left out, and until when.',
    taxonomy: 'decklog',
    logsource: { product: 'kubernetes', service: 'audit' },
    filter: { rules: [alert.rule.id], selection, condition: 'not selection' },
  });
}

const plainPattern = (value: string): string => value.replace(/\\(?=[*?\\])|[*?]/g, (match) => `\\${match}`);
