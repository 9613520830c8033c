import { expect, test } from 'vitest';
import { callsOver } from '../host/calls.ts';
import { caseOf, newCasePath } from '../host/case.ts';
import { linesOf, logOf, type Made, madeEvent, rulesOf, ruleText } from '../host/made-log.ts';

const RUN = {
  shipped: false,
  paths: [rulesOf({ secrets: ruleText('Secrets read', '{objectRef.resource: secrets}') })],
} as const;

const reads = (who: number, at: number): Made => ({
  at,
  more: {
    user: { username: `member-${who}` },
    objectRef: { resource: 'secrets', namespace: 'shop', name: `of-${who}`, apiVersion: 'v1' },
  },
});
const crowd = (size: number) => Array.from({ length: size }, (_, who) => reads(who, who * 30_000));

test('a rule that fires for more than a thousand identities makes one alert, and the run says so', async () => {
  const events = [...crowd(1001), reads(5, 1)].map(madeEvent);
  const path = newCasePath();
  const session = await caseOf([linesOf(events)], { rules: RUN }, path);
  const [alert, ...rest] = session.alerts({});

  expect(rest).toEqual([]);
  expect(alert).toMatchObject({
    identities: 1001,
    count: 1002,
    eventCount: 1002,
    object: 'secrets/*',
    namespace: 'shop',
  });
  expect(alert?.summary).toContain('1001 identities');
  expect(session.alert(alert?.id ?? 0).events).toHaveLength(1002);
  const text = '"Secrets read" fires for 1001 identities, more than 1000: its 1002 requests are one alert.';
  const calls = callsOver(path);
  expect((await calls.call('overview/show', {})).warnings).toEqual([{ kind: 'crowd', text }]);
  calls.close();
  session.close();

  const other = await caseOf([linesOf(events.toReversed())], { rules: RUN });
  expect(other.alerts({})).toEqual([alert]);
  other.close();
});

test('of a thousand identities each keeps an alert of his own', async () => {
  const session = await caseOf([logOf(crowd(1000))], { rules: RUN });
  expect(session.alerts({})).toHaveLength(1000);
  expect(session.alerts({}).some(({ identities }) => identities !== undefined)).toBe(false);
  session.close();
});
