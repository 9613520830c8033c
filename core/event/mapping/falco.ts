import { stringifyJson } from '../../json.ts';
import { boundSubjects } from '../access.ts';
import type { AuditEvent } from '../audit-event.ts';
import { derivedField } from '../derived.ts';
import { queryValues } from '../request-uri.ts';
import { asObject, own, textOf } from '../value.ts';
import {
  begins,
  computed,
  type FieldMapping,
  inContainers,
  inPodSpec,
  type MappedField,
  same,
} from './field-mapping.ts';

/** The fields of Falco's source of audit events. Its conditions are another language; rules that were carried over keep the names. */
export const falco: FieldMapping = {
  title: 'Falco',
  description:
    'Rules that were carried over from Falco and kept the names of its audit fields (`ka.*`, `jevt.value[...]`).',
  marks: ['ka.', 'jevt.'],
  sources: [
    { product: 'kubernetes', service: 'k8s_audit' },
    { product: 'kubernetes', service: 'k8saudit' },
    { product: 'falco', service: 'k8s_audit' },
  ],
  names: [
    same('ka.auditid', 'auditID'),
    same('ka.stage', 'stage'),
    same('ka.verb', 'verb'),
    same('ka.uri', 'requestURI'),
    same('ka.useragent', 'userAgent'),
    same('ka.sourceips', 'sourceIPs'),
    same('ka.auth.decision', 'annotations.authorization.k8s.io/decision'),
    same('ka.auth.reason', 'annotations.authorization.k8s.io/reason'),
    same('ka.auth.openshift.decision', 'annotations.authorization.openshift.io/decision'),
    same('ka.user.name', 'user.username'),
    same('ka.user.groups', 'user.groups'),
    same('ka.impuser.name', 'impersonatedUser.username'),
    same('ka.target.name', 'objectRef.name'),
    same('ka.target.namespace', 'objectRef.namespace'),
    same('ka.target.resource', 'objectRef.resource'),
    same('ka.target.subresource', 'objectRef.subresource'),
    computed('ka.target.pod.name', '`objectRef.name` of a pod', (event) =>
      textOf(event.objectRef, 'resource') === 'pods' ? textOf(event.objectRef, 'name') : undefined,
    ),
    same('ka.response.code', 'responseStatus.code'),
    same('ka.response.reason', 'responseStatus.reason'),
    same('ka.resp.name', 'responseObject.metadata.name'),
    same('ka.req.binding.role', 'requestObject.roleRef.name'),
    same('ka.req.binding.subjects', 'requestObject.subjects.name'),
    computed(
      'ka.req.binding.subjects.user_names',
      'users of a written binding',
      subjectsOf('User/', (name) => name),
    ),
    computed(
      'ka.req.binding.subjects.group_names',
      'groups of a written binding',
      subjectsOf('Group/', (name) => name),
    ),
    computed(
      'ka.req.binding.subjects.serviceaccount_names',
      'service accounts of a written binding',
      subjectsOf('ServiceAccount/', (name) => name.split('/').at(-1)),
    ),
    computed(
      'ka.req.binding.subjects.serviceaccount_ns_names',
      'the same as `namespace:name`',
      subjectsOf('ServiceAccount/', (name) => name.replace('/', ':')),
    ),
    same('ka.req.configmap.name', 'requestObject.metadata.name'),
    computed('ka.req.configmap.obj', 'the body of a written config map, as JSON text', (event) => {
      const isConfigMap = textOf(event.objectRef, 'resource') === 'configmaps';
      return isConfigMap && asObject(event.requestObject) ? stringifyJson(event.requestObject) : undefined;
    }),
    same('ka.req.role.rules.apiGroups', 'requestObject.rules.apiGroups'),
    same('ka.req.role.rules.nonResourceURLs', 'requestObject.rules.nonResourceURLs'),
    same('ka.req.role.rules.verbs', 'requestObject.rules.verbs'),
    same('ka.req.role.rules.resources', 'requestObject.rules.resources'),
    same('ka.req.service.type', 'requestObject.spec.type'),
    same('ka.req.service.ports', 'requestObject.spec.ports.port'),
    same('ka.req.pod.host_ipc', ...inPodSpec('hostIPC')),
    same('ka.req.pod.host_network', ...inPodSpec('hostNetwork')),
    same('ka.req.container.host_network', ...inPodSpec('hostNetwork')),
    same('ka.req.pod.host_pid', ...inPodSpec('hostPID')),
    same('ka.req.pod.fs_group', ...inPodSpec('securityContext.fsGroup')),
    same('ka.req.pod.supplemental_groups', ...inPodSpec('securityContext.supplementalGroups')),
    same('ka.req.pod.run_as_user', ...inPodSpec('securityContext.runAsUser')),
    same('ka.req.pod.run_as_group', ...inPodSpec('securityContext.runAsGroup')),
    same('ka.req.pod.volumes.hostpath', ...inPodSpec('volumes.hostPath.path')),
    same('ka.req.pod.volumes.flexvolume_driver', ...inPodSpec('volumes.flexVolume.driver')),
    same('ka.req.pod.containers.image', ...inContainers('image')),
    same('ka.req.container.image', ...inContainers('image')),
    computed('ka.req.pod.containers.image.repository', '`decklog.pod.repositories`', repositories),
    computed('ka.req.container.image.repository', '`decklog.pod.repositories`', repositories),
    same('ka.req.pod.containers.host_port', ...inContainers('ports.hostPort')),
    same('ka.req.pod.containers.privileged', ...inContainers('securityContext.privileged')),
    same('ka.req.container.privileged', ...inContainers('securityContext.privileged')),
    same(
      'ka.req.pod.containers.allow_privilege_escalation',
      ...inContainers('securityContext.allowPrivilegeEscalation'),
    ),
    same('ka.req.pod.containers.read_only_fs', ...inContainers('securityContext.readOnlyRootFilesystem')),
    same('ka.req.pod.containers.run_as_user', ...inContainers('securityContext.runAsUser')),
    same('ka.req.pod.containers.run_as_group', ...inContainers('securityContext.runAsGroup')),
    same('ka.req.pod.containers.proc_mount', ...inContainers('securityContext.procMount')),
    same('ka.req.pod.containers.add_capabilities', ...inContainers('securityContext.capabilities.add')),
    begins('ka.uri.param[', 'the value of that parameter of the URI: `ka.uri.param[command]`', (rest) =>
      keyed(rest, (key) => ({ derive: (event) => parameter(event, key) })),
    ),
    begins('jevt.value[', 'the value at that JSON pointer: `jevt.value[/requestObject/spec/hostPID]`', (rest) =>
      keyed(rest, (pointer) => ({ derive: (event) => valueAt(event, pointer) })),
    ),
  ],
};

function repositories(event: AuditEvent): unknown {
  return derivedField('decklog.pod.repositories')?.(event);
}

function subjectsOf(kind: string, nameOf: (rest: string) => string | undefined): (event: AuditEvent) => unknown {
  return (event) => {
    const found = boundSubjects(event).flatMap((subject) =>
      subject.startsWith(kind) ? [nameOf(subject.slice(kind.length))] : [],
    );
    return found.length > 0 ? found : undefined;
  };
}

/** What stands between the brackets. */
function keyed(rest: string, make: (key: string) => MappedField): MappedField | null {
  return rest.endsWith(']') && rest.length > 1 ? make(rest.slice(0, -1)) : null;
}

function parameter(event: AuditEvent, name: string): readonly string[] | undefined {
  const values = queryValues(textOf(event, 'requestURI') ?? '', name);
  return values.length > 0 ? values : undefined;
}

/** RFC 6901. */
function valueAt(event: AuditEvent, pointer: string): unknown {
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, step) => (Array.isArray(value) ? value[Number(step)] : own(value, step)), event);
}
