import type { EventFields } from '../../store/event-reader.ts';
import { type Operation, strandKey } from '../../store/strand-reader.ts';
import { ENTER, WORKLOADS } from '../links/find-links.ts';
import { strandOf } from './sighting.ts';

const REVIEWS = new Set(['authorization.k8s.io', 'authentication.k8s.io']);
const CHATTER = new Set(['events', 'leases', 'endpoints', 'endpointslices']);
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export function isWrite({ verb, apiGroup, resource, subresource }: Operation): boolean {
  if (resource === null || CHATTER.has(resource) || REVIEWS.has(apiGroup ?? '') || subresource === 'status')
    return false;
  return WRITES.has(verb ?? '');
}

/** Requests that say what somebody did. */
export const isTelling = (operation: Operation): boolean => {
  const { verb, resource, subresource } = operation;
  if (resource === 'secrets') return true;
  if (ENTER.has(subresource ?? '') || subresource === 'portforward' || subresource === 'proxy') return true;
  return isWrite(operation) && verb !== null;
};
export const isRemoval = (operation: Operation) => isWrite(operation) && operation.verb === 'delete';
export const isMaking = (operation: Operation) => isWrite(operation) && operation.verb === 'create';
export const isAccountWrite = ({ verb, resource, subresource }: Operation) =>
  verb === 'create' && resource === 'serviceaccounts' && (subresource === null || subresource === 'token');
export const isCertificateWrite = ({ verb, resource }: Operation) =>
  resource === 'certificatesigningrequests' && WRITES.has(verb ?? '') && verb !== 'delete';

const BINDINGS = new Set(['clusterrolebindings', 'rolebindings']);

/** Whether more than the columns of a request is needed. */
export function needsFacts(event: EventFields, strangers: ReadonlySet<string>): boolean {
  const { verb, resource, subresource, user } = event;
  if (resource === 'certificatesigningrequests') return true;
  if (subresource === 'token')
    return !(user ?? '').startsWith('system:node:') || strangers.has(strandKey(strandOf(event)));
  if (subresource === 'exec' || BINDINGS.has(resource ?? '')) return true;
  return (
    verb === 'create' &&
    subresource === null &&
    WORKLOADS.has(resource ?? '') &&
    strangers.has(strandKey(strandOf(event)))
  );
}
