/** An audit event's `objectRef`; members that would be empty are absent. */
export interface ObjectReference {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
}

export interface RequestUri {
  /** Path segments, decoded. */
  readonly path: readonly string[];
  /** Parameters in order, decoded; one name may stand several times. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Takes a `requestURI` apart. Never throws: what is no escape stays as it is. */
export function parseRequestUri(uri: string): RequestUri {
  const mark = uri.indexOf('?');
  const path = mark < 0 ? uri : uri.slice(0, mark);
  const query = mark < 0 ? '' : uri.slice(mark + 1);
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decode),
    query: query
      .split('&')
      .filter((part) => part !== '')
      .map(parameter),
  };
}

function parameter(part: string): readonly [string, string] {
  const equals = part.indexOf('=');
  const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))];
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The `objectRef` that the API server would have written for a URI: `/api/v1[/namespaces/NS]/RES[/NAME[/SUB]]` or
 * `/apis/GROUP/VERSION/...`. Null for paths that name no resource.
 */
export function objectRefOfUri(uri: string): ObjectReference | null {
  const { path } = parseRequestUri(uri);
  if (path[0] === 'api' && path.length > 2) return reference('', path[1]!, path.slice(2));
  if (path[0] === 'apis' && path.length > 3) return reference(path[1]!, path[2]!, path.slice(3));
  return null;
}

/** `watch` and `proxy` before the resource are old spellings of a verb. */
const VERB_PREFIXES = new Set(['watch', 'proxy']);
const NAMESPACE_PARTS = new Set(['status', 'finalize']);

function reference(apiGroup: string, apiVersion: string, rest: readonly string[]): ObjectReference | null {
  const parts = VERB_PREFIXES.has(rest[0] ?? '') ? rest.slice(1) : rest;
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2 && !NAMESPACE_PARTS.has(parts[2]!);
  const [resource, name, ...below] = isInNamespace ? parts.slice(2) : parts;
  if (resource === undefined) return null;
  const namespace = isInNamespace ? parts[1] : resource === 'namespaces' ? name : undefined;
  return {
    resource,
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(apiGroup ? { apiGroup } : {}),
    apiVersion,
    ...(below[0] ? { subresource: below[0] } : {}),
  };
}

/** The values of one query parameter, in order. */
export function queryValues(uri: string, name: string): string[] {
  return parseRequestUri(uri)
    .query.filter(([key]) => key === name)
    .map(([, value]) => value);
}

/** What an exec or attach call runs: its `command` parameters, in order. */
export function execCommand(uri: string): string[] {
  return queryValues(uri, 'command');
}
