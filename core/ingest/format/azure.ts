import { expand } from './dotted.ts';
import { compact, isObject, type JsonObject, own, ownText } from './json-object.ts';
import { type Context, type Cursor, child, inside, type Told, type Walk } from './walk.ts';

/** A diagnostic record: the event is a string in `properties.log`; other categories carry klog text there. */
export function readDiagnostic(walk: Walk, value: JsonObject, at: Cursor, context: Context, format: string): Told {
  const properties = expand(own(value, 'properties'));
  const server = ownText(properties, 'pod');
  const cluster = clusterOf(ownText(value, 'resourceId'));
  const log = own(properties, 'log');
  const from = inside(context, format, { server, cluster });
  const place = child(at, 'properties', 'log');
  if (typeof log === 'string') return walk.text(log, place.pointer, from);
  if (isObject(log) && isObject(own(value, 'properties'))) return walk.value(log, place, from);
  return walk.skipped('no log text');
}

/** The managed cluster's name in a resource id. Azure writes ids in capitals or not: names are compared in lower case. */
export function clusterOf(resourceId: string | null): string | null {
  const name = /\/(?:managedclusters|connectedclusters)\/([^/]+)/i.exec(resourceId ?? '')?.[1];
  return name?.toLowerCase() ?? null;
}

/** A row of AzureDiagnostics. `names` maps a column to its step in the record (its name, or its index in a bare row). */
export function readDiagnosticsRow(walk: Walk, row: JsonObject, at: Cursor, place: Cursor, context: Context): Told {
  const cluster = clusterOf(ownText(row, 'ResourceId') ?? ownText(row, '_ResourceId'));
  const from = inside(context, 'azure-la-azurediagnostics', { server: ownText(row, 'pod_s'), cluster });
  const log = own(row, 'log_s');
  if (typeof log === 'string') return walk.text(log, place.pointer, from);
  return walk.value(log, at, from);
}

/** Columns of AKSAudit and its kin, and the fields that they hold. */
const COLUMNS: readonly (readonly [column: string, field: string])[] = [
  ['Level', 'level'],
  ['AuditId', 'auditID'],
  ['Stage', 'stage'],
  ['RequestUri', 'requestURI'],
  ['Verb', 'verb'],
  ['User', 'user'],
  ['ImpersonatedUser', 'impersonatedUser'],
  ['SourceIps', 'sourceIPs'],
  ['UserAgent', 'userAgent'],
  ['ObjectRef', 'objectRef'],
  ['ResponseStatus', 'responseStatus'],
  ['RequestObject', 'requestObject'],
  ['ResponseObject', 'responseObject'],
  ['RequestReceivedTime', 'requestReceivedTimestamp'],
  ['StageReceivedTime', 'stageTimestamp'],
  ['Annotations', 'annotations'],
];

/** A row of AKSAudit: one column per field, dynamic columns as objects or as JSON text. */
export function readAuditRow(walk: Walk, row: JsonObject, at: Cursor, context: Context): Told {
  const members: Record<string, unknown> = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  for (const [column, field] of COLUMNS) members[field] = dynamic(own(row, column));
  const server = ownText(row, 'PodName');
  const cluster = clusterOf(ownText(row, '_ResourceId'));
  return walk.rebuilt(
    liftImpersonation(compact(members)),
    at,
    inside(context, 'azure-la-aksaudit', { server, cluster }),
  );
}

/** Empty text, `{}` and `null` mean absent. */
function dynamic(value: unknown): unknown {
  const expanded = expand(value);
  return isObject(expanded) && Object.keys(expanded).length === 0 ? undefined : expanded;
}

/** The schema has no column for it, so an impersonated user may stand inside `User`. */
function liftImpersonation(event: JsonObject): JsonObject {
  const inner = own(event, 'user', 'impersonatedUser');
  if (!isObject(inner) || !isObject(event.user)) return { user: {}, ...event };
  const { impersonatedUser, ...user } = event.user;
  return { ...event, user, impersonatedUser };
}

/** One row of a query result whose columns stand apart. */
export function readTableRow(walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
  const columns = own(envelope, 'tables', 0, 'columns');
  if (!Array.isArray(value) || !Array.isArray(columns)) return walk.value(value, at, context);
  const names = columns.map((column) => ownText(column, 'name') ?? '');
  const row: JsonObject = Object.fromEntries(names.map((name, index) => [name, value[index]]));
  const from = inside(context, 'azure-la-tables', { isFixed: true });
  if (Object.hasOwn(row, 'log_s')) return readDiagnosticsRow(walk, row, at, child(at, names.indexOf('log_s')), from);
  if (Object.hasOwn(row, 'AuditId')) return readAuditRow(walk, row, at, from);
  return walk.skipped('no audit columns');
}
