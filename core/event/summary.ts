import type { AuditEvent } from './audit-event.ts';
import { execCommand, proxyPath, queryValues, streamOf } from './connection.ts';
import { authenticatedIdentity, impersonatedIdentity, trustedSourceIP } from './identity.ts';
import { codeOf } from './outcome.ts';
import { objectName } from './owner.ts';
import { asText, own, textOf } from './value.ts';

/** Longest part that is copied from evidence; the rest is cut and marked. */
const LONGEST_NAME = 120;
const LONGEST_COMMAND = 200;
const LONGEST_SENTENCE = 700;

/**
 * One plain English sentence on any event: `ci:deployer deleted secret payments/db from 203.0.113.7, allowed`. It is one
 * line of bounded length; other control characters are left for the printer to make visible.
 */
export function summarise(event: AuditEvent): string {
  const doing = deed(event);
  const from = trustedSourceIP(event);
  const origin = from === null ? '' : ` from ${clip(from)}`;
  return clip(`${caller(event)} ${doing}${origin}, ${result(event)}`, LONGEST_SENTENCE);
}

/** Evidence as part of a line: line breaks and tabs become spaces, long text is cut between characters. */
function clip(text: string, longest = LONGEST_NAME): string {
  if (text.length <= longest) return text.replace(/[\s\u2028\u2029\u0085]+/gu, ' ');
  const start = [...text.slice(0, longest)];
  const last = start.at(-1) ?? '';
  const whole = /[\uD800-\uDBFF]$/.test(last) && last.length === 1 ? start.slice(0, -1) : start;
  return `${whole.join('').replace(/[\s\u2028\u2029\u0085]+/gu, ' ')}...`;
}

function caller(event: AuditEvent): string {
  const user = authenticatedIdentity(event);
  const name = user.name === '' ? nameless(event) : shortName(user.name);
  const other = impersonatedIdentity(event);
  if (other === null) return name;
  const groups = other.groups.filter((group) => group !== 'system:authenticated');
  const inGroups =
    groups.length > 0 && groups.length <= 3 ? ` (groups ${groups.map((group) => clip(group)).join(', ')})` : '';
  return `${name} as ${shortName(other.name) || 'another user'}${inGroups}`;
}

const nameless = (event: AuditEvent) => (codeOf(event) === 401 ? 'An unknown caller' : 'A caller without a name');

/** Service accounts as `namespace:name`, the way people say them. */
function shortName(name: string): string {
  return clip(name.replace(/^system:serviceaccount:([^:]+:[^:]+)$/, '$1'));
}

function deed(event: AuditEvent): string {
  if (textOf(event.objectRef, 'resource') === undefined) return `${pastTense(event)} ${clip(pathOf(event))}`;
  return streamDeed(event) ?? subresourceDeed(event) ?? `${pastTense(event)} ${object(event)}${scopeHint(event)}`;
}

/** The path of a request without an object. */
function pathOf(event: AuditEvent): string {
  return (asText(event.requestURI) ?? '').split('?', 1)[0] || 'an unknown path';
}

const PAST: Readonly<Record<string, string>> = {
  get: 'read',
  list: 'listed',
  watch: 'watched',
  create: 'created',
  update: 'updated',
  patch: 'patched',
  delete: 'deleted',
  deletecollection: 'deleted all matching',
  post: 'posted to',
  put: 'put to',
  head: 'read the headers of',
  options: 'asked the options of',
  proxy: 'called through the proxy',
  connect: 'connected to',
  approve: 'approved',
};

const INFINITIVE: Readonly<Record<string, string>> = {
  get: 'read',
  list: 'list',
  watch: 'watch',
  create: 'create',
  update: 'update',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete all matching',
  post: 'post to',
  put: 'put to',
  head: 'read the headers of',
  options: 'ask the options of',
  proxy: 'call through the proxy',
  connect: 'connect to',
  approve: 'approve',
};

/** Said as done only where it was done: `deleted`, else `tried to delete`, and while it runs `asked to delete`. */
function tense(event: AuditEvent, done: string, todo: string): string {
  const code = codeOf(event);
  if (code === null) return event.stage === 'Panic' ? `tried to ${todo}` : `asked to ${todo}`;
  return code < 400 && !closedEarly(event) ? done : `tried to ${todo}`;
}

const closedEarly = (event: AuditEvent) => own(event.responseStatus, 'message') === 'Connection closed early';

function pastTense(event: AuditEvent): string {
  const verb = asText(event.verb) ?? '';
  const known = (table: Readonly<Record<string, string>>) => (Object.hasOwn(table, verb) ? table[verb] : undefined);
  const unknown = verb === '' ? 'an unknown verb' : `the verb ${clip(verb)}`;
  return tense(event, known(PAST) ?? `used ${unknown} on`, known(INFINITIVE) ?? `use ${unknown} on`);
}

/** `secret payments/db`, `pods in shop`, `nodes of the whole cluster`. */
function object(event: AuditEvent): string {
  const resource = textOf(event.objectRef, 'resource') ?? '';
  const subresource = textOf(event.objectRef, 'subresource');
  const namespace = textOf(event.objectRef, 'namespace');
  const name = objectName(event);
  const kind = clip(subresource === undefined ? resource : `${resource}/${subresource}`);
  if (name !== undefined) return `${singular(kind, subresource)} ${place(namespace, name)}`;
  if (asText(event.verb) === 'create')
    return `a new ${singular(kind, subresource)}${namespace === undefined ? '' : ` in ${clip(namespace)}`}`;
  return `${kind}${namespace === undefined ? '' : ` in ${clip(namespace)}`}`;
}

function place(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === name ? clip(name) : `${clip(namespace)}/${clip(name)}`;
}

/** Reads over every namespace are worth saying. */
function scopeHint(event: AuditEvent): string {
  const isWide = ['list', 'watch', 'deletecollection'].includes(asText(event.verb) ?? '');
  const isNamed = objectName(event) !== undefined || textOf(event.objectRef, 'namespace') !== undefined;
  const dry = queryValues(event, 'dryRun').includes('All') ? ' (dry run)' : '';
  return `${isWide && !isNamed ? ' of the whole cluster' : ''}${dry}`;
}

const UNCOUNTED = new Set(['endpoints', 'status', 'ingresses']);

function singular(kind: string, subresource: string | undefined): string {
  if (subresource !== undefined || UNCOUNTED.has(kind)) return kind === 'ingresses' ? 'ingress' : kind;
  if (kind.endsWith('ies')) return `${kind.slice(0, -3)}y`;
  if (/(ss|x|ch)es$/.test(kind)) return kind.slice(0, -2);
  return kind.endsWith('s') && !kind.endsWith('ss') ? kind.slice(0, -1) : kind;
}

function target(event: AuditEvent): string {
  const kind = singular(clip(textOf(event.objectRef, 'resource') ?? ''), undefined);
  return `${kind} ${place(textOf(event.objectRef, 'namespace'), objectName(event) ?? '')}`;
}

function streamDeed(event: AuditEvent): string | undefined {
  const container = queryValues(event, 'container')[0];
  const inside = container === undefined ? '' : ` (container ${clip(container)})`;
  switch (streamOf(event)) {
    case 'exec':
      return `${tense(event, 'ran', 'run')} ${quoted(execCommand(event))} in ${target(event)}${inside}`;
    case 'attach':
      return `${tense(event, 'attached to', 'attach to')} ${target(event)}${inside}`;
    case 'portforward':
      return `${tense(event, 'forwarded a port to', 'forward a port to')} ${target(event)}`;
    default:
      return undefined;
  }
}

const quoted = (command: string | undefined) =>
  command === undefined ? 'a command' : `"${clip(command, LONGEST_COMMAND)}"`;

function subresourceDeed(event: AuditEvent): string | undefined {
  const resource = textOf(event.objectRef, 'resource');
  const verb = asText(event.verb) ?? '';
  switch (textOf(event.objectRef, 'subresource')) {
    case 'proxy':
      return proxyDeed(event);
    case 'log':
      return `${tense(event, 'read the log of', 'read the log of')} ${target(event)}`;
    case 'token':
      return verb === 'create'
        ? `${tense(event, 'issued a token for', 'issue a token for')} ${target(event)}`
        : undefined;
    case 'ephemeralcontainers':
      return `${tense(event, 'set the debug containers of', 'set the debug containers of')} ${target(event)}`;
    case 'eviction':
      return `${tense(event, 'evicted', 'evict')} ${target(event)}`;
    case 'binding':
      return resource === 'pods'
        ? `${tense(event, 'assigned to a node the', 'assign to a node the')} ${target(event)}`
        : undefined;
    case 'approval':
      return `${tense(event, 'decided on', 'decide on')} ${target(event)}`;
    case 'scale':
      return verb === 'get' ? undefined : `${tense(event, 'scaled', 'scale')} ${target(event)}`;
    default:
      return reviewDeed(event, resource);
  }
}

function proxyDeed(event: AuditEvent): string {
  const path = clip(proxyPath(event) ?? '/');
  const command = execCommand(event);
  const running = command === undefined ? '' : ` to run ${quoted(command)}`;
  return `${tense(event, 'called', 'call')} ${path}${running} through the proxy of ${target(event)}`;
}

function reviewDeed(event: AuditEvent, resource: string | undefined): string | undefined {
  if (asText(event.verb) !== 'create') return undefined;
  switch (resource) {
    case 'selfsubjectaccessreviews':
    case 'selfsubjectrulesreviews':
      return tense(event, 'asked what it may do', 'ask what it may do');
    case 'selfsubjectreviews':
      return tense(event, 'asked who it is', 'ask who it is');
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return tense(event, 'asked what another identity may do', 'ask what another identity may do');
    case 'tokenreviews':
      return tense(event, 'had a token checked', 'have a token checked');
    default:
      return undefined;
  }
}

/** How the server answered, in one or a few words. */
function result(event: AuditEvent): string {
  const code = codeOf(event);
  if (event.stage === 'Panic') return 'but the server panicked';
  if (code === null) return event.stage === 'RequestReceived' ? 'not yet answered' : 'answer not recorded';
  if (closedEarly(event)) return 'but the connection closed before an answer';
  if (code === 401) return 'not authenticated (401)';
  if (code === 403) return 'refused (403)';
  if (code >= 400) return failure(event, code);
  return event.stage === 'ResponseStarted' ? 'allowed, still running' : 'allowed';
}

const FAILURES: Readonly<Record<number, string>> = {
  404: 'not found (404)',
  409: 'conflict (409)',
  422: 'invalid (422)',
  429: 'throttled (429)',
};

function failure(event: AuditEvent, code: number): string {
  const reason = textOf(event.responseStatus, 'reason');
  return FAILURES[code] ?? `failed (${code}${reason === undefined ? '' : ` ${clip(reason)}`})`;
}
