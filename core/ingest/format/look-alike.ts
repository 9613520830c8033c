import { type JsonObject, own, ownText } from './json-object.ts';

type Test = (value: JsonObject) => boolean;

const version = (value: JsonObject) => ownText(value, 'apiVersion') ?? '';

/** JSON records that resemble audit events or travel beside them, in the order in which they are asked. */
const TESTS: readonly (readonly [name: string, test: Test])[] = [
  ['k8s-core-events', (value) => own(value, 'kind') === 'Event' && /^(?:v1|events\.k8s\.io\/.*)$/.test(version(value))],
  ['k8s-core-events', (value) => own(value, 'involvedObject') !== undefined],
  ['k8s-audit-policy', (value) => own(value, 'kind') === 'Policy' && version(value).startsWith('audit.k8s.io/')],
  ['admission-review', (value) => own(value, 'kind') === 'AdmissionReview'],
  ['rancher-api-audit', (value) => isRancher(value)],
  ['aws-cloudtrail', (value) => own(value, 'eventSource') !== undefined && own(value, 'eventName') !== undefined],
  [
    'oci-audit',
    (value) =>
      (ownText(value, 'eventType') ?? '').startsWith('com.oraclecloud.') ||
      own(value, 'cloudEventsVersion') !== undefined,
  ],
  ['falco', (value) => own(value, 'rule') !== undefined && own(value, 'output_fields') !== undefined],
  [
    'azure-activity',
    (value) => /^microsoft\.\w+\/.*\/(?:write|delete|action)$/i.test(ownText(value, 'operationName') ?? ''),
  ],
];

function isRancher(value: JsonObject): boolean {
  const hasIds = own(value, 'auditID') !== undefined && own(value, 'requestURI') !== undefined;
  return (
    hasIds &&
    own(value, 'method') !== undefined &&
    own(value, 'apiVersion') === undefined &&
    own(value, 'verb') === undefined
  );
}

/** The name of the look-alike that a record is, or null. */
export function lookAlikeOf(value: JsonObject): string | null {
  return TESTS.find(([, test]) => test(value))?.[0] ?? null;
}

const KLOG = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+/;
const AUTHENTICATOR = /^time="[^"]*" level=\w+ msg="/;

/** The name of the look-alike that a line of text is, or null. */
export function lookAlikeLine(line: string): string | null {
  if (KLOG.test(line)) return 'klog';
  return AUTHENTICATOR.test(line) ? 'eks-authenticator' : null;
}
