import { expect, test } from 'vitest';
import type { SuppressionDraft } from '../../core/contract/incident-calls.ts';
import { openCase } from '../../core/host/open-case.ts';
import { callsOver } from './calls.ts';
import { CONTEXT, caseOf, newCasePath } from './case.ts';
import { logOf, rulesOf, ruleText, timeAt } from './made-log.ts';

const RULES = rulesOf({
  secrets: ruleText('Secrets read', '{objectRef.resource: secrets}'),
  exec: ruleText('Exec', '{objectRef.subresource: exec}'),
});
const RUN = { shipped: false, paths: [RULES] } as const;
const as = (username: string, namespace = 'shop') => ({
  more: { user: { username }, objectRef: { resource: 'secrets', namespace, name: username, apiVersion: 'v1' } },
});
const DAY = 24 * 3600;

async function madeCase(path = newCasePath()) {
  const log = logOf([
    { at: 0, ...as('backup') },
    { at: 10, ...as('backup') },
    { at: 20, ...as('eve') },
    { at: 3 * DAY, ...as('backup', 'bank') },
    { at: 40, on: 'pods/exec', verb: 'create' },
  ]);
  const session = await caseOf([log], { rules: RUN }, path);
  const rule = session.coverage().find(({ rule: one }) => one.title === 'Secrets read')?.rule.id ?? '';
  return { session, rule, path };
}

type Case = Awaited<ReturnType<typeof madeCase>>['session'];
const hidden = (session: Case) =>
  session.alerts({ isSuppressed: true }).map(({ user, namespace }) => `${user} ${namespace}`);
const draft = (parts: Partial<SuppressionDraft>): SuppressionDraft => ({ reason: 'nightly backup', ...parts });

test('an alert is hidden by rule, entity and condition, with who and why; a simulation changes nothing', async () => {
  const { session, rule } = await madeCase();
  const whole = draft({ rule, entity: { kind: 'user', name: 'backup' }, condition: 'ns:shop' });
  const { head } = session.glance();

  expect(session.simulate(whole).map(({ user, namespace }) => [user, namespace])).toEqual([['backup', 'shop']]);
  expect([hidden(session), session.glance().head]).toEqual([[], head]);

  expect(session.suppress(whole)).toMatchObject({ id: 1, ruleTitle: 'Secrets read', examiner: 'tester', hides: 1 });
  expect(session.alerts({ isSuppressed: true })).toMatchObject([
    { user: 'backup', suppressed: { id: 1, by: 'tester', reason: 'nightly backup' } },
  ]);
  expect(session.alerts({})).toHaveLength(4);
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('an alert of which one event lies beyond the condition stays', async () => {
  const { session, rule } = await madeCase();
  session.suppress(draft({ rule, condition: `time:<"${timeAt(5)}"` }));

  expect(hidden(session)).toEqual([]);
  session.close();
});

test('what happened after the expiry is not hidden', async () => {
  const { session, rule } = await madeCase();
  const at = Date.parse(timeAt(DAY)) * 1000;
  session.suppress(draft({ rule, entity: { kind: 'user', name: 'backup' }, expiresAt: at }));

  expect(hidden(session)).toEqual(['backup shop']);
  session.close();
});

test('suppressions outlast a new run and an import, and removing one shows the alerts again', async () => {
  const { session, rule } = await madeCase();
  session.suppress(draft({ rule, entity: { kind: 'user', name: 'backup' } }));
  await session.detect(RUN, CONTEXT);
  await session.import([logOf([{ at: 4 * DAY, ...as('backup', 'mail') }])], { passwords: [], rules: RUN }, CONTEXT);

  expect(hidden(session)).toEqual(['backup shop', 'backup bank', 'backup mail']);
  session.unsuppress(1, 'backup has ended');
  expect([hidden(session), session.suppressions()]).toEqual([[], []]);
  expect(() => session.unsuppress(1, '')).toThrow('There is no suppression 1 in force.');
  expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
  session.close();
});

test('the app and the report show what is hidden, by whom and why', async () => {
  const { session, rule, path } = await madeCase();
  session.suppress(draft({ rule, entity: { kind: 'user', name: 'backup' } }));
  const [file] = await session.outputs.report({ format: 'json', made: '2026-03-12T09:40:00.000Z' }, CONTEXT);
  session.close();
  const { custody } = JSON.parse(Buffer.from(file?.bytes ?? []).toString());
  const app = callsOver(path);

  expect(custody.decisions).toMatchObject([
    { status: 'suppressed', by: 'tester', reason: 'nightly backup' },
    { status: 'suppressed', by: 'tester', reason: 'nightly backup' },
  ]);
  expect(await app.call('suppressions/list', {})).toMatchObject([{ id: 1, ruleTitle: 'Secrets read', hides: 2 }]);
  expect(await app.call('alerts/counts', { filter: {} })).toMatchObject({ total: 2, suppressed: 2 });
  const exec = draft({ condition: 'sub:exec' });
  expect(await app.call('suppressions/simulate', { draft: exec })).toMatchObject({
    hides: 1,
    examples: [{ rule: { title: 'Exec' } }],
  });
  app.close();
});

test('a suppression needs a reason, something to hide and a sound condition; a reader may only simulate', async () => {
  const { session, rule, path } = await madeCase();
  const { head } = session.glance();

  expect(() => session.suppress({ rule, reason: ' ' })).toThrow('A suppression needs a reason.');
  expect(() => session.suppress(draft({}))).toThrow('would hide every alert');
  expect(() => session.suppress(draft({ condition: 'nope:1' }))).toThrow('There is no field "nope".');
  expect(session.glance().head).toBe(head);
  session.close();

  const reader = openCase(path, { mode: 'read', examiner: 'guest' });
  expect(reader.simulate(draft({ rule }))).toHaveLength(3);
  expect(() => reader.suppress(draft({ rule }))).toThrow('A reader may not hide alerts.');
  reader.close();
});
