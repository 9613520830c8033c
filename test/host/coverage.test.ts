import { expect, test } from 'vitest';
import type { Coverage } from '../../core/contract/rows.ts';
import { CONTEXT, caseOf } from './case.ts';
import { every, logOf, type Made, rulesOf, ruleText, timeAt } from './made-log.ts';

const SAME = 'an audit policy that drops it and a cluster that never used it look the same';

/** Coverage by title. */
async function coverageOf(
  logs: readonly (readonly Made[])[],
  rules: Readonly<Record<string, string>>,
): Promise<Record<string, Coverage>> {
  const session = await caseOf(
    logs.map((log) => logOf(log)),
    { server: 'one' },
  );
  const { coverage } = await session.detect({ shipped: false, paths: [rulesOf(rules)] }, CONTEXT);
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
  return Object.fromEntries(coverage.map((row) => [row.rule.title, row]));
}

const states = (coverage: Record<string, Coverage>) =>
  Object.fromEntries(Object.entries(coverage).map(([title, { state }]) => [title, state]));

const POD = { spec: { containers: [{ name: 'web', image: 'web:1' }] } };

test('a rule over bodies is blind where none were recorded, in whatever way it asks for them', async () => {
  const coverage = await coverageOf([[{ at: 0, verb: 'create' }]], {
    path: ruleText('By path', '{objectRef.resource: pods, requestObject.spec.hostPID: true}'),
    derived: ruleText('By derived field', '{decklog.pod.hostPID: true}', 'taxonomy: decklog\n'),
    either: ruleText('Either way', '[{requestObject.spec.hostPID: true}, {user.username: eve}]'),
    plain: ruleText('By name', '{objectRef.resource: pods, user.username: eve}'),
    keyword: ruleText('By word', "['*nsenter*']"),
  });

  expect(states(coverage)).toEqual({
    'By path': 'blind',
    'By derived field': 'blind',
    'Either way': 'clean',
    'By name': 'clean',
    'By word': 'clean',
  });
  expect(coverage['By path']?.reason).toBe('no request bodies: pods recorded at level Metadata and without them');
  expect(coverage['By name']).toMatchObject({ eventsSeen: 1, reason: 'no event met it', parts: [] });
});

test('the same rules are clean where bodies were recorded', async () => {
  const coverage = await coverageOf([[{ at: 0, verb: 'create', level: 'Request', request: POD }]], {
    path: ruleText('By path', '{objectRef.resource: pods, requestObject.spec.hostPID: true}'),
    derived: ruleText('By derived field', '{decklog.pod.hostPID: true}', 'taxonomy: decklog\n'),
    answer: ruleText('By answer', '{objectRef.resource: pods, responseObject.spec.hostPID: true}'),
  });

  expect(states(coverage)).toEqual({ 'By path': 'clean', 'By derived field': 'clean', 'By answer': 'blind' });
  expect(coverage['By answer']?.reason).toMatch(/^no response bodies: pods recorded at level Request/);
});

test('what was never recorded is blind, and only where every alternative is', async () => {
  const coverage = await coverageOf([[{ at: 0 }, { at: 1, on: 'secrets', verb: 'create' }]], {
    one: ruleText('Bindings', '{objectRef.resource: clusterrolebindings, verb: create}'),
    both: ruleText('Several', '{objectRef.resource: [clusterrolebindings, pods], user.username: eve}'),
    exec: ruleText('Commands', '{objectRef.resource: pods, objectRef.subresource: exec}'),
    read: ruleText('Secrets read', '{objectRef.resource: secrets, verb: [get, list]}'),
    gone: ruleText('Secrets deleted', '{objectRef.resource: secrets, verb: delete}'),
    other: ruleText('Paths', '{verb: get, requestURI|startswith: /healthz, objectRef.resource: null}'),
  });

  expect(states(coverage)).toEqual({
    Bindings: 'blind',
    Several: 'clean',
    Commands: 'blind',
    'Secrets read': 'blind',
    'Secrets deleted': 'clean',
    Paths: 'blind',
  });
  expect(coverage['Bindings']?.reason).toBe(`clusterrolebindings: never recorded in this case; ${SAME}`);
  expect(coverage['Several']?.reason).toBe('no event met it (never recorded: clusterrolebindings)');
  expect(coverage['Commands']?.reason).toMatch(/^pods\/exec: never recorded/);
  expect(coverage['Secrets read']?.reason).toBe(
    `secrets: no get, list was recorded in this case, only create; ${SAME}`,
  );
});

test('how requests ended is not known from their first stage, and failed logins not from the last', async () => {
  const refused = ruleText('Refused', '{objectRef.resource: pods, responseStatus.code: 403}');
  const login = ruleText('Failed login', '{responseStatus.code: 401}');
  const [first, last] = await Promise.all([
    coverageOf([[{ at: 0, stage: 'RequestReceived' }]], { refused, login }),
    coverageOf([[{ at: 0, stage: 'ResponseComplete' }]], { refused, login }),
  ]);

  expect(states(first)).toEqual({ Refused: 'blind', 'Failed login': 'blind' });
  expect(first['Refused']?.reason).toMatch(/of pods only RequestReceived was recorded/);
  expect(states(last)).toEqual({ Refused: 'clean', 'Failed login': 'blind' });
});

test('fields that a log never tells, and lists that nobody filled', async () => {
  const bare: Made = { at: 0, more: { userAgent: undefined, sourceIPs: undefined } };
  const coverage = await coverageOf([[bare]], {
    agent: ruleText('Agent', '{userAgent|contains: nmap}'),
    address: ruleText('Address', '{sourceIPs|startswith: "198.51.100."}'),
    annotation: ruleText('Decision', '{annotations.authorization.k8s.io/decision: forbid}'),
    not: ruleText('No agent', '{userAgent: null, user.username: eve}'),
  });

  expect(states(coverage)).toEqual({ Agent: 'blind', Address: 'blind', Decision: 'blind', 'No agent': 'clean' });
  expect(coverage['Agent']?.reason).toBe('this log does not tell user agents');
});

test('a correlation in time needs all its rules, a count any of them', async () => {
  const refer = (title: string, body: string) =>
    `title: ${title}\nid: ${'1'.repeat(8)}-1111-4111-8111-${String(title.length).padStart(12, '0')}\ncorrelation:\n${body}level: high\n`;
  const coverage = await coverageOf([[{ at: 0 }]], {
    pods: ruleText('Pods', '{objectRef.resource: pods, user.username: eve}'),
    secrets: ruleText('Secrets', '{objectRef.resource: secrets}'),
    order: refer(
      'In order',
      '  type: temporal_ordered\n  rules: [Pods, Secrets]\n  group-by: [user.username]\n  timespan: 5m\n',
    ),
    some: refer(
      'Counted',
      '  type: event_count\n  rules: [Pods, Secrets]\n  group-by: [user.username]\n  timespan: 5m\n  condition: {gte: 3}\n',
    ),
  });

  expect(states(coverage)).toEqual({ 'In order': 'blind', Counted: 'clean' });
  expect(coverage['In order']?.reason).toMatch(/^secrets: never recorded/);
});

const HOUR = 3600;
const WRITE = { verb: 'create', level: 'Request', request: POD } as const;

test('bodies that are lost for a part of the time are told with that part', async () => {
  const day = every(60, 24 * 60, WRITE).map(({ request, ...made }) =>
    made.at >= 8 * HOUR && made.at < 12 * HOUR ? { ...made, level: 'Metadata' } : { ...made, request },
  );
  const coverage = await coverageOf([day], {
    body: ruleText('Body', '{objectRef.resource: pods, requestObject.spec.hostPID: true}'),
    name: ruleText('Name', '{objectRef.resource: pods, user.username: eve}'),
  });

  expect(coverage['Name']).toMatchObject({ state: 'clean', parts: [] });
  expect(coverage['Body']).toMatchObject({
    state: 'clean',
    parts: [{ reason: expect.stringMatching(/^no request bodies: pods/) }],
  });
  const [part] = coverage['Body']?.parts ?? [];
  const hours = (time = '') => (Date.parse(time) - Date.parse(timeAt(0))) / 3_600_000;
  expect(hours(part?.from)).toBeCloseTo(8, 0);
  expect(hours(part?.to)).toBeCloseTo(12, 0);
});

test('a regular resource that vanishes for a while is told; one that rests at night or is rare is not', async () => {
  const regular = every(30, 4 * 24 * 120, { on: 'secrets' }).filter(({ at }) => at < 30 * HOUR || at > 44 * HOUR);
  const byDay = every(120, 4 * 24 * 30, { on: 'configmaps' }).filter(({ at }) => (at / HOUR) % 24 > 8);
  const rare = every(7 * HOUR, 13, { on: 'services' });
  const coverage = await coverageOf([[...regular, ...byDay, ...rare, ...every(60, 4 * 24 * 60, {})]], {
    secrets: ruleText('Secrets', '{objectRef.resource: secrets, user.username: eve}'),
    maps: ruleText('Maps', '{objectRef.resource: configmaps, user.username: eve}'),
    services: ruleText('Services', '{objectRef.resource: services, user.username: eve}'),
    any: ruleText('Any', '{user.username: eve}'),
  });

  const parts = Object.fromEntries(Object.entries(coverage).map(([title, row]) => [title, row.parts.length]));
  expect(parts).toEqual({ Secrets: 1, Maps: 0, Services: 0, Any: 0 });
});

test('files in any order give the same coverage', async () => {
  const [a, b] = [every(60, 300, WRITE), every(60, 300, { on: 'secrets', verb: 'list' }, 9 * HOUR)];
  const rules = {
    body: ruleText('Body', '{requestObject.spec.hostPID: true}'),
    list: ruleText('List', '{objectRef.resource: secrets, verb: get, user.username: eve}'),
  };

  expect(await coverageOf([a, b], rules)).toEqual(await coverageOf([b, a], rules));
});
