import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkBaselines } from '../../core/detect/baseline/link-baselines.ts';
import { tryBaselines } from '../../core/detect/baseline/try-baseline.ts';
import { sigmaOptions } from '../../core/detect/pack.ts';
import type { Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';
import { linkRules, parseRules } from '../../core/sigma/sigma.ts';
import { openStudio } from '../studio/studio.ts';
import { CONTEXT, caseOf, newCasePath, temporaryFolder } from './case.ts';
import { linesOf, type Made, madeEvent, rulesOf, ruleText } from './made-log.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const baselineText = (title: string, rule: string, baseline: string) => `---
title: ${title}
id: ${crypto.randomUUID()}
name: ${title.replaceAll(' ', '_')}
status: experimental
taxonomy: decklog
baseline: {rules: [${rule}], ${baseline}}
level: low
`;

const ANY = ruleText('any request', '{verb|exists: true}');
const NETWORK =
  ANY +
  baselineText(
    'new network',
    'any_request',
    'type: new_terms, group-by: [decklog.actor], fields: [decklog.sourceIP.network], learn: 30d, minimum: {days: 2, events: 20}',
  );
const MANY =
  ANY +
  baselineText(
    'many requests',
    'any_request',
    'type: spike, group-by: [decklog.actor], learn: 30d, minimum: {days: 2, events: 20}, threshold: 6, least: 20',
  );
const only = (text: string) => ({ shipped: false, paths: [rulesOf({ own: text })] });

/** An hourly request for some days. */
const habit = (days: number, more: Partial<Made> = {}): Made[] =>
  Array.from({ length: days * 24 }, (_, hour) => ({ at: hour * HOUR, more: { sourceIPs: ['10.0.0.5'] }, ...more }));
const stranger = (day: number): Made => ({ at: day * DAY + 90, more: { sourceIPs: ['203.0.113.9'] } });

const titles = (session: Session) =>
  session.alerts({}).map(({ title, learned }) => [title, learned?.known, learned?.new]);

async function judged(events: readonly Made[], text: string): Promise<Session> {
  const session = await caseOf([linesOf(events.map(madeEvent))], { rules: only(text) });
  return session;
}

test('what is new after days of habit is an alert that says what was learnt', async () => {
  const session = await judged([...habit(4), stranger(4)], NETWORK);

  const [alert, ...others] = session.alerts({});
  expect(others).toEqual([]);
  expect(alert?.learned).toEqual({
    from: '2026-03-04T00:00:00.000000Z',
    to: '2026-03-08T00:00:00.000000Z',
    events: 96,
    known: 1,
    values: ['10.0.0.0/16'],
    new: ['203.0.113.0/24'],
  });
  expect(alert?.summary).toMatch(
    /^New for mia@corp\.example: 203\.0\.113\.0\/24\. Known is 10\.0\.0\.0\/16, learnt from 96 requests on 4 days since 2026-03-04\. /,
  );
  expect(alert?.matched).toEqual([
    { auditID: alert?.auditIDs[0], field: 'decklog.sourceIP.network', value: '203.0.113.0/24' },
  ]);
  session.close();
});

test('a log without a learning period floods nobody and says that it is blind', async () => {
  const session = await judged([...habit(1), stranger(1)], NETWORK);

  expect(session.alerts({})).toEqual([]);
  expect(session.coverage()).toMatchObject([
    {
      rule: { title: 'new network' },
      state: 'blind',
      reason: expect.stringMatching(
        /^no learning period: 2 days and 20 requests are needed, the longest history has 1 days and 24 requests/,
      ),
    },
  ]);
  session.close();
});

test('a term is reported once, and known from then on', async () => {
  const session = await judged([...habit(6), stranger(3), stranger(4), stranger(5)], NETWORK);

  expect(titles(session)).toEqual([['new network', 1, ['203.0.113.0/24']]]);
  session.close();
});

test('nothing is learnt from what other rules call malicious', async () => {
  const evil = ruleText('evil', '{userAgent: evil}');
  const attack = [0, 1, 2].map((day) => ({
    ...stranger(day),
    more: { sourceIPs: ['203.0.113.9'], userAgent: 'evil' },
  }));

  const learning = await judged([...habit(5), ...attack, stranger(4)], NETWORK);
  const warned = await judged([...habit(5), ...attack, stranger(4)], `${evil}---\n${NETWORK}`);

  expect(titles(learning)).toEqual([]);
  expect(
    titles(warned)
      .filter(([title]) => title === 'new network')
      .map(([, known]) => known),
  ).toEqual([1]);
  learning.close();
  warned.close();
});

test('a spike is judged by the same hours of earlier days: a nightly job is none', async () => {
  const burst = (day: number, hour: number): Made[] =>
    Array.from({ length: 60 }, (_, index) => ({
      at: day * DAY + hour * HOUR + index * 10,
      more: { sourceIPs: ['10.0.0.5'] },
    }));
  const nightly = [0, 1, 2, 3, 4, 5].flatMap((day) => burst(day, 2));

  const calm = await judged([...habit(6), ...nightly], MANY);
  const loud = await judged([...habit(6), ...nightly, ...burst(5, 13)], MANY);

  expect(titles(calm)).toEqual([]);
  expect(loud.alerts({}).map(({ summary }) => summary)).toEqual([
    expect.stringMatching(
      /^61 requests in one hour by mia@corp\.example; at that time of day 1 are usual and 1 the most ever seen/,
    ),
  ]);
  calm.close();
  loud.close();
});

/** A log of many habits, the same in every run. */
function manyHabits(): Record<string, unknown>[] {
  let state = 7;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
  const pick = <T>(list: readonly T[]) => list[next(list.length)] as T;
  const ordinary = Array.from({ length: 4000 }, () =>
    madeEvent({
      at: next(8 * DAY) + next(1000) / 1000,
      verb: pick(['get', 'list', 'create']),
      on: pick(['pods', 'secrets', 'pods/exec', null]),
      code: pick([200, 200, 200, 403]),
      more: {
        user: { username: pick(['a', 'b', 'c', 'system:serviceaccount:x:y']), groups: [] },
        sourceIPs: [pick(['10.0.0.1', '10.0.0.2', '10.1.0.1', next(200) === 0 ? '203.0.113.9' : '10.0.0.1'])],
        userAgent: pick(['kubectl/v1', 'helm/3', next(300) === 0 ? 'curl/8' : 'kubectl/v2']),
      },
    }),
  );
  const user = { username: 'a', groups: [] };
  const odd = madeEvent({ at: 7.5 * DAY, more: { user, sourceIPs: ['203.0.113.200'], userAgent: 'wget/1' } });
  const crowd = ['e', 'f', 'g', 'h', 'i'].map((username, index) =>
    madeEvent({ at: 7.6 * DAY + index, more: { user: { username, groups: [] }, sourceIPs: ['10.0.0.1'] } }),
  );
  return [...ordinary, odd, ...crowd];
}

const BY_COLUMNS = [
  ANY,
  baselineText(
    'n',
    'any_request',
    'type: new_terms, group-by: [decklog.actor], fields: [decklog.client, decklog.sourceIP.network], learn: 3d, minimum: {days: 1, events: 5}',
  ),
  baselineText(
    'm',
    'any_request',
    'type: new_terms, group-by: [decklog.actor], fields: [decklog.client, decklog.sourceIP, verb], at-least: 2, learn: 2d, minimum: {days: 1, events: 5}',
  ),
  baselineText(
    's',
    'any_request',
    'type: spike, group-by: [decklog.actor], learn: 5d, minimum: {days: 1, events: 5}, threshold: 1, least: 5',
  ),
  baselineText(
    'd',
    'any_request',
    'type: spike, group-by: [verb], fields: [decklog.actor], learn: 5d, minimum: {days: 1, events: 5}, threshold: 0.5, least: 3',
  ),
  baselineText(
    'r',
    'any_request',
    'type: rare, fields: [decklog.client, verb], learn: 5d, minimum: {days: 1, events: 5}, threshold: 0.01',
  ),
].join('');

test('counting columns and reading events find the same', async () => {
  const events = manyHabits();
  const session = await caseOf([linesOf(events)], { rules: only(BY_COLUMNS) });

  const options = sigmaOptions({ lists: {} });
  const { baselines } = linkBaselines(linkRules(parseRules('own.yml', BY_COLUMNS, options).documents));
  expect(baselines.every(({ isColumnar }) => isColumnar)).toBe(true);
  const sorted = events.toSorted((a, b) =>
    String(a['requestReceivedTimestamp']) < String(b['requestReceivedTimestamp']) ? -1 : 1,
  );
  const firstOf = (title: string) =>
    tryBaselines(baselines, sorted, options)
      .filter(({ linked }) => linked.document.title === title)
      .flatMap(({ episodes }) =>
        episodes.map((reports) => sorted[(reports[0]?.cells[0]?.proofs[0]?.event ?? 0) - 1]?.['auditID']),
      )
      .sort();

  for (const title of ['n', 'm', 's', 'd', 'r']) {
    const found = session.alerts({}).filter((alert) => alert.rule.title === title);
    expect([title, found.map(({ auditIDs }) => auditIDs[0]).sort()]).toEqual([title, firstOf(title)]);
    expect([title, found.length]).not.toEqual([title, 0]);
  }
  session.close();
});

test('the order and the split of the files leave no trace', async () => {
  const events = manyHabits();
  const splits = [
    [events],
    [events.slice(2000), events.slice(0, 2000)],
    [events.filter((_, index) => index % 3 === 1), events.filter((_, index) => index % 3 !== 1).reverse()],
  ];
  const rules = only(BY_COLUMNS);
  const found = [];
  for (const parts of splits) {
    const session = await caseOf(
      parts.map((part) => linesOf(part)),
      { server: 'one', rules },
    );
    found.push([session.alerts({}), session.coverage()]);
    session.close();
  }

  expect(found[1]).toEqual(found[0]);
  expect(found[2]).toEqual(found[0]);
});

test('habits of a quiet case judge a short log, and the run says so', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'habits.json');
  const rules = only(NETWORK);
  const quiet = await judged(habit(5), NETWORK);
  const { text, about } = await quiet.exportBaseline({ ...rules, file: 'habits.json' }, CONTEXT);
  const again = await quiet.exportBaseline({ ...rules, file: 'habits.json' }, CONTEXT);
  writeFileSync(file, text);

  const path = newCasePath();
  const short = await caseOf([linesOf([...habit(1), stranger(0)].map(madeEvent))], { rules }, path);
  const before = titles(short);
  await short.detect({ ...rules, baselines: [file] }, CONTEXT);

  expect([before, titles(short)]).toEqual([[], [['new network', 1, ['203.0.113.0/24']]]]);
  expect(again.text).toBe(text);
  expect(about).toMatchObject({
    from: '2026-03-04T00:00:00.000000Z',
    to: '2026-03-08T23:00:00.000000Z',
    rules: 1,
    groups: 1,
  });
  const [alert] = short.alerts({});
  expect(alert?.learned).toMatchObject({ events: 120, from: '2026-03-04T00:00:00.000000Z' });
  expect((await short.verify({ evidence: [] }, CONTEXT)).ok).toBe(true);
  quiet.close();
  short.close();

  const studio = openStudio(path);
  const preview = await studio.call('studio/preview', { path: 'case/draft.yml', text: NETWORK, until: 'all' });
  expect([preview.problems, preview.alerts]).toEqual([[], 1]);
  studio.close();
});

test('only a period is learnt where one is named', async () => {
  const quiet = await judged([...habit(5), stranger(4)], NETWORK);

  const { text } = await quiet.exportBaseline({ ...only(NETWORK), file: 'x', to: '2026-03-07T23:59:59Z' }, CONTEXT);

  expect(text).not.toContain('203.0.113');
  quiet.close();
});

test('a baseline that was changed is refused, and one of other rules teaches nothing', async () => {
  const folder = temporaryFolder();
  const quiet = await judged(habit(5), NETWORK);
  const { text } = await quiet.exportBaseline({ ...only(NETWORK), file: 'x' }, CONTEXT);
  const [changed, other] = [join(folder, 'changed.json'), join(folder, 'other.json')];
  writeFileSync(changed, text.replace('10.0.0.0/16', '10.9.0.0/16'));
  writeFileSync(other, text);
  const short = await judged([...habit(1), stranger(0)], NETWORK);

  await expect(short.detect({ ...only(NETWORK), baselines: [changed] }, CONTEXT)).rejects.toMatchObject({
    code: 'baseline/invalid',
  });
  await expect(short.detect({ ...only(NETWORK), baselines: [join(folder, 'none')] }, CONTEXT)).rejects.toMatchObject({
    code: 'baseline/invalid',
  });
  await short.detect({ ...only(NETWORK.replace('days: 2', 'days: 3')), baselines: [other] }, CONTEXT);
  expect(short.alerts({})).toEqual([]);
  expect(readFileSync(other, 'utf8')).toBe(text);
  quiet.close();
  short.close();
});

test('an export is an action, and a reader may make one without leaving a trace', async () => {
  const path = newCasePath();
  const rules = only(NETWORK);
  (await caseOf([linesOf(habit(3).map(madeEvent))], {}, path)).close();
  const reader = openCase(path, { mode: 'read', examiner: 'r' });
  await reader.exportBaseline({ ...rules, file: 'x' }, CONTEXT);
  const before = reader.glance().head;
  reader.close();
  const writer = openCase(path, { mode: 'write', examiner: 'w' });

  await writer.exportBaseline({ ...rules, file: 'x' }, CONTEXT);

  expect(writer.glance().head).not.toBe(before);
  writer.close();
});
