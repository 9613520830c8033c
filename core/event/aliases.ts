/**
 * Short field names that other people's Kubernetes rules use, and the paths of an `audit.k8s.io/v1` event that they mean. A name
 * with several paths reaches all of them; a field of that very name counts too. Checked against SigmaHQ's Kubernetes rules.
 */
export const FIELD_ALIASES: Readonly<Record<string, readonly string[]>> = {
  apiGroup: ['objectRef.apiGroup'],
  resource: ['objectRef.resource'],
  subresource: ['objectRef.subresource'],
  namespace: ['objectRef.namespace'],
  name: ['objectRef.name'],
  username: ['user.username'],
  groups: ['user.groups'],
  hostPath: [
    'requestObject.spec.volumes.hostPath.path',
    'requestObject.spec.template.spec.volumes.hostPath.path',
    'requestObject.spec.jobTemplate.spec.template.spec.volumes.hostPath.path',
    'requestObject.template.spec.volumes.hostPath.path',
  ],
  capabilities: [
    'requestObject.spec.containers.securityContext.capabilities.add',
    'requestObject.spec.initContainers.securityContext.capabilities.add',
    'requestObject.spec.ephemeralContainers.securityContext.capabilities.add',
    'requestObject.spec.template.spec.containers.securityContext.capabilities.add',
    'requestObject.spec.template.spec.initContainers.securityContext.capabilities.add',
    'requestObject.spec.jobTemplate.spec.template.spec.containers.securityContext.capabilities.add',
    'requestObject.spec.jobTemplate.spec.template.spec.initContainers.securityContext.capabilities.add',
    'requestObject.template.spec.containers.securityContext.capabilities.add',
    'requestObject.template.spec.initContainers.securityContext.capabilities.add',
  ],
};

/** Values of a field that mean another field's value: the code of an audit event is a number, the decision is what is meant. */
export const VALUE_ALIASES = [
  {
    field: 'responseStatus.code',
    value: 'ALLOW',
    becomes: { field: 'annotations.authorization.k8s.io/decision', value: 'allow' },
  },
  {
    field: 'responseStatus.code',
    value: 'FORBID',
    becomes: { field: 'annotations.authorization.k8s.io/decision', value: 'forbid' },
  },
] as const;
