import type { LaneBy } from '../contract/scope.ts';

/** A condition that selects exactly this value of a field; null: events without it. */
export function fieldCondition(field: string, value: string | null): string {
  if (value === null || value === '') return `not ${field}:*`;
  const isBare = /^[A-Za-z0-9_.:@/+-]+$/.test(value) && !/^(and|or|not)$/i.test(value) && !value.includes('..');
  return isBare ? `${field}:${value}` : `${field}:"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** The condition that selects a lane; null: what has no such thing. */
export function laneCondition(by: LaneBy, name: string | null): string {
  switch (by) {
    case 'identity':
      return identityCondition(name);
    case 'object':
      return name === null ? 'not name:*' : objectCondition(name);
    case 'namespace':
    case 'address':
      return fieldCondition(by === 'namespace' ? 'namespace' : 'decklog.sourceIP', name);
  }
}

/** All that was done as somebody: by him, or by another who acted as him. */
export function identityCondition(name: string | null): string {
  if (name === null || name === '') return 'not user:* not impersonatedUser:*';
  return `(${fieldCondition('impersonatedUser', name)} or ${fieldCondition('user', name)} not impersonatedUser:*)`;
}

/** The condition that selects an object written `namespace/resource/name` or `resource/name`. */
export function objectCondition(object: string): string {
  const parts = object.split('/');
  const name = parts.at(-1) ?? '';
  const [namespace, resource] = parts.length > 2 ? [parts[0] ?? null, parts[1] ?? ''] : [null, parts[0] ?? ''];
  return [
    fieldCondition('namespace', namespace),
    fieldCondition('resource', resource),
    fieldCondition('name', name),
  ].join(' ');
}
