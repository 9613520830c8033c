import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogGap } from '../../core/contract/rows.ts';
import { callsOver } from './calls.ts';
import { CONTEXT, caseOf, newCasePath, temporaryFolder } from './case.ts';
import { every, type Made, madeEvent, rulesOf, ruleText, timeAt } from './made-log.ts';

const HOUR = 3600;

/** A folder of files, by their names below it. */
function folderOf(files: Readonly<Record<string, readonly (Made | Record<string, unknown>)[]>>): string {
  const folder = temporaryFolder();
  for (const [name, events] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const lines = events.map((event) => JSON.stringify('at' in event ? madeEvent(event as Made) : event));
    writeFileSync(path, `${lines.join('\n')}\n`);
  }
  return folder;
}

async function gapsIn(files: Parameters<typeof folderOf>[0]): Promise<readonly LogGap[]> {
  const session = await caseOf([folderOf(files)]);
  const gaps = session.gaps();
  session.close();
  return gaps;
}

const short = ({ kind, server, from, to }: LogGap) => [kind, server, from, to];
/** A beat that is not quite even, without chance. */
const beat = (seconds: number, hours: number, from = 0): Made[] =>
  every(seconds, (hours * HOUR) / seconds, {}, from).map((made, index) => ({
    ...made,
    at: made.at + ((index * 7919) % 13) / 4,
  }));
const without = (events: readonly Made[], from: number, to: number) => events.filter(({ at }) => at < from || at >= to);

test('a silence is told against the rhythm of its own server, with what the others did meanwhile', async () => {
  const log = beat(5, 24);
  const cut = without(log, 10 * HOUR, 13 * HOUR);
  const last = (events: readonly Made[], before: number) => timeAt(events.findLast(({ at }) => at < before)?.at ?? 0);
  const first = (events: readonly Made[], from: number) => timeAt(events.find(({ at }) => at >= from)?.at ?? 0);

  const gaps = await gapsIn({ 'one/audit.log': cut, 'two/audit.log': beat(60, 24) });

  expect(gaps.map(short)).toEqual([['silence', 'one', last(cut, 10 * HOUR), first(cut, 13 * HOUR)]]);
  expect(gaps[0]?.reason).toBe(
    'API server one wrote nothing for 3 hours, far longer than it ever pauses; meanwhile two wrote',
  );
});

test('a log of which only what people do was kept rests at night and over the weekend, and nothing is said', async () => {
  const days = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11];
  const work = days.flatMap((day) => every(371, 80, { verb: 'list' }, day * 24 * HOUR + 8 * HOUR));

  expect(await gapsIn({ 'one/audit.log': work })).toEqual([]);
  expect(await gapsIn({ 'one/audit.log': [{ at: 0 }, { at: 1 }, { at: 40 * HOUR }] })).toEqual([]);
});

test('a log that ends long before those of the other servers', async () => {
  const gaps = await gapsIn({ 'one/audit.log': beat(10, 5), 'two/audit.log': beat(10, 24) });

  expect(gaps.map(({ kind, server }) => [kind, server])).toEqual([['edge', 'one']]);
  expect(gaps[0]?.reason).toBe('the log of API server one ends 19 hours before those of the others');
});

test('servers that a log does not tell apart are said to be just that', async () => {
  const gaps = await gapsIn({ 'audit.log': without(beat(5, 24), 10 * HOUR, 13 * HOUR) });

  expect(gaps.map(({ kind, server }) => [kind, server])).toEqual([['silence', null]]);
  expect(gaps[0]?.reason).toMatch(/^API servers that the log does not tell apart wrote nothing for 3 hours/);
});

test('files that are missing in a sequence, and a file that ends before its name says', async () => {
  const gaps = await gapsIn({
    'one/audit.log.1': beat(30, 2, 6 * HOUR),
    'one/audit.log.4': beat(30, 2),
    'two/audit-2026-03-04T09-00-00.000.log': beat(30, 8),
    'two/audit-2026-03-04T12-00-00.000.log': beat(30, 4, 8 * HOUR).slice(0, -1),
  });

  const rotations = gaps.filter(({ kind }) => kind === 'rotation');
  expect(rotations.map(({ server, reason }) => [server, reason.split(/ in a | its last/)[0]])).toEqual([
    ['one', 'audit.log.2, audit.log.3 missing'],
    ['two', 'its name says that it was ended 1 hour after'],
  ]);
});

test('times that go back where a record follows another', async () => {
  const log = [...beat(5, 2, 4 * HOUR), ...beat(5, 2)];
  const straggler = [...beat(5, 2), { at: 10 }, ...beat(5, 1, 2 * HOUR)];
  const newestFirst = beat(60, 5).reverse();

  expect(
    (await gapsIn({ 'one/audit.log': log })).filter(({ kind }) => kind === 'clock').map(({ reason }) => reason),
  ).toEqual([expect.stringMatching(/^times go back by 6 hours /)]);
  expect(await gapsIn({ 'one/audit.log': straggler })).toEqual([]);
  expect((await gapsIn({ 'one/audit.log': newestFirst })).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^times go back again and again/),
  ]);
});

test('a run of requests without their last stage', async () => {
  const pairs = every(20, 3000, {}).flatMap((made) => [
    { ...made, stage: 'RequestReceived' },
    { ...made, stage: 'ResponseComplete' },
  ]);
  const isLost = ({ at, stage }: Made) => stage === 'ResponseComplete' && at > 5 * HOUR && at < 7 * HOUR;
  const gaps = await gapsIn({ 'one/audit.log': pairs.filter((made) => !isLost(made)) });

  expect(gaps.map(({ kind }) => kind)).toEqual(['stages']);
  expect(gaps[0]?.reason).toMatch(/^requests without their last stage/);
  expect(await gapsIn({ 'one/audit.log': pairs })).toEqual([]);
});

test('ids that were used again with other content are warned of beside their files', async () => {
  const event = madeEvent({ at: 0, verb: 'create', level: 'Request', request: { spec: { replicas: 1 } } });
  const folder = folderOf({
    'a/one.log': [event],
    'b/two.log': [{ ...event, requestObject: { spec: { replicas: 9 } } }],
  });
  const session = await caseOf([folder]);

  expect(session.gaps().map(({ kind, paths }) => [kind, paths.length])).toEqual([['conflict', 2]]);
  expect(session.evidence().flatMap(({ warnings }) => warnings)).toEqual([
    expect.stringContaining(String(event['auditID'])),
    expect.stringContaining(String(event['auditID'])),
  ]);
  session.close();
});

test('gaps stand in the ledger and in what rules could not see; the order of files leaves no trace', async () => {
  const cut = without(beat(5, 24), 10 * HOUR, 13 * HOUR);
  const halves = [cut.slice(0, 9000), cut.slice(9000)].map((half) => half.map(madeEvent));
  const folders = [
    folderOf({ 'one/a.log': halves[0] ?? [], 'one/b.log': halves[1] ?? [] }),
    folderOf({ 'one/a.log': halves[1] ?? [], 'one/b.log': halves[0] ?? [] }),
  ];
  const rules = { shipped: false, paths: [rulesOf({ any: ruleText('Any', '{user.username: eve}') })] };
  const seen = await Promise.all(
    folders.map(async (folder) => {
      const session = await caseOf([folder], { rules });
      const found = { gaps: session.gaps().map(({ paths: _, ...gap }) => gap), coverage: session.coverage() };
      const ledger = session.evidence().flatMap(({ gaps }) => gaps.map(({ reason }) => reason));
      expect(await session.verify({ evidence: [] }, CONTEXT)).toMatchObject({ ok: true });
      session.close();
      return { ...found, ledger };
    }),
  );

  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.ledger).toHaveLength(1);
  expect(seen[0]?.coverage[0]).toMatchObject({
    state: 'clean',
    parts: [{ reason: expect.stringContaining('3 hours') }],
  });
});

/** What two servers are asked about the same objects: one makes them, the other hears of them within a second or two. */
function shared(ahead: number): Record<string, Made[]> {
  const one: Made[] = [];
  const two: Made[] = [];
  for (let index = 0; index < 80; index++) {
    const objectRef = { resource: index % 2 === 0 ? 'pods' : 'services', namespace: 'shop', name: `of-${index}` };
    const at = index * 97 + ((index * 7919) % 31);
    const [first, second] = index % 3 === 0 ? [two, one] : [one, two];
    first.push({ at, verb: 'create', more: { objectRef } });
    second.push({ at: at + (index % 4) * 0.4, verb: 'patch', more: { objectRef } });
    one.push({ at: at + 60 + ((index * 31) % 43), more: { objectRef } });
  }
  const byTime = (events: Made[]) => events.sort((a, b) => a.at - b.at);
  return {
    'one/audit.log': byTime(one),
    'two/audit.log': byTime(two.map((made) => ({ ...made, at: made.at + ahead }))),
  };
}

test.each([
  [300, 'ahead of', '5 minutes'],
  [-45, 'behind', '45 seconds'],
])('clocks of two servers that stand %i s apart', async (ahead, way, length) => {
  const gaps = (await gapsIn(shared(ahead))).filter(({ kind }) => kind === 'skew');

  expect(gaps.map(({ server, paths }) => [server, paths.length])).toEqual([['two', 1]]);
  expect(gaps[0]?.reason).toContain(`the clock of API server two seems to be about ${length}`);
  expect(gaps[0]?.reason).toContain(`${way} that of one: their requests on`);
});

test('the strip tells of a clock that stands apart, and marks no gap for it', async () => {
  const path = newCasePath();
  (await caseOf([folderOf(shared(300))], {}, path)).close();
  const calls = callsOver(path);
  const strips = await calls.call('evidence/strip', { bins: 20 });
  calls.close();

  expect(strips.map(({ server, skew }) => [server, skew === null ? null : Math.round(skew / 10_000_000)])).toEqual([
    ['one', null],
    ['two', 30],
  ]);
  expect(strips.flatMap(({ gaps }) => gaps).filter(({ kind }) => kind === 'skew')).toEqual([]);
});

test('clocks that agree, and servers that share nothing, are told nothing of', async () => {
  const isSkew = ({ kind }: LogGap) => kind === 'skew';
  expect((await gapsIn(shared(0))).filter(isSkew)).toEqual([]);
  expect((await gapsIn(shared(2))).filter(isSkew)).toEqual([]);
  expect((await gapsIn({ 'one/audit.log': beat(60, 9), 'two/audit.log': beat(61, 9) })).filter(isSkew)).toEqual([]);
});
