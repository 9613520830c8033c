import type { FieldStyle } from '../contract/rows.ts';
import { derivedFieldNeeds } from '../event/derived.ts';
import { mapped } from '../event/mapping/field-mapping.ts';
import { MAPPINGS } from '../event/mapping/mappings.ts';
import type { SigmaRule, TraceNode } from '../sigma/sigma.ts';

/** What a log must hold for a rule to be able to fire as `rules list` tells it. */
export interface RuleNeeds {
  /** The lowest audit level that shows what the rule asks for. */
  readonly level: 'Metadata' | 'Request' | 'RequestResponse';
  /** Resources whose events it looks at, `pods/exec` for a subresource; empty: any. */
  readonly resources: readonly string[];
  /** Stages that it looks at; empty: any. */
  readonly stages: readonly string[];
  /** Whether it reads request or response bodies. */
  readonly bodies: boolean;
  /** Annotations that it reads. */
  readonly annotations: readonly string[];
}

type AuditLevel = RuleNeeds['level'];
const AUDIT_LEVELS: readonly AuditLevel[] = ['Metadata', 'Request', 'RequestResponse'];

/** A resource with a subresource; `*` for any. */
type Target = readonly [resource: string, subresource: string];

/** What a part of a rule cannot be met without. Null: any. */
interface Needs {
  readonly level: AuditLevel;
  readonly bodies: boolean;
  readonly targets: readonly Target[] | null;
  readonly stages: readonly string[] | null;
  readonly annotations: readonly string[];
}

const NOTHING: Needs = { level: 'Metadata', bodies: false, targets: null, stages: null, annotations: [] };

/** What a log must hold for a rule to be able to fire. */
export function needsOfRule(rule: SigmaRule, mapping?: FieldStyle): RuleNeeds {
  return toRuleNeeds(needsOfWhole(rule, mapping));
}

/** The tree of the condition says it, whatever the event; the engine knows long lists of resources better. */
function needsOfWhole(rule: SigmaRule, mapping?: FieldStyle): Needs {
  const resources = rule.requires('objectRef.resource');
  const subresources = rule.requires('objectRef.subresource');
  return both([
    needsOf(rule.trace({}), mapping),
    { ...NOTHING, targets: resources && [...resources].map((name): Target => [name, '*']) },
    { ...NOTHING, targets: subresources && [...subresources].map((name): Target => ['*', name]) },
  ]);
}

/** Needs of a correlation: of all its members, or of the least of them where one member's events are enough. */
export function needsOfMembers(rules: readonly SigmaRule[], needsAll: boolean, mapping?: FieldStyle): RuleNeeds {
  const parts = rules.map((rule) => needsOfWhole(rule, mapping));
  return toRuleNeeds(needsAll ? both(parts) : either(parts));
}

function toRuleNeeds({ level, bodies, targets, stages, annotations }: Needs): RuleNeeds {
  const resources = (targets ?? []).map(([resource, subresource]) => {
    if (subresource === '*') return resource;
    return resource === '*' ? subresource : `${resource}/${subresource}`;
  });
  const plain = resources.includes('*') ? [] : [...new Set(resources)].sort();
  return { level, resources: plain, stages: [...(stages ?? [])].sort(), bodies, annotations: [...annotations].sort() };
}

function needsOf(node: TraceNode, mapping: FieldStyle | undefined): Needs {
  const parts = node.parts.map((part) => needsOf(part, mapping));
  switch (node.kind) {
    case 'all':
    case 'selection':
      return both(parts);
    case 'any':
      return either(parts);
    case 'not':
      return NOTHING;
    case 'comparison':
      return needsOfComparison(node.label, mapping);
  }
}

/** A comparison is labelled as it is written: `field|modifier: value, value`. */
function needsOfComparison(label: string, mapping: FieldStyle | undefined): Needs {
  const [, field = '', modifiers = '', values = ''] = /^([^|:]+?)((?:\|[^:]*)?): (.*)$/s.exec(label) ?? [];
  const isNegative =
    /\|neq\b/.test(modifiers) || values === 'null' || (modifiers.includes('|exists') && values === 'false');
  if (field === '' || isNegative) return NOTHING;
  // A long list of values is cut short in a label.
  const isWhole = modifiers === '' && !/[*?%]|\.\.\. \(\d+\)$/.test(values);
  const exact = isWhole ? values.split(', ') : null;
  switch (pathOf(field, mapping)) {
    case 'objectRef.resource':
    case 'resource':
      return { ...NOTHING, targets: exact?.map((value): Target => [value, '*']) ?? null };
    case 'objectRef.subresource':
    case 'subresource':
      return { ...NOTHING, targets: exact?.map((value): Target => ['*', value]) ?? null };
    case 'stage':
      return { ...NOTHING, stages: exact };
    default:
      return needsOfField(pathOf(field, mapping));
  }
}

/** What a name of another style means. What is computed from a body is told apart by its name. */
function pathOf(name: string, mapping: FieldStyle | undefined): string {
  const field = mapping && mapped(MAPPINGS[mapping], name);
  if (!field) return name;
  if ('paths' in field) return field.paths[0] ?? name;
  return /\breq\b|requestObject/.test(name) ? 'requestObject' : name;
}

function needsOfField(field: string): Needs {
  const derived = derivedFieldNeeds(field);
  if (derived) {
    const { level, bodies, resources } = derived;
    return { ...NOTHING, level, bodies, targets: resources.length === 0 ? null : resources.map(targetOf) };
  }
  if (/^responseObject\b/.test(field)) return { ...NOTHING, level: 'RequestResponse', bodies: true };
  if (/^(requestObject\b|hostPath$|capabilities$)/.test(field)) return { ...NOTHING, level: 'Request', bodies: true };
  return field.startsWith('annotations.') ? { ...NOTHING, annotations: [field.slice('annotations.'.length)] } : NOTHING;
}

/** The body that a field is read from, and of which resources (none: it may be all); null: it stands outside of bodies. */
export function bodyOfField(
  field: string,
): { readonly body: 'request' | 'response'; readonly resources: readonly string[] } | null {
  const { bodies, level, targets } = needsOfField(field);
  if (!bodies) return null;
  const resources = (targets ?? []).map(([resource]) => resource).filter((resource) => resource !== '*');
  return { body: level === 'RequestResponse' ? 'response' : 'request', resources };
}

function targetOf(text: string): Target {
  const [resource = '*', subresource = '*'] = text.split('/');
  return [resource, subresource];
}

function both(parts: readonly Needs[]): Needs {
  return parts.reduce((a, b) => {
    return {
      level: AUDIT_LEVELS.indexOf(a.level) < AUDIT_LEVELS.indexOf(b.level) ? b.level : a.level,
      bodies: a.bodies || b.bodies,
      targets: a.targets && b.targets ? meet(a.targets, b.targets) : (a.targets ?? b.targets),
      stages: a.stages && b.stages ? a.stages.filter((stage) => b.stages?.includes(stage)) : (a.stages ?? b.stages),
      annotations: [...new Set([...a.annotations, ...b.annotations])],
    };
  }, NOTHING);
}

function either(parts: readonly Needs[]): Needs {
  if (parts.length === 0) return NOTHING;
  return parts.reduce((a, b) => {
    return {
      level: AUDIT_LEVELS.indexOf(a.level) > AUDIT_LEVELS.indexOf(b.level) ? b.level : a.level,
      bodies: a.bodies && b.bodies,
      targets: a.targets && b.targets && [...a.targets, ...b.targets],
      stages: a.stages && b.stages && [...new Set([...a.stages, ...b.stages])],
      annotations: a.annotations.filter((name) => b.annotations.includes(name)),
    };
  });
}

/** Targets that lie in both lists. A rule that names a resource which a field never has keeps what the rule says. */
function meet(a: readonly Target[], b: readonly Target[]): readonly Target[] {
  const found = a.flatMap(([resource, subresource]) =>
    b.flatMap(([otherResource, otherSubresource]): Target[] => {
      const joined: Target = [common(resource, otherResource), common(subresource, otherSubresource)];
      return joined.includes('') ? [] : [joined];
    }),
  );
  return found.length > 0 ? found : a;
}

/** The narrower of two names of which one may be `*`; empty where they differ. */
function common(a: string, b: string): string {
  if (a === '*') return b;
  return b === '*' || a === b ? a : '';
}
