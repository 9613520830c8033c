import { firstText, isObject, type JsonObject, own, ownText } from './json-object.ts';
import { readMember, shippedFrom } from './shipper.ts';
import { type Context, type Cursor, child, inside, type Told, type Walk } from './walk.ts';

const LABEL_SERVER = [['node'], ['node_name'], ['nodename'], ['instance'], ['hostname'], ['host'], ['pod']] as const;
const LABEL_CLUSTER = [['cluster'], ['cluster_name'], ['k8s_cluster_name']] as const;

function fromLabels(labels: unknown): { server: string | null; cluster: string | null } {
  return { server: firstText(labels, LABEL_SERVER), cluster: firstText(labels, LABEL_CLUSTER) };
}

/** A line of logcli, or of Grafana's explorer. */
export function readLokiLine(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const isCommandLine = isObject(own(value, 'labels'));
  const labels = isCommandLine ? own(value, 'labels') : own(value, 'fields');
  const from = inside(context, isCommandLine ? 'loki-logcli-jsonl' : 'grafana-explore', fromLabels(labels));
  return readMember(walk, value, at, from, 'line');
}

/** One entry of a stream in an answer of Loki: time, line, and maybe metadata. */
export function readLokiValue(walk: Walk, envelope: unknown, value: unknown, at: Cursor, context: Context): Told {
  const labels = own(envelope, 'data', 'result', 0, 'stream');
  const line = own(value, 1);
  const from = inside(context, 'loki-api', fromLabels(labels));
  if (typeof line === 'string') return walk.text(line, child(at, 1).pointer, from);
  return walk.skipped('no line');
}

/** A row of a Splunk export. Preview rows come again in full. */
export function readSplunkExport(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  if (own(value, 'preview') === true) return walk.skipped('preview row');
  const result = own(value, 'result');
  const from = inside(context, 'splunk-export-json', { server: ownText(result, 'host') });
  return readRaw(walk, result, child(at, 'result'), from);
}

/** A row of a Splunk result. */
export function readSplunkRow(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return readRaw(walk, value, at, inside(context, 'splunk-results', { server: ownText(value, 'host') }));
}

/** Several values of one field are an array. */
function readRaw(walk: Walk, row: unknown, at: Cursor, context: Context): Told {
  const raw = own(row, '_raw');
  if (typeof raw === 'string') return walk.text(raw, child(at, '_raw').pointer, context);
  if (Array.isArray(raw) && raw.length > 0) return walk.value(raw, child(at, '_raw'), context);
  return walk.skipped('no raw text');
}

/** What the HTTP Event Collector takes. */
export function readSplunkEvent(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  return readMember(walk, value, at, inside(context, 'splunk-hec', { server: ownText(value, 'host') }), 'event');
}

/** Datadog: JSON logs are parsed into `attributes`, others stay in `message`. */
export function readDatadog(walk: Walk, value: JsonObject, at: Cursor, context: Context): Told {
  const from = inside(context, 'datadog-archive', shippedFrom(value));
  const attributes = own(value, 'attributes');
  if (isObject(attributes) && Object.keys(attributes).length > 0 && !hasText(value)) {
    return walk.value(attributes, child(at, 'attributes'), { ...from, isFixed: true });
  }
  return readMember(walk, value, at, { ...from, isFixed: true }, 'message');
}

function hasText(value: JsonObject): boolean {
  return ownText(value, 'message')?.trimStart().startsWith('{') === true;
}
