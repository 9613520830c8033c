import { isDotted, rebuildFromFields } from './dotted.ts';
import { isObject, type JsonObject, own, ownText } from './json-object.ts';
import { gunzipBase64 } from './payload.ts';
import { type Context, type Cursor, child, inside, TOLD, type Told, type Walk } from './walk.ts';

/** Server and cluster as CloudWatch names them: the stream of one API server, the log group of one cluster. */
export function sourceOf(
  stream: string | null,
  group: string | null,
): { server: string | null; cluster: string | null } {
  const cluster = /\/aws\/eks\/([^/]+)\/cluster/.exec(group ?? '')?.[1] ?? null;
  return { server: stream, cluster };
}

/** One element of `logEvents` of a subscription envelope. */
export function readLogEvent(walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
  if (own(envelope, 'messageType') === 'CONTROL_MESSAGE') return walk.skipped('control message');
  const source = sourceOf(ownText(envelope, 'logStream'), ownText(envelope, 'logGroup'));
  return readMessage(walk, value, at, inside(context, 'aws-cwl-subscription', source));
}

/** One element of `events`, as filter-log-events and get-log-events print them. */
export function readFilteredEvent(walk: Walk, value: unknown, at: Cursor, context: Context): Told {
  if (typeof own(value, 'message') !== 'string') return walk.value(value, at, context);
  return readMessage(
    walk,
    value,
    at,
    inside(context, 'aws-cwl-filter-log-events', sourceOf(ownText(value, 'logStreamName'), null)),
  );
}

function readMessage(walk: Walk, value: unknown, at: Cursor, context: Context): Told {
  const message = own(value, 'message');
  if (typeof message === 'string') return walk.text(message, child(at, 'message').pointer, context);
  if (isObject(message)) return walk.value(message, child(at, 'message'), context);
  return walk.skipped('no message');
}

/** The payload of a Lambda function: the subscription envelope, gzip, base64. */
export function readLambdaEvent(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const text = gunzipBase64(walk, String(own(value, 'awslogs', 'data')));
  const to = child(at, 'awslogs', 'data');
  if (text === null) return TOLD;
  return walk.text(text, to.pointer, inside(context, 'aws-cwl-lambda-event', { isFixed: true }));
}

/** One row of a query's results: a list of fields, or Splunk's row. */
export function readResult(walk: Walk, value: unknown, at: Cursor, context: Context): Told {
  if (!Array.isArray(value)) return walk.value(value, at, context);
  const fields: Record<string, unknown> = {};
  for (const field of value) {
    const name = ownText(field, 'field');
    if (name !== null) fields[name] = own(field, 'value');
  }
  const index = value.findIndex((field) => own(field, 'field') === '@message');
  return readFields(walk, fields, { at, message: child(at, index, 'value') }, inside(context, 'aws-cwl-insights-json'));
}

/** One row of the console's JSON export. */
export function readConsoleRow(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return readFields(walk, value, { at, message: child(at, '@message') }, inside(context, 'aws-cwl-insights-json'));
}

/** A row of fields: the whole message if it was selected, else what can be rebuilt from dotted names. */
export function readFields(
  walk: Walk,
  fields: JsonObject,
  places: { at: Cursor; message: Cursor },
  context: Context,
): Told {
  const log = ownText(fields, '@log');
  const from = { ...context, ...said(context, sourceOf(ownText(fields, '@logStream'), log)) };
  const message = own(fields, '@message');
  if (typeof message === 'string') return walk.text(message, places.message.pointer, from);
  if (isObject(message)) return walk.value(message, places.message, from);
  if (isDotted(fields)) return walk.rebuilt(rebuildFromFields(fields), places.at, from);
  return walk.skipped('no audit event');
}

function said(context: Context, source: { server: string | null; cluster: string | null }) {
  return { server: source.server ?? context.server, cluster: source.cluster ?? context.cluster };
}
