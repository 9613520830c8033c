/** A service account as `ci:deployer`, everything else as it is. */
export function shortUser(user: string): string {
  if (user === '') return '(no user)';
  return user.startsWith('system:serviceaccount:') ? user.slice('system:serviceaccount:'.length) : user;
}

export interface ObjectParts {
  readonly resource: string | null;
  readonly subresource?: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** `ci · pods/node-debug-7f/exec`: namespace, then kind and name. */
export function objectText(object: ObjectParts): string {
  const path = [object.resource, object.name, object.subresource]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join('/');
  if (path === '') return '';
  return object.namespace === null || object.namespace === '' ? path : `${object.namespace} · ${path}`;
}
