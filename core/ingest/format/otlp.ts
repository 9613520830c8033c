import { expand } from './dotted.ts';
import { firstText, isObject, type JsonObject, own, ownText } from './json-object.ts';
import { type Context, type Cursor, child, inside, type Told, type Walk } from './walk.ts';

const SERVER = [['k8s.node.name'], ['host.name'], ['k8s.pod.name']] as const;

/** One log record of an OTLP batch. */
export function readLogRecord(walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
  const resource = attributesOf(own(envelope, 'resourceLogs', 0, 'resource', 'attributes'));
  const source = { server: firstText(resource, SERVER), cluster: ownText(resource, 'k8s.cluster.name') };
  const from = inside(context, 'otlp-json', source);
  const body = own(value, 'body');
  const text = own(body, 'stringValue');
  if (typeof text === 'string') return walk.text(text, child(at, 'body', 'stringValue').pointer, from);
  const tree = toPlain(body, 0);
  if (isObject(tree) && tree.kind === 'Event') return walk.rebuilt(tree, child(at, 'body'), from);
  return walk.skipped('no audit event');
}

function attributesOf(list: unknown): JsonObject {
  const entries = Array.isArray(list)
    ? list.map((item) => [String(own(item, 'key')), toPlain(own(item, 'value'), 0)])
    : [];
  return Object.fromEntries(entries);
}

const MAXIMUM_DEPTH = 100;

/** A tree of AnyValue as plain JSON. Integers arrive as text; nested JSON text is opened one level, where fields expect objects. */
function toPlain(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth > MAXIMUM_DEPTH) return undefined;
  const text = own(value, 'stringValue');
  if (typeof text === 'string') return depth === 1 ? expand(text) : text;
  const whole = own(value, 'intValue');
  if (whole !== undefined) return Number(whole);
  for (const key of ['doubleValue', 'boolValue', 'bytesValue'])
    if (own(value, key) !== undefined) return own(value, key);
  const items = own(value, 'arrayValue', 'values');
  if (Array.isArray(items)) return items.map((item) => toPlain(item, depth + 1));
  const members = own(value, 'kvlistValue', 'values');
  if (!Array.isArray(members))
    return isObject(own(value, 'arrayValue')) ? [] : isObject(own(value, 'kvlistValue')) ? {} : undefined;
  return Object.fromEntries(members.map((item) => [String(own(item, 'key')), toPlain(own(item, 'value'), depth + 1)]));
}
