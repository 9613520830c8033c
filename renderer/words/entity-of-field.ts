import type { EntityRef } from '../../core/contract/scope.ts';

/** The entity that a value of a field names, or null. */
export function entityOfField(field: string, value: string): EntityRef | null {
  if (value === '') return null;
  switch (field) {
    case 'user':
    case 'user.username':
    case 'impersonatedUser':
    case 'impersonatedUser.username':
      return userEntity(value);
    case 'sourceIPs':
    case 'sourceIP':
    case 'source':
    case 'decklog.sourceIP':
      return { kind: 'address', name: value };
    case 'userAgent':
    case 'agent':
      return { kind: 'agent', name: value };
    case 'namespace':
    case 'objectRef.namespace':
      return { kind: 'namespace', name: value };
    default:
      return null;
  }
}

/** A user name as an entity: service accounts and nodes are kinds of their own. */
export function userEntity(user: string): EntityRef {
  if (user.startsWith('system:serviceaccount:')) return { kind: 'serviceaccount', name: user };
  return { kind: 'user', name: user };
}

/** An object as alerts write it, as an entity. */
export function objectEntity(object: string): EntityRef {
  return { kind: 'object', name: object };
}
