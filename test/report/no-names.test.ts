import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ALERT_FORMATS, EVENT_FORMATS } from '../../core/contract/export-formats.ts';
import { REDACTION_PROFILES } from '../../core/contract/report.ts';
import { REPORT_FORMATS } from '../../core/contract/report-calls.ts';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { HIDDEN } from '../../core/report/redact/vocabulary.ts';
import { ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, collect, SHIPPED, temporaryFolder } from '../host/case.ts';
import { linesOf } from '../host/made-log.ts';
import { leaksIn, readable } from './leaks.ts';

const LOG = join(ROOT, 'sample', 'northwind', 'nw-cp-2', 'audit.log.gz');
/** Every output of every profile, on machines that do other things, too. */
vi.setConfig({ testTimeout: 240_000 });

const MADE = '2026-03-12T09:40:00.000Z';

/** Names of one cluster, by the kind that a profile hides. */
const PLANTED = {
  user: ['zelda.quux', 'zelda.quux@plugh.example', 'plugh.example', 'Wumpus Hunters'],
  address: ['198.18.77.13', '10.244.117.39', '2a0b:77::fade'],
  namespace: ['frobozz-ns'],
  node: ['grue-node-7', 'ip-198-18-77-13.plugh.example'],
  name: ['xyzzy-vault', 'frotz-deployer'],
} as const;
const EVERYTHING = Object.values(PLANTED).flat();

const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString('base64');
const percent = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
const escaped = (text: string): string =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Every planted name in every form that a client could send it in. */
function disguises(): Record<string, unknown> {
  const entries = EVERYTHING.map((name, index) => [
    `k${index}`,
    {
      plain: `see ${name}!`,
      inside: `pre${name}post`,
      capitals: name.toUpperCase(),
      variable: name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_'),
      url: `https://h.example/?q=${encodeURIComponent(name)}&r=${encodeURIComponent(encodeURIComponent(name))}&s=${percent(name)}`,
      json: JSON.stringify({ inner: name, again: JSON.stringify({ deep: name }) }),
      escaped: `{"a":"${escaped(name)}"}`,
      base64: [
        base64(name),
        base64(`a${name}`),
        base64(`ab${name}z`),
        Buffer.from(`>>>${name}???`).toString('base64url'),
      ],
      twice: base64(base64(`{"x":"${name}"}`)),
      packed: base64(gzipSync(`release of ${name}`)),
      hex: `0x${Buffer.from(`${name}.`).toString('hex').toUpperCase()}`,
      [name]: { [`${name}/key`]: [name, [name, { name }]] },
    },
  ]);
  const dotted = (address: string) => address.split('.').reverse().join('.');
  return {
    ...Object.fromEntries(entries),
    reversed: `${dotted('198.18.77.13')}.in-addr.arpa ${dotted('10.244.117.39')}.in-addr.arpa`,
    mapped: '::ffff:198.18.77.13 [2A0B:77:0:0:0:0:0:FADE]:443',
    token: `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"system:serviceaccount:frobozz-ns:frotz-deployer"}').toString('base64url')}.c2ln`,
  };
}

function plantedEvent(index: number, template: Record<string, unknown>): Record<string, unknown> {
  const forms = disguises();
  return {
    ...template,
    auditID: index === 2 ? 'of-zelda.quux' : `7d3e7a4e-0000-4000-8000-00000000000${index}`,
    level: 'RequestResponse',
    stage: 'ResponseComplete',
    verb: index === 1 ? 'create' : 'get',
    user: {
      username: index === 1 ? 'zelda.quux@plugh.example' : 'system:serviceaccount:frobozz-ns:frotz-deployer',
      groups: ['system:authenticated', 'Wumpus Hunters'],
      extra: { 'authentication.kubernetes.io/node-name': ['grue-node-7'], note: ['zelda.quux'] },
    },
    sourceIPs: ['198.18.77.13', '10.244.117.39', '2a0b:77::fade'],
    userAgent: 'frotz-deployer/1.0 (zelda.quux@plugh.example)',
    objectRef: {
      resource: index === 3 ? 'vaults' : 'pods',
      ...(index === 3 && { apiGroup: 'crd.plugh.example' }),
      namespace: 'frobozz-ns',
      name: 'xyzzy-vault',
      apiVersion: 'v1',
    },
    requestURI: `/api/v1/namespaces/frobozz-ns/pods/xyzzy-vault?q=${encodeURIComponent(JSON.stringify(forms['k0']))}`,
    responseStatus: { code: 201, message: 'pods "xyzzy-vault" of zelda.quux', metadata: {} },
    requestObject: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        name: 'xyzzy-vault',
        namespace: 'frobozz-ns',
        annotations: forms,
        labels: { 'frobozz-ns': 'xyzzy-vault' },
      },
      spec: {
        nodeName: 'ip-198-18-77-13.plugh.example',
        serviceAccountName: 'frotz-deployer',
        containers: [
          {
            name: 'main',
            image: 'r.plugh.example/frobozz-ns/app:1',
            securityContext: { privileged: true },
            command: ['sh', '-c', JSON.stringify(forms)],
          },
        ],
        volumes: [{ name: 'root', hostPath: { path: '/' } }],
      },
    },
    responseObject: { forms: JSON.stringify(forms) },
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': 'RoleBinding "xyzzy-vault/frobozz-ns" of User "zelda.quux@plugh.example"',
      note: JSON.stringify(forms),
    },
  };
}

/** What another tool says of the same names. */
const FOREIGN = {
  AlertType: 'K8S_PrivilegedContainer',
  SystemAlertId: 'zelda.quux-1',
  StartTimeUtc: '2026-11-22T22:54:24Z',
  Severity: 'Low',
  AlertDisplayName: 'Privileged container in frobozz-ns',
  Description: 'zelda.quux@plugh.example started xyzzy-vault',
  CompromisedEntity: 'grue-node-7',
  Entities: [
    { Type: 'account', Name: 'zelda.quux@plugh.example' },
    { Type: 'ip', Address: '198.18.77.13' },
    { Type: 'K8s-pod', Name: 'xyzzy-vault' },
    { Type: 'K8s-namespace', Name: 'frobozz-ns' },
  ],
};

let session: Session;

beforeAll(async () => {
  const lines = gunzipSync(readFileSync(LOG)).toString().trim().split('\n').slice(0, 300);
  const template = JSON.parse(lines[0] as string);
  const log = linesOf(
    [1, 2, 3].map((index) => plantedEvent(index, template)),
    'planted.log',
  );
  const usual = linesOf(lines.map((line) => JSON.parse(line)));
  session = await caseOf([usual, log], { rules: SHIPPED, server: 'grue-node-7', cluster: 'frobozz-ns' });
  session.addForeign({ file: 'zelda.quux.json', bytes: Buffer.from(JSON.stringify(FOREIGN)), note: 'of frobozz-ns' });
  const [alert] = session.alerts({});
  session.setStatus(alert?.id as number, 'benign', 'zelda.quux works on xyzzy-vault in frobozz-ns');
  session.suppress({ reason: 'ask Wumpus Hunters', entity: { kind: 'user', name: 'zelda.quux@plugh.example' } });
});

afterAll(() => session.close());

type Profile = (typeof REDACTION_PROFILES)[number];
const hiddenBy = (profile: Profile): string[] => HIDDEN[profile].flatMap((kind) => PLANTED[kind]);

test('the search for leaks finds each form', () => {
  for (const [form, text] of Object.entries(disguises()['k0'] as object)) {
    if (form !== 'packed')
      expect([
        form,
        leaksIn(Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)), ['zelda.quux']),
      ]).toEqual([form, ['zelda.quux']]);
  }
});

test.each(REDACTION_PROFILES)('%s: no rendering of the report holds a name that it hides', async (redact) => {
  for (const format of REPORT_FORMATS) {
    const asked = {
      format,
      made: MADE,
      redact,
      question: 'What did zelda.quux do from 198.18.77.13?',
      title: 'ZELDA.QUUX',
    };
    const files = await session.outputs.report(asked, CONTEXT);
    const all = Buffer.concat(await Promise.all(files.map(({ bytes }) => readable(bytes))));

    expect([
      format,
      leaksIn(Buffer.concat([all, Buffer.from(files.map(({ name }) => name).join())]), hiddenBy(redact)),
    ]).toEqual([format, []]);
  }
});

test.each(REDACTION_PROFILES)('%s: no export holds a name that it hides', async (redact) => {
  const requests = [
    ...ALERT_FORMATS.map((format) => ({ what: 'alerts', format, redact }) as const),
    ...EVENT_FORMATS.map((format) => ({ what: 'events', format, query: '', redact }) as const),
  ];
  for (const request of requests) {
    const bytes = Buffer.concat(await collect(session.outputs.export(request, CONTEXT)));

    expect(bytes.length).toBeGreaterThan(100);
    expect([request.format, leaksIn(await readable(bytes), hiddenBy(redact))]).toEqual([request.format, []]);
  }
});

test.each(REDACTION_PROFILES)('%s: a shared case holds no name that it hides, in any block or page', async (redact) => {
  const path = join(temporaryFolder(), 'shared.decklog');
  await session.outputs.copyCase(path, redact, CONTEXT);
  const bytes = await readable(readFileSync(path));

  expect(leaksIn(bytes, hiddenBy(redact))).toEqual([]);
  expect(readdirSync(join(path, '..'))).toEqual(['shared.decklog']);

  const shared = openCase(path, { mode: 'read', examiner: 'another' });
  const events = Buffer.concat(await collect(shared.rawEvents({ query: '', limit: 1_000_000 }, CONTEXT)));
  shared.close();
  expect(['"requestObject":', '"authorization.k8s.io/decision"'].map((part) => events.includes(part))).toEqual(
    redact === 'strict' ? [false, false] : [true, true],
  );
});
