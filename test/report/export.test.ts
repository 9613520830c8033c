import { writeFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ALERT_FORMATS,
  type AlertFormat,
  EVENT_FORMATS,
  type EventFormat,
} from '../../core/contract/export-formats.ts';
import type { Alert, EventRow } from '../../core/contract/rows.ts';
import type { Session } from '../../core/host/api.ts';
import { decklog, ROOT, SAMPLES } from '../cli/decklog.ts';
import { CONTEXT, caseOf, collect, eventsOf, SHIPPED, temporaryFolder } from '../host/case.ts';
import { stixFaults } from './stix-schema.ts';

const LOGS = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
const folder = temporaryFolder();
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/;

let session: Session;
let alerts: readonly Alert[];
let events: readonly EventRow[];

beforeAll(async () => {
  session = await caseOf([...LOGS, join(SAMPLES, 'hostile--strings.jsonl')], { rules: SHIPPED });
  alerts = session.alerts({});
  events = await eventsOf(session);
});

afterAll(() => session.close());

async function alertsAs(format: AlertFormat): Promise<string> {
  return Buffer.concat(await collect(session.outputs.export({ what: 'alerts', format }, CONTEXT))).toString();
}

async function eventsAs(format: EventFormat, query = ''): Promise<Buffer> {
  return Buffer.concat(await collect(session.outputs.export({ what: 'events', format, query }, CONTEXT)));
}

const lines = (text: string): string[] => text.split('\n').slice(0, -1);
// biome-ignore lint/suspicious/noExplicitAny: documents of other tools, looked at by their field rules
const documents = (text: string): any[] => lines(text).map((line) => JSON.parse(line));

test.each(ALERT_FORMATS)('alerts as %s are the same bytes twice', async (format) => {
  const text = await alertsAs(format);

  expect(text.length).toBeGreaterThan(100);
  expect(await alertsAs(format)).toBe(text);
});

test.each(EVENT_FORMATS)('events as %s are the same bytes twice', async (format) => {
  const query = 'verb:create';

  expect((await eventsAs(format, query)).equals(await eventsAs(format, query))).toBe(true);
});

test('the alerts API shape holds what the schema of 2022-01-01 demands', async () => {
  const { value } = JSON.parse(await alertsAs('defender'));

  expect(value).toHaveLength(alerts.length);
  for (const { id, name, type, properties } of value) {
    expect([typeof id, typeof name, type]).toEqual(['string', 'string', 'Microsoft.Security/Locations/alerts']);
    expect(properties.alertType).toMatch(/^DECKLOG_/);
    expect(['Informational', 'Low', 'Medium', 'High']).toContain(properties.severity);
    expect(['Active', 'InProgress', 'Resolved', 'Dismissed']).toContain(properties.status);
    expect([properties.startTimeUtc, properties.endTimeUtc].every((time: string) => RFC3339.test(time))).toBe(true);
    expect(Object.values(properties.extendedProperties).every((item) => typeof item === 'string')).toBe(true);
    expect(properties.resourceIdentifiers[0]).toMatchObject({ type: 'AzureResource' });
    expect(properties.entities.every((entity: { type: unknown }) => typeof entity.type === 'string')).toBe(true);
  }
});

test('the Event Hubs shape links entities by $id and $ref', async () => {
  const found = documents(await alertsAs('defender-eventhub'));

  expect(found.map(({ SystemAlertId }) => SystemAlertId)).toEqual(alerts.map(({ key }) => key));
  for (const alert of found) {
    const ids = new Set(alert.Entities.map(({ $id }: { $id: string }) => $id));
    const refs = [...JSON.stringify(alert.Entities).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref as string);
    expect(refs.every((ref) => ids.has(ref))).toBe(true);
    expect(alert.Entities[0].Type).toBe('K8s-cluster');
  }
});

test('CEF has seven head fields, known keys, and no letter that ends a field early', async () => {
  for (const line of lines(await alertsAs('cef'))) {
    const parts = line.split(/(?<!\\)(?:\\\\)*\|/);
    expect(parts[0]).toBe('CEF:0');
    expect(Number(parts[6])).toBeLessThanOrEqual(10);
    const pairs = [
      ...parts
        .slice(7)
        .join('|')
        .matchAll(/(?:^| )(\w+)=((?:[^=\\]|\\.)*?)(?= \w+=|$)/g),
    ];
    const fields = Object.fromEntries(pairs.map(([, name, value]) => [name, value]));
    expect(fields['start']).toMatch(/^\d+$/);
    if (fields['src'] !== undefined) expect(isIPv4(fields['src'])).toBe(true);
    expect(
      Object.keys(fields).filter(
        (name) => !/^(externalId|start|end|cnt|outcome|suser|src|c6a2(Label)?|msg|cat|cs[1-6](Label)?)$/.test(name),
      ),
    ).toEqual([]);
  }
});

test('syslog is RFC 5424', async () => {
  const shape =
    /^<(\d{1,3})>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [\x21-\x7e]{1,255} decklog - alert \[decklog@32473(?: [\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")+\] \ufeff[^\u0000-\u001f]*$/u;
  const found = lines(await alertsAs('syslog'));

  expect(found).toHaveLength(alerts.length);
  expect(found.filter((line) => !shape.test(line) || Number(shape.exec(line)?.[1]) > 191)).toEqual([]);
});

test('ECS documents use known field sets and values', async () => {
  for (const found of documents(await alertsAs('ecs'))) {
    expect(found['@timestamp']).toMatch(RFC3339);
    expect(found.event).toMatchObject({ kind: 'alert', category: ['intrusion_detection'] });
    expect(['success', 'failure', 'unknown']).toContain(found.event.outcome);
    expect(['allowed', 'denied']).toContain(found.event.type[0]);
    if (found.source?.ip !== undefined) expect(isIP(found.source.ip)).not.toBe(0);
    expect(
      Object.keys(found).filter(
        (name) =>
          ![
            '@timestamp',
            'ecs',
            'message',
            'tags',
            'event',
            'rule',
            'threat',
            'user',
            'source',
            'related',
            'orchestrator',
            'decklog',
          ].includes(name),
      ),
    ).toEqual([]);
  }
});

test('OCSF findings hold what class 2004 demands', async () => {
  for (const found of documents(await alertsAs('ocsf'))) {
    expect(found).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      activity_id: 1,
      type_uid: 200401,
      metadata: { version: '1.3.0', product: { vendor_name: 'Decklog' } },
    });
    expect([1, 2, 3, 4, 5]).toContain(found.severity_id);
    expect([1, 2, 3, 4]).toContain(found.status_id);
    expect(Number.isInteger(found.time)).toBe(true);
    expect([typeof found.finding_info.uid, typeof found.finding_info.title]).toEqual(['string', 'string']);
    expect(
      found.evidences.every(
        (entry: { src_endpoint?: { ip: string } }) =>
          entry.src_endpoint === undefined || typeof entry.src_endpoint.ip === 'string',
      ),
    ).toBe(true);
  }
});

test('the STIX bundle has unique, well-formed identifiers, and every reference leads somewhere', async () => {
  const bundle = JSON.parse(await alertsAs('stix'));
  const ids = bundle.objects.map(({ id }: { id: string }) => id);
  const known = new Set(ids);
  const references = [...JSON.stringify(bundle).matchAll(/"\w+_refs?":(\[[^\]]*\]|"[^"]*")/g)].flatMap(([, found]) =>
    [JSON.parse(found as string)].flat(),
  );

  expect(bundle).toMatchObject({ type: 'bundle' });
  expect(known.size).toBe(ids.length);
  expect(
    ids.filter(
      (id: string) => !/^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
    ),
  ).toEqual([]);
  expect(references.filter((id) => !known.has(id))).toEqual([]);
  for (const object of bundle.objects) {
    expect([object.spec_version, object.id.split('--')[0]]).toEqual(['2.1', object.type]);
    if (object.type === 'observed-data') expect(object.object_refs.length).toBeGreaterThan(0);
    if (object.type === 'indicator')
      expect(object).toMatchObject({ pattern_type: 'sigma', valid_from: expect.stringMatching(RFC3339) });
    if (object.created !== undefined) expect(object.modified >= object.created).toBe(true);
  }
  expect(bundle.objects.filter(({ type }: { type: string }) => type === 'sighting')).toHaveLength(alerts.length);
});

test('the objects of the STIX bundle are as the published schemas want them, which find what is not', async () => {
  const { objects } = JSON.parse(await alertsAs('stix'));
  const [indicator] = objects.filter(({ type }: { type: string }) => type === 'indicator');
  const { pattern: _, ...broken } = indicator;

  expect(stixFaults(objects)).toEqual([]);
  expect(stixFaults([broken])).toEqual([expect.stringContaining("must have required property 'pattern'")]);
});

test('the Navigator layer names techniques of ATT&CK with scores within the gradient', async () => {
  const layer = JSON.parse(await alertsAs('attack-navigator'));

  expect(layer).toMatchObject({
    domain: 'enterprise-attack',
    versions: { layer: '4.5' },
    gradient: { minValue: 1, maxValue: 5 },
  });
  expect(layer.techniques.length).toBeGreaterThan(3);
  expect(
    layer.techniques.filter(
      ({ techniqueID, score }: { techniqueID: string; score: number }) =>
        !/^T\d{4}(\.\d{3})?$/.test(techniqueID) || score < 1 || score > 5,
    ),
  ).toEqual([]);
});

test('timelines have the columns that Timesketch demands, one line an event', async () => {
  const rows = parse((await eventsAs('timesketch-csv')).toString(), { columns: true }) as Record<string, string>[];
  const json = documents((await eventsAs('timesketch-jsonl')).toString());

  expect(rows).toHaveLength(events.length);
  expect(json.map(({ timestamp, audit_id }) => [timestamp, audit_id]).slice(0, 20)).toEqual(
    rows.slice(0, 20).map(({ timestamp, audit_id }) => [Number(timestamp), audit_id]),
  );
  expect(
    rows.every(
      ({ message, datetime, timestamp_desc }) =>
        message && (datetime === '' || RFC3339.test(datetime as string)) && timestamp_desc,
    ),
  ).toBe(true);
});

test('Timeline Explorer gets a time that it knows in the first column', async () => {
  const [heads, first] = lines((await eventsAs('timeline-explorer', 'verb:create')).toString());

  expect(heads).toMatch(/^Timestamp,Tag,Message,/);
  expect(first).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6},/);
});

test('no cell of a CSV begins as a formula', async () => {
  const tables = [
    await alertsAs('csv'),
    await alertsAs('timesketch-csv'),
    (await eventsAs('csv')).toString(),
    (await eventsAs('timeline-explorer')).toString(),
  ];
  const cells = tables.flatMap((table) => (parse(table, { relax_column_count: true }) as string[][]).flat());

  expect(cells.filter((cell) => /^\s*[=+@-]/.test(cell))).toEqual([]);
});

test('Parquet is read by DuckDB: every event, typed', async () => {
  const path = join(folder, 'events.parquet');
  writeFileSync(path, await eventsAs('parquet'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::INT AS events, count(DISTINCT auditID)::INT AS ids, typeof(any_value(time)) AS time, typeof(any_value(code)) AS code FROM '${path}'`,
  );
  const order = await connection.runAndReadAll(
    `SELECT auditID, epoch_us(time)::VARCHAR AS us FROM '${path}' WHERE time IS NOT NULL ORDER BY time LIMIT 1`,
  );

  expect(reader.getRowObjects()[0]).toEqual({
    events: events.length,
    ids: new Set(events.map(({ auditID }) => auditID)).size,
    time: 'TIMESTAMP',
    code: 'BIGINT',
  });
  expect(new Date(Number(order.getRowObjects()[0]?.['us']) / 1000).toISOString().slice(0, 23)).toBe(
    events.find(({ time }) => time !== '')?.time.slice(0, 23),
  );
});

test('the command line exports alerts, events of a query, and a case that verifies', async () => {
  const at = temporaryFolder();
  await decklog(['investigate', ...LOGS, '--case', 'c.decklog', '--quiet'], at);
  const results = [
    await decklog(['export', 'c.decklog', '-o', 'a.cef', '--level', 'medium'], at),
    await decklog(['export', 'c.decklog', 'resource:secrets', '-o', 's.parquet', '--what', 'events', '--json'], at),
    await decklog(['export', 'c.decklog', '-o', 'copy.decklog', '--what', 'case'], at),
    await decklog(['verify', 'copy.decklog'], at),
    await decklog(['verify', 'c.decklog'], at),
    await decklog(['export', 'c.decklog', '-o', 'copy.decklog', '--what', 'case'], at),
    await decklog(['export', 'c.decklog', '-o', 'a.xyz'], at),
    await decklog(['export', 'c.decklog', '-o', 'no/such/a.cef'], at),
  ];

  expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 1, 2, 1]);
  expect(JSON.parse(results[1]?.stdout ?? '')).toMatchObject({ what: 'events', format: 'parquet' });
});
