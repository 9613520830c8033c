import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IncidentDetail } from '../../core/contract/incident-calls.ts';
import { type Calls, callsOver, NORTHWIND } from './calls.ts';
import { caseOf, newCasePath, SHIPPED } from './case.ts';
import { logOf, rulesOf, ruleText } from './made-log.ts';

let app: Calls;
let worst: IncidentDetail;

beforeAll(async () => {
  const path = newCasePath();
  (await caseOf([NORTHWIND], { rules: SHIPPED }, path)).close();
  app = callsOver(path);
  const lines = await app.call('incidents/list', {});
  const critical = lines.filter(({ level }) => level === 'critical');
  expect(critical).toHaveLength(1);
  worst = await app.call('incidents/detail', { id: critical[0]?.id ?? 0 });
});

afterAll(() => app.close());

test('an incident has its alerts, and each alert names its incident', async () => {
  const page = await app.call('alerts/page', { filter: { incidents: [worst.line.id] }, order: 'time', limit: 500 });

  expect(page.rows.map(({ id }) => id).sort()).toEqual([...worst.incident.alerts].sort());
  expect(worst.incident.alerts.length).toBeGreaterThan(50);
});

test('its steps lead on to what each identity did from there', async () => {
  const queries = worst.nextSteps.flatMap(({ pivot }) => (pivot?.kind === 'events' ? [pivot.query] : []));
  const counts = await Promise.all(
    queries.map(async (query) => {
      const page = await app.call('events/page', {
        scope: { query },
        order: 'oldest',
        limit: 500,
        start: { at: 'start' },
      });
      return page.rows.length;
    }),
  );

  const { identities } = worst.incident.blastRadius;
  expect(identities.length).toBeGreaterThan(4);
  // Of somebody who is at home there too, the incident counts a part.
  expect(counts.every((count, index) => count >= Math.min(identities[index]?.events ?? 0, 500))).toBe(true);
  expect(counts.every((count) => count > 0)).toBe(true);
});

test('links are told by time, and of one identity alone', async () => {
  const all = await app.call('actors/links', {});
  const user = all[0]?.to.user ?? '';
  const own = await app.call('actors/links', { user });

  expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort());
  expect(own.length).toBeGreaterThan(0);
  expect(own.every(({ from, to }) => from.user === user || to.user === user)).toBe(true);
});

test('an incident that is not there is said not to be there', async () => {
  await expect(app.call('incidents/detail', { id: 999 })).rejects.toMatchObject({ code: 'incident/unknown' });
});

test('the overview says which limits the last run reached', async () => {
  const path = newCasePath();
  const verbs = ['delete', 'update', 'patch'];
  const rules = {
    shipped: false,
    paths: verbs.map((verb) => rulesOf({ own: ruleText(`pod ${verb}`, `{verb: ${verb}}`) })),
  };
  const users = Array.from({ length: 2001 }, (_, at) => {
    const user = { username: `user-${at}@corp.example`, groups: ['system:authenticated'] };
    return { at, verb: verbs[at % 3] as string, more: { user } };
  });
  (await caseOf([logOf(users)], { rules }, path)).close();
  const crowded = callsOver(path);

  expect((await crowded.call('overview/show', {})).warnings).toEqual([
    { kind: 'links', text: 'Of 2001 suspects only 2000 were looked at for links.' },
  ]);
  expect((await app.call('overview/show', {})).warnings).toEqual([]);
  crowded.close();
});
