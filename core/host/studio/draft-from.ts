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

/** A container without what is particular to one build or pod. */
const USUAL_PATTERNS = ['decklog.container'];

/** A rule that finds an event, and what else it could ask for. `fields` chooses, `patterns` leaves particulars open. */
export function draftOfEvent(
  event: AuditEvent,
  fields?: readonly string[],
  patterns: readonly string[] = USUAL_PATTERNS,
): Draft {
  const telling = TELLING.flatMap(([field, isUsual]): TellingField[] => {
    const [value] = valuesOf(event, field);
    if (value === undefined) return [];
    const isChosen = fields === undefined ? isUsual : fields.includes(field);
    const pattern = patternOf(field, value);
    return [{ field, value, pattern, isChosen, isOpen: pattern !== null && patterns.includes(field) }];
  });
  const chosen = telling.filter(({ isChosen }) => isChosen);
  const entries = chosen.map(({ field, value, pattern, isOpen }) => {
    return `    ${field}: ${isOpen ? `'${pattern?.replaceAll("'", "''")}'` : quoted(value)}`;
  });
  const detection = {
    selections: `  selection:\n${entries.join('\n')}`,
    condition: 'selection',
    isStaged: false,
    isDerived: chosen.some(({ field }) => field.startsWith('decklog.')),
  };
  return { text: ruleText('New rule', detection), fields: telling };
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

/** What a new rule looks for. */
export interface Detection {
  /** As YAML. */
  readonly selections: string;
  readonly condition: string;
  /** Whether it asks for a stage; else the first of a request is left out, which the last tells again. */
  readonly isStaged: boolean;
  readonly isDerived: boolean;
}

/** The text of a new rule, to be filled in. */
export function ruleText(title: string, { selections, condition, isStaged, isDerived }: Detection): string {
  const stage = isStaged ? '' : '  filter_received:\n    stage: RequestReceived\n';
  return `title: ${title}
id: ${randomUUID()}
status: experimental
description: >-
  What it finds, and why that matters.
${isDerived ? 'taxonomy: decklog\n' : ''}logsource:
  product: kubernetes
  service: audit
detection:
${selections}
${stage}  condition: ${condition}${isStaged ? '' : ' and not filter_received'}
falsepositives:
  - Unknown
level: medium
`;
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
