import type { AuditEvent } from '../audit-event.ts';

/** What a field name of another collection's style means in an `audit.k8s.io/v1` event. */
export type MappedField = { readonly paths: readonly string[] } | { readonly derive: (event: AuditEvent) => unknown };

/** One name, or all names with a beginning, and what it means; `means` is for the page of mappings. */
export interface MappedName {
  readonly name: string;
  /** Set where `name` is only a beginning: makes what the rest of the name means, or null for a rest that means nothing. */
  readonly rest?: (rest: string) => MappedField | null;
  readonly field?: MappedField;
  readonly means: string;
}

/** How rules of one style name fields and log sources. Opt-in: a rule does not say which style it is written in. */
export interface FieldMapping {
  readonly title: string;
  readonly description: string;
  readonly names: readonly MappedName[];
  /** Log sources of that style which are audit logs. */
  readonly sources: readonly { readonly product: string; readonly service: string }[];
  /** Beginnings of names that belong to the style and to nothing else. */
  readonly marks: readonly string[];
}

/** The same path under another name. */
export const same = (name: string, ...paths: string[]): MappedName => ({
  name,
  field: { paths },
  means: paths.map((path) => `\`${path}\``).join(', '),
});

/** Computed from the event. */
export const computed = (name: string, means: string, derive: (event: AuditEvent) => unknown): MappedName => ({
  name,
  field: { derive },
  means,
});

/** Names that go on from a beginning. */
export const begins = (name: string, means: string, rest: (rest: string) => MappedField | null): MappedName => ({
  name,
  rest,
  means,
});

/** Where a pod spec stands in the bodies of pods and of the workloads that make them. */
const POD_SPECS = [
  'requestObject.spec',
  'requestObject.spec.template.spec',
  'requestObject.spec.jobTemplate.spec.template.spec',
  'requestObject.template.spec',
];

/** A path below a pod spec, wherever it lies. */
export const inPodSpec = (path: string): string[] => POD_SPECS.map((spec) => `${spec}.${path}`);

/** A path below any container of a pod spec. */
export const inContainers = (path: string): string[] =>
  ['containers', 'initContainers', 'ephemeralContainers'].flatMap((kind) => inPodSpec(`${kind}.${path}`));

/** What a name means in a style, or null. The longest beginning counts. */
export function mapped(mapping: FieldMapping, name: string): MappedField | null {
  const whole = mapping.names.find((one) => one.rest === undefined && one.name === name);
  if (whole?.field) return whole.field;
  const beginnings = mapping.names.filter((one) => one.rest !== undefined && name.startsWith(one.name));
  const longest = beginnings.sort((a, b) => b.name.length - a.name.length)[0];
  return longest?.rest?.(name.slice(longest.name.length)) ?? null;
}
