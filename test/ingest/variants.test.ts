import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FORMATS, LOOK_ALIKES } from '../../core/ingest/catalogue.ts';
import { eventsOf, readAll } from './read-all.ts';
import { eventText } from './sample-files.ts';

/** What was read, in short: an event's id, format, form and pointer, or what else it is. */
async function outline(text: string | Buffer): Promise<string[]> {
  const { said } = await readAll(Buffer.from(text));
  return said.map(({ kind, auditID, read }) =>
    read === undefined ? `${kind} ${auditID ?? '-'}` : `${auditID} ${read.format} ${read.form} ${read.inner}`,
  );
}

const [a, b] = [eventText('a'), eventText('b')];
const quoted = (value: unknown) => JSON.stringify(value);
const STAMP = '2026-03-04T10:15:01.131901233Z';

describe('variants that the samples do not have', () => {
  const cases: Record<string, { text: string | Buffer; told: string[] }> = {
    'a lambda payload with a cut message': {
      text: quoted({
        awslogs: {
          data: gzipSync(
            quoted({
              messageType: 'DATA_MESSAGE',
              logGroup: '/aws/eks/shop/cluster',
              logEvents: [{ message: a }, { message: `${b.slice(0, 90)}[Truncated...]` }, { message: 'I0304 text' }],
            }),
          ).toString('base64'),
        },
      }),
      told: ['a aws-cwl-lambda-event wrapped /awslogs/data/logEvents/0/message', 'malformed b', 'skipped -'],
    },
    'subscription envelopes in an array': {
      text: quoted([{ messageType: 'DATA_MESSAGE', logEvents: [{ message: a }] }]),
      told: ['a aws-cwl-subscription wrapped /logEvents/0/message'],
    },
    'insights rows that select fields': {
      text: quoted({
        results: [
          [
            { field: 'auditID', value: 'a' },
            { field: 'verb', value: 'get' },
            { field: 'user.username', value: 'alice' },
            { field: 'sourceIPs.0', value: '10.0.0.1' },
            { field: 'responseStatus.code', value: '200' },
          ],
        ],
      }),
      told: ['a aws-cwl-insights-json rebuilt null'],
    },
    'insights CSV that selects fields': {
      text: 'auditID,verb,user.username,annotations.authorization.k8s.io/decision\na,get,alice,allow\n',
      told: ['a aws-cwl-insights-csv rebuilt null'],
    },
    'insights CSV without quote doubling': {
      text: `@timestamp,@message\n2026-03-04 10:15:01.131,${a}\n2026-03-04 10:15:01.131,"${b}"\n`,
      told: ['a aws-cwl-insights-csv wrapped /@message', 'b aws-cwl-insights-csv wrapped /@message'],
    },
    'a cell with line feeds': {
      text: `_raw,host\n"${JSON.stringify(JSON.parse(a), null, 1).replaceAll('"', '""')}",cp-1\n"${b.replaceAll('"', '""')}",cp-1\n`,
      told: ['a splunk-csv wrapped /_raw', 'b splunk-csv wrapped /_raw'],
    },
    'a semicolon table of an index': {
      text: '_id;kubernetes.audit.auditID;kubernetes.audit.verb;kubernetes.audit.requestURI\n1;a;get;/api\n',
      told: ['a elasticdump-jsonl rebuilt null'],
    },
    'rsyslog that escaped the line feed': {
      text: `Mar  4 10:15:14 cp-1 kube-apiserver: ${a}#012\n`,
      told: ['a syslog-json verbatim null'],
    },
    'a shipper around a runtime line': {
      text: `${quoted({ date: 1.5, log: `${STAMP} stdout F ${a}`, stream: 'stdout' })}\n`,
      told: ['a cri-log wrapped /log'],
    },
    'a runtime line around a shipper': {
      text: `${STAMP} stdout F ${quoted({ date: 1.5, log: a })}\n`,
      told: ['a fluent-json wrapped /log'],
    },
    'a runtime part whose end was lost': {
      text: `${STAMP} stdout P ${a.slice(0, 99)}\n${STAMP} stdout F ${b}\n`,
      told: ['malformed a', 'b cri-log verbatim null'],
    },
    'runtime parts of two streams that cross': {
      text: [
        `${STAMP} stdout P ${a.slice(0, 50)}`,
        `${STAMP} stderr P ${b.slice(0, 70)}`,
        `${STAMP} stdout F ${a.slice(50)}`,
        `${STAMP} stderr F ${b.slice(70)}\n`,
      ].join('\n'),
      told: ['a cri-log wrapped ', 'b cri-log wrapped '],
    },
    'a Docker log whose line feeds were stripped': {
      text: [a, b].map((log) => quoted({ log, stream: 'stdout', time: STAMP })).join('\n'),
      told: ['a docker-json-log wrapped /log', 'b docker-json-log wrapped /log'],
    },
    'a bulk body with deletes': {
      text: `{"delete":{"_index":"x","_id":"1"}}\n{"index":{"_index":"x"}}\n${a}\n{"index":{}}\n${quoted({ kubernetes: { audit: JSON.parse(b) } })}\n`,
      told: ['a elastic-bulk verbatim null', 'b elastic-bulk wrapped /kubernetes/audit'],
    },
    'an unknown wrapper, two levels down': {
      text: `${quoted({ ts: 1, payload: { body: a } })}\n${quoted({ x: [{ y: JSON.parse(b) }] })}\n`,
      told: ['a generic-envelope wrapped /payload/body', 'b generic-envelope wrapped /x/0/y'],
    },
    'a list whose kind stands behind its items': {
      text: `{"apiVersion":"audit.k8s.io/v1","items":[{"level":"Metadata","auditID":"a"}],"kind":"EventList"}`,
      told: ['a k8s-audit-eventlist verbatim null'],
    },
    'a webhook body in a shipper': {
      text: quoted({
        source_type: 'http',
        message: quoted({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [{ auditID: 'a' }] }),
      }),
      told: ['a k8s-audit-eventlist wrapped /message/items/0'],
    },
    'a list with one element a line': {
      text: `[\n${a},\n${b}\n]\n`,
      told: ['a k8s-audit-json-array verbatim null', 'b k8s-audit-json-array verbatim null'],
    },
    'a journal that did not keep a message': {
      text: quoted({ __REALTIME_TIMESTAMP: '1', MESSAGE: null }),
      told: ['malformed -'],
    },
    'a preview row': { text: quoted({ preview: true, result: { _raw: a } }), told: ['skipped -'] },
    'OTLP attribute trees': {
      text: quoted({
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  {
                    body: {
                      kvlistValue: {
                        values: [
                          { key: 'kind', value: { stringValue: 'Event' } },
                          { key: 'apiVersion', value: { stringValue: 'audit.k8s.io/v1' } },
                          { key: 'auditID', value: { stringValue: 'a' } },
                          { key: 'sourceIPs', value: { arrayValue: { values: [{ stringValue: '10.0.0.1' }] } } },
                        ],
                      },
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
      told: ['a otlp-json rebuilt /body'],
    },
  };

  for (const [name, { text, told }] of Object.entries(cases)) {
    test(name, async () => {
      expect(await outline(text)).toEqual(told);
    });
  }
});

test('fields of insights rows become members, lists and numbers', async () => {
  const row =
    'auditID,verb,user.username,user.extra.arn.0,sourceIPs.0,responseStatus.code,annotations.authorization.k8s.io/decision';
  const [read] = eventsOf(await readAll(Buffer.from(`${row}\na,get,alice,arn:x,10.0.0.1,403,forbid\n`)));

  expect(read?.event).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: 'a',
    verb: 'get',
    user: { username: 'alice', extra: { arn: ['arn:x'] } },
    sourceIPs: ['10.0.0.1'],
    responseStatus: { code: 403 },
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
  });
});

test('annotation keys get their dots back', async () => {
  const event = {
    ...JSON.parse(eventText('a')),
    annotations: {
      'authorization_k8s_io/decision': 'allow',
      patch_webhook_admission_k8s_io_round_0_index_1: '{}',
      my_own_key: 'x',
    },
  };
  const [read] = eventsOf(await readAll(Buffer.from(JSON.stringify({ kubernetes: { audit: event } }))));

  expect(read?.event.annotations).toEqual({
    'authorization.k8s.io/decision': 'allow',
    'patch.webhook.admission.k8s.io/round_0_index_1': '{}',
    my_own_key: 'x',
  });
});

test('a Logstash record that holds the event twice is one event, in its original text', async () => {
  const record = { ...JSON.parse(a), '@version': '1', event: { original: a } };

  expect(await outline(JSON.stringify(record))).toEqual(['a logstash-json wrapped /event/original']);
});

test('legacy text is unquoted by Go’s rules', async () => {
  const line = String.raw`2017-03-21T03:57:09.106841886-04:00 AUDIT: id="c" stage="ResponseComplete" ip="127.0.0.1" method="get" user="\u00e9\x41\"q" groups="\"a,b\",\"c\"" as="root" asgroups="\"g\"" user-agent="x" namespace="default" uri="/apis/apps/v1/namespaces/shop/deployments/web/scale?dryRun=All" response="403"`;
  const [read] = eventsOf(await readAll(Buffer.from(line)));

  expect(read?.event).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'c',
    stage: 'ResponseComplete',
    requestURI: '/apis/apps/v1/namespaces/shop/deployments/web/scale?dryRun=All',
    verb: 'get',
    user: { username: 'éA"q', groups: ['a,b', 'c'] },
    impersonatedUser: { username: 'root', groups: ['g'] },
    sourceIPs: ['127.0.0.1'],
    userAgent: 'x',
    objectRef: {
      resource: 'deployments',
      namespace: 'shop',
      name: 'web',
      apiGroup: 'apps',
      apiVersion: 'v1',
      subresource: 'scale',
    },
    responseStatus: { metadata: {}, code: 403 },
    requestReceivedTimestamp: '2017-03-21T03:57:09.106841886-04:00',
  });
});

describe('look-alikes are named and not imported', () => {
  const cases: Record<string, string> = {
    'k8s-core-events': quoted({ kind: 'Event', apiVersion: 'v1', involvedObject: { kind: 'Pod' } }),
    'k8s-audit-policy': 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n',
    'rancher-api-audit': quoted({ auditID: 'x', requestURI: '/v3', method: 'GET', user: { name: 'u' } }),
    klog: 'I0304 10:15:00.000001       1 audit.go:48] audit.k8s.io backend\n',
    'aws-cloudtrail': quoted({ Records: [{ eventSource: 'eks.amazonaws.com', eventName: 'DescribeCluster' }] }),
    'eks-authenticator': 'time="2026-03-04T10:15:00Z" level=info msg="access granted" arn="arn:x"\n',
    'azure-activity': quoted({
      records: [
        {
          category: 'Administrative',
          operationName: 'MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/WRITE',
          properties: {},
        },
      ],
    }),
    'gke-control-plane': quoted({
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        serviceName: 'container.googleapis.com',
      },
    }),
    'oci-audit': quoted({ eventType: 'com.oraclecloud.ClustersAPI.GetCluster', cloudEventsVersion: '0.1' }),
    falco: quoted({ rule: 'Attach/Exec Pod', output_fields: { 'ka.user.name': 'x' } }),
    'admission-review': quoted({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request: {} }),
  };

  for (const [name, text] of Object.entries(cases)) {
    test(name, async () => {
      const reading = await readAll(Buffer.from(text));

      expect(reading.nearMisses).toContain(name);
      expect(eventsOf(reading)).toEqual([]);
    });
  }

  test('the catalogue lists them all', () => {
    expect(LOOK_ALIKES.map(({ id }) => id).sort()).toEqual(Object.keys(cases).sort());
  });
});

test('the catalogue names each format once', () => {
  const ids = FORMATS.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('k8s-audit-jsonl');
});

test('keys that JavaScript treats as special are data', async () => {
  const text = eventText('a', ',"__proto__":{"polluted":"yes"},"constructor":{"prototype":{}}');
  const [read] = eventsOf(await readAll(Buffer.from(text)));

  expect(Object.keys(read!.event)).toContain('__proto__');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a fast reader is offered plain lines and keeps what it takes', async () => {
  const { readBlock } = await import('../../core/ingest/read-block.ts');
  const lines = `${a}\n{"log":"x"}\n${b}\r\n  ${a}\n`;
  const bytes = new Uint8Array(Buffer.from(lines));
  const offered: string[] = [];
  const told: string[] = [];
  const shape = { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' } as const;

  readBlock(
    { offset: 0, bytes, shape },
    {
      event: ({ event }) => told.push(`event ${String(event.auditID)}`),
      skipped: () => told.push('skipped'),
      malformed: () => told.push('malformed'),
      nearMiss: () => {},
      limit: () => {},
    },
    (units, start, end) => {
      const line = Buffer.from(units.subarray(start, end)).toString();
      offered.push(line);
      return line.includes('"auditID":"b"');
    },
  );

  expect(offered).toEqual([a, '{"log":"x"}', b]);
  expect(told).toEqual(['event a', 'skipped', 'event a']);
});
