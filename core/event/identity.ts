import type { AuditEvent } from './audit-event.ts';
import { asList, asObject, asText, asTexts, entriesOf, own, textOf } from './value.ts';

/** One identity as the API server recorded it. `name` is '' for a caller that could not be authenticated (401). */
export interface Identity {
  readonly name: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** What a user name stands for. */
export type Account =
  | { readonly kind: 'service-account'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'system'; readonly name: string }
  | { readonly kind: 'user'; readonly name: string };

const identityOf = (info: unknown): Identity => ({
  name: asText(own(info, 'username')) ?? '',
  uid: textOf(info, 'uid'),
  groups: asTexts(own(info, 'groups')),
  extra: new Map(entriesOf(own(info, 'extra')).map(([key, values]) => [key, asTexts(values)])),
});

/** The identity that logged in. */
export function authenticatedIdentity(event: AuditEvent): Identity {
  return identityOf(event.user);
}

/** The identity that the request asked to run as, or null without impersonation. */
export function impersonatedIdentity(event: AuditEvent): Identity | null {
  return asObject(event.impersonatedUser) === undefined ? null : identityOf(event.impersonatedUser);
}

/** The identity that authorisation judged: the impersonated one if there is one. */
export function effectiveIdentity(event: AuditEvent): Identity {
  return impersonatedIdentity(event) ?? authenticatedIdentity(event);
}

/** Name of the identity that logged in; '' for a caller that could not be authenticated (401). */
export function loginName(event: AuditEvent): string {
  return asText(own(event.user, 'username')) ?? '';
}

/** Name of the identity that authorisation judged. */
export function effectiveName(event: AuditEvent): string {
  const impersonated = asObject(event.impersonatedUser);
  return impersonated === undefined ? loginName(event) : (asText(own(impersonated, 'username')) ?? '');
}

const SERVICE_ACCOUNT = 'system:serviceaccount:';
const NODE = 'system:node:';

/** Tells service accounts, nodes, anonymous callers and people apart by their user name. */
export function accountOf(username: string): Account {
  if (username === '') return { kind: 'unauthenticated' };
  if (username === 'system:anonymous') return { kind: 'anonymous' };
  if (username.startsWith(SERVICE_ACCOUNT)) return serviceAccountOf(username);
  if (username.startsWith(NODE)) return { kind: 'node', name: username.slice(NODE.length) };
  if (username.startsWith('system:')) return { kind: 'system', name: username.slice('system:'.length) };
  return { kind: 'user', name: username };
}

function serviceAccountOf(username: string): Account {
  const [namespace = '', name = '', ...more] = username.slice(SERVICE_ACCOUNT.length).split(':');
  const isWellFormed = namespace !== '' && name !== '' && more.length === 0;
  return isWellFormed ? { kind: 'service-account', namespace, name } : { kind: 'user', name: username };
}

/**
 * The address that the connection came from: the last of `sourceIPs`. All before it come from forwarding headers, which
 * the caller can write. Null where none was recorded.
 */
export function trustedSourceIP(event: AuditEvent): string | null {
  const addresses = asList(event.sourceIPs).filter((address) => typeof address === 'string');
  return addresses[addresses.length - 1] ?? null;
}

/** The addresses that forwarding headers claim, in the order given; untrusted. */
export function claimedSourceIPs(event: AuditEvent): readonly string[] {
  return asTexts(asList(event.sourceIPs)).slice(0, -1);
}

/** The values of one `user.extra` key of the identity that logged in. */
export function extraOf(event: AuditEvent, key: string): readonly string[] {
  return asTexts(own(own(event.user, 'extra'), key));
}
