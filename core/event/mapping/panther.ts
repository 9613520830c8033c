import { begins, type FieldMapping, inContainers, inPodSpec, type MappedName, same } from './field-mapping.ts';

/** A name with all that may follow it: `containers`, `containers.image`. */
const below = (name: string, paths: readonly string[], means: string): MappedName[] => [
  same(name, ...paths),
  begins(`${name}.`, means, (rest) => ({ paths: paths.map((path) => `${path}.${rest}`) })),
];

/** Names of a data model that several clouds' audit logs share, as Panther's rules use them. */
export const panther: FieldMapping = {
  title: 'Panther',
  description:
    "Rules written for Panther's data model of Kubernetes audit logs, and for its indicator fields (`p_any_*`).",
  marks: ['p_any_', 'p_log_type'],
  sources: [
    { product: 'aws', service: 'eks' },
    { product: 'aws', service: 'eks_audit' },
    { product: 'kubernetes', service: 'eks' },
  ],
  names: [
    same('username', 'user.username'),
    same('groups', 'user.groups'),
    same('apiGroup', 'objectRef.apiGroup'),
    same('apiVersion', 'objectRef.apiVersion'),
    same('namespace', 'objectRef.namespace'),
    same('resource', 'objectRef.resource'),
    same('subresource', 'objectRef.subresource'),
    same('name', 'objectRef.name'),
    same('serviceType', 'requestObject.spec.type'),
    same('hostIPC', ...inPodSpec('hostIPC')),
    same('hostNetwork', ...inPodSpec('hostNetwork')),
    same('hostPID', ...inPodSpec('hostPID')),
    same('serviceAccountName', ...inPodSpec('serviceAccountName')),
    ...below(
      'containers',
      [...inPodSpec('containers'), ...inPodSpec('initContainers'), ...inPodSpec('ephemeralContainers')],
      'the path after it, in any container of the pod spec',
    ),
    ...below('volumes', inPodSpec('volumes'), 'the path after it, in any volume of the pod spec'),
    ...below('webhooks', ['requestObject.webhooks'], 'the path after it, in any webhook of the written configuration'),
    ...below('roleRef', ['requestObject.roleRef'], 'the path after it, in the role that a binding gives'),
    ...below('subjects', ['requestObject.subjects'], 'the path after it, in any subject of a binding'),
    ...below('rules', ['requestObject.rules'], 'the path after it, in any rule of a role'),
    same('p_any_ip_addresses', 'sourceIPs'),
    same('p_any_usernames', 'user.username', 'impersonatedUser.username'),
    same('p_any_actor_ids', 'user.uid'),
    same('p_any_images', ...inContainers('image')),
    same('p_event_time', 'requestReceivedTimestamp'),
  ],
};
