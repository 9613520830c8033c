/** One field of an `audit.k8s.io/v1` event as the API server writes it, for people who write rules. */
export interface EventField {
  /** Its path. Names that end in a dot go on with names of the cluster's own. */
  readonly name: string;
  readonly description: string;
  readonly type: 'text' | 'number' | 'list' | 'time' | 'object';
  /** The lowest audit level that carries it. */
  readonly level: 'Metadata' | 'Request' | 'RequestResponse';
}

const field = (
  name: string,
  type: EventField['type'],
  description: string,
  level: EventField['level'] = 'Metadata',
): EventField => ({ name, description, type, level });

/** Of https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/, in our words. */
export const EVENT_FIELDS: readonly EventField[] = [
  field('kind', 'text', 'Always `Event`.'),
  field('apiVersion', 'text', 'Always `audit.k8s.io/v1`.'),
  field('level', 'text', 'How much was recorded: `Metadata`, `Request` or `RequestResponse`.'),
  field('auditID', 'text', 'Names the request; its stages share it. A client may choose it.'),
  field('stage', 'text', '`RequestReceived`, `ResponseStarted`, `ResponseComplete` or `Panic`.'),
  field(
    'requestURI',
    'text',
    'Path and query of the request, as the client sent it. The command of an exec stands here.',
  ),
  field(
    'verb',
    'text',
    '`get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, others for special resources; the HTTP method in small letters where no resource is meant.',
  ),
  field('user.username', 'text', 'Who logged in. `impersonatedUser` is who that one acted as.'),
  field('user.uid', 'text', 'Changes when a user of the same name is made anew.'),
  field('user.groups', 'list', 'Groups of the one who logged in.'),
  field(
    'user.extra.',
    'list',
    'What the authenticator adds, such as `authentication.kubernetes.io/credential-id` and `/pod-name`.',
  ),
  field('impersonatedUser.username', 'text', 'Whom the user acted as, where impersonation was used.'),
  field('impersonatedUser.uid', 'text', 'Its id.'),
  field('impersonatedUser.groups', 'list', 'Its groups.'),
  field('impersonatedUser.extra.', 'list', 'What was stated beside it.'),
  field('authenticationMetadata.impersonationConstraint', 'text', 'How impersonation was limited, on newer servers.'),
  field(
    'sourceIPs',
    'list',
    'Addresses of the request. All but the last are the text of the client: use `decklog.sourceIP`.',
  ),
  field('userAgent', 'text', "The client's own words on what program it is."),
  field('objectRef.resource', 'text', 'The kind of object in the plural: `pods`.'),
  field('objectRef.namespace', 'text', 'Its namespace; missing for objects of the whole cluster.'),
  field('objectRef.name', 'text', 'Its name; missing for lists, and for creates that let the server choose.'),
  field('objectRef.uid', 'text', 'Its uid, where the request named it.'),
  field('objectRef.apiGroup', 'text', 'Its API group; missing for the core group.'),
  field('objectRef.apiVersion', 'text', 'Version of the API: `v1`.'),
  field('objectRef.resourceVersion', 'text', 'Version of the object that the request stated.'),
  field('objectRef.subresource', 'text', 'Part of the object that was meant: `exec`, `status`, `token`.'),
  field('responseStatus.code', 'number', 'HTTP status of the answer.'),
  field('responseStatus.status', 'text', '`Success` or `Failure`, mostly on failures only.'),
  field('responseStatus.reason', 'text', 'Why it failed: `Forbidden`, `NotFound`.'),
  field('responseStatus.message', 'text', 'The same for people.'),
  field('responseStatus.metadata.', 'object', 'Of the answer, mostly empty.'),
  field('responseStatus.details.', 'object', 'What the failure was about.'),
  field('requestObject.', 'object', 'The body of the request as it was sent: for a patch only the change.', 'Request'),
  field('responseObject.', 'object', 'The body of the answer: the object as it stood afterwards.', 'RequestResponse'),
  field('requestReceivedTimestamp', 'time', 'When the request arrived.'),
  field('stageTimestamp', 'time', 'When the stage was reached.'),
  field('annotations.authorization.k8s.io/decision', 'text', '`allow` or `forbid`.'),
  field('annotations.authorization.k8s.io/reason', 'text', 'The binding that let the request through.'),
  field('annotations.', 'text', 'What authorizers, admission plugins and webhooks noted.'),
];

const WHOLE = new Set(EVENT_FIELDS.flatMap(({ name }) => (name.endsWith('.') ? [] : prefixes(name))));
const OPEN = EVENT_FIELDS.flatMap(({ name }) => (name.endsWith('.') ? [name] : []));

/** A path and the objects on the way to it, which a rule may ask whether they exist. */
function prefixes(name: string): string[] {
  if (name.startsWith('annotations.')) return [name];
  const steps = name.split('.');
  return steps.map((_, index) => steps.slice(0, index + 1).join('.'));
}

/** Whether the API server writes such a field, or may write it where names are the cluster's own. */
export function isEventField(path: string): boolean {
  return WHOLE.has(path) || OPEN.some((open) => path.startsWith(open) || `${path}.` === open);
}

/** The field of that path, or the one whose object it lies in. */
export function eventField(path: string): EventField | undefined {
  return (
    EVENT_FIELDS.find(({ name }) => name === path) ??
    EVENT_FIELDS.find(({ name }) => name.endsWith('.') && (path.startsWith(name) || `${path}.` === name))
  );
}
