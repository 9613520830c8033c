import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime, parseTime } from '../../core/event/time.ts';
import { temporaryFolder } from './case.ts';

/** What a test states of an event; the rest is as an API server would write it. */
export interface Made {
  /** Seconds after the beginning of the log. */
  readonly at: number;
  readonly verb?: string;
  /** `pods`, `pods/exec`, `apps/deployments`; null: no object. */
  readonly on?: string | null;
  readonly level?: string;
  readonly stage?: string;
  readonly code?: number;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly more?: Record<string, unknown>;
}

const BEGIN = parseTime('2026-03-04T00:00:00Z') as number;
export const timeAt = (seconds: number): string => formatTime(BEGIN + Math.round(seconds * 1_000_000));

let ids = 0;

export function madeEvent({
  at,
  verb = 'get',
  on = 'pods',
  level = 'Metadata',
  ...rest
}: Made): Record<string, unknown> {
  const { stage = 'ResponseComplete', code = 200, request, response, more } = rest;
  const time = timeAt(at);
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    stage,
    requestURI: '/api',
    verb,
    user: { username: 'mia@corp.example', groups: ['system:authenticated'] },
    sourceIPs: ['203.0.113.7'],
    userAgent: 'kubectl/v1.35.1',
    ...(on !== null && { objectRef: reference(on) }),
    ...(stage !== 'RequestReceived' && { responseStatus: { metadata: {}, code } }),
    ...(request !== undefined && { requestObject: request }),
    ...(response !== undefined && { responseObject: response }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    ...more,
  };
}

function reference(on: string): Record<string, unknown> {
  const [, group, resource, subresource] =
    /^(?:([\w.]+)\/(?=deployments|clusterroles))?([^/]+)(?:\/(.+))?$/.exec(on) ?? [];
  return {
    resource,
    namespace: 'shop',
    name: 'web',
    ...(group !== undefined && { apiGroup: group }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** A file of events, one a line, in a folder of its own. */
export function logOf(events: readonly Made[], name = 'audit.log'): string {
  return linesOf(events.map(madeEvent), name);
}

export function linesOf(events: readonly unknown[], name = 'audit.log'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return path;
}

/** Rules as files in a folder of their own, each by its name. */
export function rulesOf(rules: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, `${name}.yml`), text);
  return folder;
}

/** A rule with that detection, in YAML's short form. */
export function ruleText(title: string, detection: string, more = ''): string {
  const id = Buffer.from(title.padEnd(16, '.').slice(0, 16)).toString('hex');
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`;
  return `title: ${title}
id: ${uuid}
name: ${title.replaceAll(' ', '_')}
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: ${detection}
  condition: selection
level: high
${more}`;
}

/** `count` events at equal steps. */
export function every(seconds: number, count: number, made: Omit<Made, 'at'>, from = 0): Made[] {
  return Array.from({ length: count }, (_, index) => ({ at: from + index * seconds, ...made }));
}
