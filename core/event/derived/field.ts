import type { AuditEvent } from '../audit-event.ts';
import { POD_SPEC_RESOURCES, type PodView, podOf } from '../pod-spec.ts';
import { asText, own } from '../value.ts';

/** What the log must hold for a field to have a value. */
export interface FieldNeeds {
  /** The lowest audit level that carries it. */
  readonly level: 'Metadata' | 'Request';
  /** Whether it is read from request or response bodies. */
  readonly bodies: boolean;
  /** The resources whose events have it; empty: any. */
  readonly resources: readonly string[];
}

/** One derived field: `read` gives a scalar, a list of scalars, or undefined where an event has no such thing. */
export interface DerivedField {
  readonly name: string;
  readonly description: string;
  readonly type: 'text' | 'flag' | 'list';
  readonly needs: FieldNeeds;
  readonly read: (event: AuditEvent) => unknown;
}

export const METADATA: FieldNeeds = { level: 'Metadata', bodies: false, resources: [] };
export const metadataOf = (...resources: string[]): FieldNeeds => ({ ...METADATA, resources });
export const bodyOf = (...resources: string[]): FieldNeeds => ({ level: 'Request', bodies: true, resources });
export const POD_BODY = bodyOf(...POD_SPEC_RESOURCES, 'pods/ephemeralcontainers');
export const SERVICE_BODY = bodyOf('services');
export const ROLE_BODY = bodyOf('roles', 'clusterroles');
export const BINDING_BODY = bodyOf('rolebindings', 'clusterrolebindings');
export const REQUEST_BODY = bodyOf('certificatesigningrequests');

export const filled = (values: readonly unknown[]) => (values.length === 0 ? undefined : values);
export const fromPod = (read: (pod: PodView) => unknown) => (event: AuditEvent) => {
  const pod = podOf(event);
  return pod === null ? undefined : read(pod);
};
export const podTexts = (read: (pod: PodView) => readonly string[]) => fromPod((pod) => filled(read(pod)));
export const podScalar = (key: string) => fromPod((pod) => asText(own(pod.spec, key)));
export const texts = (read: (event: AuditEvent) => readonly string[]) => (event: AuditEvent) => filled(read(event));
export const distinct = (values: readonly string[]) => [...new Set(values)];

/** Name, type, needs, reader and description of a field. */
export type Row = readonly [DerivedField['name'], DerivedField['type'], FieldNeeds, DerivedField['read'], string];
