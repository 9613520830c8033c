import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openCase } from '../../../core/host/open-case.ts';
import { CONTEXT, caseOf, SHIPPED } from '../../host/case.ts';
import {
  certificateRequest,
  type Deed,
  hoppingIntruder,
  investigate,
  linesOf,
  logOfLines,
  nodePod,
  noisyDeployers,
  ordinaryDays,
  otherIntruder,
  PIPELINE,
} from './harbour.ts';

test('ordinary days are no incident', async () => {
  const session = await investigate(ordinaryDays());

  expect(session.incidents()).toEqual([]);
});

test('an intruder who changes his address with a token that he issued stays one incident', async () => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder()]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({
    level: 'high',
    identities: [PIPELINE, 'system:serviceaccount:kube-system:log-shipper'],
    addresses: ['45.83.20.7', '91.200.12.66'],
    firstTime: '2026-03-04T12:00:00.000000Z',
  });
  expect(incident?.links).toContainEqual(expect.objectContaining({ kind: 'issued-token', certainty: 'sure' }));
  expect(incident?.title).toMatch(
    /^A token of build:pipeline led to cluster-admin, access to nodes and all secrets read from /,
  );
});

test('the story is told in order, and says what was reached, what is left and what to do', async () => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder()]);
  const [incident] = session.incidents();

  const times = incident?.steps.map(({ time }) => time) ?? [];
  expect(times).toEqual([...times].sort());
  expect(incident?.story).toContain(
    'build:pipeline from 45.83.20.7 issued a token of kube-system:log-shipper, and this very token is used from 91.200.12.66 (sure).',
  );
  expect(incident?.blastRadius).toMatchObject({
    secrets: [
      { namespace: null, name: null },
      { namespace: 'billing', name: null },
    ],
    persistence: expect.arrayContaining([
      expect.objectContaining({ object: 'clusterrolebindings/log-shipper', removed: null }),
      expect.objectContaining({
        object: 'pods/fixer',
        removed: expect.objectContaining({ time: '2026-03-04T16:00:00.000000Z' }),
      }),
    ]),
  });
  expect(incident?.nextChecks.join('\n')).toContain('clusterrolebindings/log-shipper');
});

test('alerts name who really acted', async () => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder()]);

  const entered = session.alerts({}).find(({ title }) => title === 'Command that leads from a container to its node');
  expect(entered?.actor).toMatchObject({
    user: PIPELINE,
    address: '45.83.20.7',
    certainty: 'sure',
    chain: [{ kind: 'issued-token' }],
  });
});

test('two intruders at the same time stay two incidents', async () => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder(), ...otherIntruder()]);

  const found = session.incidents().map(({ addresses }) => addresses);
  expect(found).toEqual(expect.arrayContaining([['45.83.20.7', '91.200.12.66'], ['2001:db8:77::5']]));
  expect(found).toHaveLength(2);
});

test('hundreds of alerts by deployers neither become one incident nor hide the intruder', async () => {
  const session = await investigate([...ordinaryDays(), ...noisyDeployers(), ...hoppingIntruder()]);

  const alerts = session.alerts({});
  const incidents = session.incidents();
  const strange = incidents.find(({ addresses }) => addresses.includes('45.83.20.7'));
  expect(alerts.length).toBeGreaterThan(400);
  expect(Math.max(...incidents.map((incident) => incident.alerts.length))).toBeLessThan(alerts.length / 10);
  expect(incidents.length).toBeLessThan(6);
  expect(strange?.addresses).toEqual(['45.83.20.7', '91.200.12.66']);
});

test('deployers who come from another public address each time are neither strangers nor one incident', async () => {
  const roaming = noisyDeployers().map((deed, index) => ({
    ...deed,
    from: `20.${index % 200}.${(index * 7) % 250}.${1 + (index % 250)}`,
  }));
  const session = await investigate([...ordinaryDays(), ...roaming]);

  const alerts = session.alerts({});
  const incidents = session.incidents();
  expect(alerts.length).toBeGreaterThan(400);
  expect(Math.max(0, ...incidents.map((incident) => incident.alerts.length))).toBeLessThan(alerts.length / 10);
  expect(incidents.length).toBeLessThan(6);
});

test('an account that acts from the address of another pod is a stranger there', async () => {
  const router = { user: 'system:serviceaccount:ingress:router', from: '10.8.1.14', agent: 'curl/8.1' };
  const session = await investigate([
    ...ordinaryDays(),
    { ...router, hour: 61, verb: 'list', resource: 'secrets' },
    { ...router, hour: 61.2, verb: 'create', resource: 'pods', namespace: 'default', name: 'x', body: nodePod('x') },
  ]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.story).toContain(
    'ingress:router from 10.8.1.14 (from the address of a pod of system:serviceaccount:billing:api)',
  );
});

test('somebody who belongs here and does harm for hours is one incident, with the lesser deeds', async () => {
  const eli = { user: 'eli@harbour.example', from: '192.168.10.31' };
  const away = otherIntruder().map((deed) => ({ ...deed, ...eli }));
  const session = await investigate([
    ...ordinaryDays(),
    ...away,
    { ...eli, hour: 66, verb: 'list', resource: 'secrets', namespace: 'billing' },
    { ...eli, hour: 67, verb: 'create', resource: 'pods', namespace: 'default', name: 'x', body: nodePod('x') },
  ]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.identities).toEqual([eli.user]);
  expect(incident?.firstTime).toBe('2026-03-04T12:12:00.000000Z');
  expect(incident?.lastTime).toBe('2026-03-04T19:00:00.000000Z');
  expect(incident?.steps.map(({ sentence }) => sentence).join('\n')).toContain('listed secrets in billing');
});

test('an intruder is seen in a log that holds hardly anything else', async () => {
  const short = ordinaryDays().filter(({ hour }) => hour >= 59.5 && hour < 65);
  const session = await investigate([...short, ...hoppingIntruder()]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.addresses).toEqual(['45.83.20.7', '91.200.12.66']);
});

test('two intruders behind the one address that everybody comes from are held apart', async () => {
  const behind = (deeds: readonly Deed[]) => deeds.map((deed) => ({ ...deed, from: '172.20.0.1' }));
  const people = behind(ordinaryDays().filter(({ user }) => !user.startsWith('system:')));
  const rest = ordinaryDays().filter(({ user }) => user.startsWith('system:'));
  const session = await investigate([...people, ...rest, ...behind(hoppingIntruder()), ...behind(otherIntruder())]);

  const found = session.incidents().map(({ identities }) => identities);
  expect(found).toEqual(
    expect.arrayContaining([[PIPELINE, 'system:serviceaccount:kube-system:log-shipper'], ['jon@harbour.example']]),
  );
  expect(found).toHaveLength(2);
});

test('a pod that is entered, and its token, lead back to whoever entered', async () => {
  const api = {
    user: 'system:serviceaccount:billing:api',
    extra: { 'authentication.kubernetes.io/pod-name': ['api-7d9f8c6b5d-x2k4m'] },
  };
  const session = await investigate([
    ...ordinaryDays(),
    ...otherIntruder(),
    { ...api, hour: 61, from: '194.5.6.7', verb: 'list', resource: 'secrets', agent: 'curl/8.1' },
    {
      ...api,
      hour: 61.1,
      from: '194.5.6.7',
      verb: 'list',
      resource: 'secrets',
      namespace: 'billing',
      agent: 'curl/8.1',
    },
  ]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.addresses).toEqual(['2001:db8:77::5', '194.5.6.7']);
  expect(incident?.links).toContainEqual(expect.objectContaining({ kind: 'stolen-pod-token', certainty: 'probable' }));
});

test('a certificate that was requested and approved leads back to whoever asked for it', async () => {
  const jon = {
    user: 'jon@harbour.example',
    from: '2001:db8:77::5',
    name: 'spare',
    resource: 'certificatesigningrequests',
  };
  const spec = {
    request: certificateRequest('ops-backup'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
  };
  const ops = { user: 'ops-backup', from: '194.5.6.7' };
  const session = await investigate([
    ...ordinaryDays(),
    ...otherIntruder(),
    {
      ...jon,
      hour: 61,
      verb: 'create',
      body: { kind: 'CertificateSigningRequest', metadata: { name: 'spare' }, spec },
    },
    { ...jon, hour: 61.1, verb: 'update', subresource: 'approval' },
    { ...ops, hour: 63, verb: 'list', resource: 'secrets' },
    { ...ops, hour: 63.1, verb: 'create', resource: 'pods', namespace: 'default', name: 'x', body: nodePod('x') },
  ]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.identities).toEqual(['jon@harbour.example', 'ops-backup']);
  expect(incident?.links).toContainEqual(expect.objectContaining({ kind: 'certificate', certainty: 'probable' }));
});

test('whoever cleans up stands in the story as aftermath, not as the intruder', async () => {
  const mia = { user: 'mia@harbour.example', from: '192.168.10.11' };
  const session = await investigate([
    ...ordinaryDays(),
    ...otherIntruder(),
    { ...mia, hour: 80, verb: 'delete', resource: 'mutatingwebhookconfigurations', name: 'sidecars' },
  ]);

  const [incident, ...others] = session.incidents();
  expect(others).toEqual([]);
  expect(incident?.identities).toEqual(['jon@harbour.example']);
  expect(incident?.blastRadius.persistence).toContainEqual(
    expect.objectContaining({
      object: 'mutatingwebhookconfigurations/sidecars',
      removed: { user: mia.user, time: '2026-03-05T08:00:00.000000Z' },
    }),
  );
});

test('files in any order and number give the same incidents, links and alerts', async () => {
  const deeds = [...ordinaryDays(), ...hoppingIntruder(), ...otherIntruder()];
  const all = async (files: number, isReversed: boolean) => {
    const session = await investigate(deeds, files, isReversed);
    return JSON.stringify([session.incidents(), session.identityLinks(), session.alerts({})]);
  };

  const whole = await all(1, false);
  expect(await all(3, false)).toBe(whole);
  expect(await all(3, true)).toBe(whole);
});

test.each([
  ['a story', "UPDATE incident SET story = replace(story, 'secrets', 'nothing')"],
  ['what belongs to it', 'DELETE FROM incident_alert WHERE alert = (SELECT min(alert) FROM incident_alert)'],
  ['a link', "UPDATE identity_link SET certainty = 'possible' WHERE id = 1"],
])('verify finds %s changed', async (_what, edit) => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder()]);
  const { path } = session.glance();
  session.close();
  const db = new Database(path);
  db.exec(edit);
  db.close();

  const edited = openCase(path, { mode: 'read', examiner: 'tester' });
  const { checks } = await edited.verify({ evidence: [] }, CONTEXT);
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['findings']);
  edited.close();
});

test('what is hidden leaves its story at once, and comes back as it was', async () => {
  const session = await investigate([...ordinaryDays(), ...hoppingIntruder()]);
  const before = session.incidents();
  const [incident] = before;
  const alert = session.alerts({}).find(({ id }) => incident?.alerts.includes(id) && id !== incident.alerts[0]);

  const { id } = session.suppress({ rule: alert?.rule.id ?? '', reason: 'known' });
  const hidden = new Set(session.alerts({ isSuppressed: true }).map((one) => one.id));
  const told = session.incidents().flatMap(({ alerts, steps }) => [...alerts, ...steps.flatMap((step) => step.alerts)]);
  expect(hidden.size).toBeGreaterThan(0);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter((one) => hidden.has(one))).toEqual([]);
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });

  session.unsuppress(id, 'not known after all');
  expect(session.incidents()).toEqual(before);
  session.close();
});

test('the same log twice, with the same ids at other times, tells two stories with keys of their own', async () => {
  const atHome = otherIntruder()
    .slice(1, 3)
    .map((deed) => ({ ...deed, user: 'mia@harbour.example', from: '192.168.10.11' }));
  const deeds = [...ordinaryDays(), ...atHome];
  const lines = linesOf(deeds);
  const stretched = lines.map((line) => line.replace(/2026-03-/g, '2026-05-'));
  const both = await caseOf([logOfLines(lines, 'real-time.log'), logOfLines(stretched, 'dilated.log')], {
    rules: SHIPPED,
  });
  const keys = both.incidents().map(({ key }) => key);
  const alone = await caseOf([logOfLines(lines, 'real-time.log')], { rules: SHIPPED });

  expect(both.glance().events).toBe(2 * lines.length);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(2);
  const told = both.incidents().flatMap(({ alerts }) => alerts);
  expect(new Set(told).size).toBe(told.length);
  expect(alone.incidents()).toHaveLength(1);
  expect(await both.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  both.close();
  alone.close();
});
