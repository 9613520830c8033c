import type { AuditEvent } from './audit-event.ts';
import { objectOf, touches, type Write, writeOf } from './body.ts';
import { isWideRange } from './network-address.ts';
import { asList, asText, asTexts, at, entriesOf, own, textOf } from './value.ts';

/** How far a service can be reached, as far as its object says. */
export type Exposure = 'public' | 'limited' | 'internal' | 'node-port' | 'cluster';

/** Annotations that keep a cloud load balancer inside the network, with the values that do so (null: any but false). */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?!false$).+/i],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/i],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/i],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', /.+/],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/i],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
];

interface ServiceView {
  readonly service: unknown;
  readonly spec: unknown;
}

/** The service that an event writes; a patch counts when it touches the spec or an annotation about the load balancer. */
function serviceOf(event: AuditEvent): ServiceView | undefined {
  const { objectRef } = event;
  if (textOf(objectRef, 'resource') !== 'services' || textOf(objectRef, 'apiGroup') !== undefined) return undefined;
  const write = textOf(objectRef, 'subresource') === undefined ? writeOf(event) : null;
  if (write === null || !changesExposure(write)) return undefined;
  const service = objectOf(write);
  return { service, spec: own(service, 'spec') };
}

function changesExposure(write: Write): boolean {
  return touches(write, ['spec']) || INTERNAL.some(([key]) => touches(write, ['metadata', 'annotations', key]));
}

const annotation = (service: unknown, key: string) => asText(at(service, ['metadata', 'annotations', key]));

function isInternal(service: unknown): boolean {
  return INTERNAL.some(([key, expected]) => expected.test(annotation(service, key) ?? ''));
}

/** Source ranges of a written service: of its spec, else of the older annotation. */
export function sourceRanges(event: AuditEvent): readonly string[] {
  const view = serviceOf(event);
  if (view === undefined) return [];
  const ranges = asTexts(own(view.spec, 'loadBalancerSourceRanges'));
  const older = annotation(view.service, 'service.beta.kubernetes.io/load-balancer-source-ranges');
  return ranges.length > 0 || older === undefined ? ranges : older.split(',').map((range) => range.trim());
}

/**
 * `public` (a load balancer without an internal annotation that takes wide ranges, or external addresses), `limited` (a load
 * balancer with narrow source ranges), `internal`, `node-port` or `cluster`.
 */
export function exposureOf(event: AuditEvent): Exposure | undefined {
  const view = serviceOf(event);
  if (view === undefined) return undefined;
  const type = textOf(view.spec, 'type');
  if (type === 'LoadBalancer') {
    if (isInternal(view.service)) return 'internal';
    const ranges = sourceRanges(event);
    return ranges.length === 0 || ranges.some(isWideRange) ? 'public' : 'limited';
  }
  if (asTexts(own(view.spec, 'externalIPs')).length > 0) return 'public';
  return type === 'NodePort' ? 'node-port' : 'cluster';
}

/** Type of a written service as the object states it. */
export function serviceType(event: AuditEvent): string | undefined {
  return textOf(serviceOf(event)?.spec, 'type');
}

/** Ports and target ports of a written service, as texts. */
export function servicePorts(event: AuditEvent): readonly string[] {
  return asList(own(serviceOf(event)?.spec, 'ports')).flatMap((port) =>
    ['port', 'targetPort'].flatMap((key) => textOf(port, key) ?? []),
  );
}

/** Everything that tells which application stands behind a service: ` name=x selector=app=y label=app=y port=http `. */
export function serviceApplication(event: AuditEvent): string | undefined {
  const view = serviceOf(event);
  if (view === undefined) return undefined;
  const name = textOf(event.objectRef, 'name') ?? asText(at(view.service, ['metadata', 'name'])) ?? '';
  const pairs = (kind: string, value: unknown) =>
    entriesOf(value).map(([key, text]) => `${kind}=${key}=${asText(text) ?? ''}`);
  const ports = asList(own(view.spec, 'ports')).flatMap((port) => textOf(port, 'name') ?? []);
  const facts = [
    `name=${name}`,
    ...pairs('selector', own(view.spec, 'selector')),
    ...pairs('label', at(view.service, ['metadata', 'labels'])),
    ...ports.map((port) => `port=${port}`),
  ];
  return facts.join(' ');
}

/** Services that a written ingress leads to. */
export function ingressBackends(event: AuditEvent): readonly string[] {
  const spec = ingressSpec(event);
  const paths = asList(own(spec, 'rules')).flatMap((rule) => asList(at(rule, ['http', 'paths'])));
  const backends = [...paths.map((path) => own(path, 'backend')), own(spec, 'defaultBackend'), own(spec, 'backend')];
  return backends.flatMap(
    (backend) => asText(at(backend, ['service', 'name'])) ?? textOf(backend, 'serviceName') ?? [],
  );
}

/** Whether a written ingress has a section on TLS. */
export function ingressHasTls(event: AuditEvent): boolean | undefined {
  const spec = ingressSpec(event);
  return spec === undefined ? undefined : asList(own(spec, 'tls')).length > 0;
}

function ingressSpec(event: AuditEvent): unknown {
  const write = textOf(event.objectRef, 'resource') === 'ingresses' ? writeOf(event) : null;
  return write !== null && touches(write, ['spec']) ? own(objectOf(write), 'spec') : undefined;
}
