import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { SAMPLES, SHIPPED } from '../host/case.ts';
import { levelsOf, openStudio, run, studioOf, verified } from './studio.ts';

/** Several runs of all rules in one test, on a machine that others use too. */
vi.setConfig({ testTimeout: 240_000 });

const LOG = join(SAMPLES, 'k8s-audit-jsonl.log');
const paths = [LOG, join(SAMPLES, 'container--two-nodes.zip'), join(SAMPLES, 'gcp-logentry-array.json')];
const studio = await studioOf(paths);
afterAll(() => studio.close());

const PATH = 'case/draft.yml';
const rule = (selection: string, more = '') => `title: Lists by anybody
id: 0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d11
status: experimental
logsource: {product: kubernetes, service: audit}
detection:
  selection: {${selection}}
  condition: selection
level: medium
${more}`;
const previewed = (text: string, until: 'first' | 'count' | 'all' = 'all', path = PATH) =>
  studio.call('studio/preview', { path, text, until });

const countOf = async (query: string) => (await studio.call('events/count', { scope: { query } })).count;

test('the count is exact before the alerts are known', async () => {
  const text = rule('verb: list');

  const [count, all] = [await previewed(text, 'count'), await previewed(text)];

  expect({ ...count, ms: 0 }).toEqual({ ...all, ms: 0, alerts: null });
  expect(all).toMatchObject({ isExact: true, alerts: expect.any(Number) });
});

test('the preview counts what columns decide, without reading an event', async () => {
  const found = await previewed(rule('verb: list'));

  const lines = readFileSync(LOG, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"verb":"list"'));
  // Events of odd shape are read, since columns do not tell all of them.
  expect(found).toMatchObject({ isExact: true, problems: [] });
  expect(found.read).toBeLessThan(found.ofEvents / 3);
  expect(found.events).toBeGreaterThanOrEqual(lines.length);
  expect(found.first.every(({ verb }) => verb === 'list')).toBe(true);
  expect(found.bars.reduce((sum, bar) => sum + bar, 0)).toBe(found.events);
  expect(found.identities.reduce((sum, { events }) => sum + events, 0)).toBe(found.events);
  expect(found.matched[0]).toMatchObject({ event: found.first[0]?.id, field: 'verb', value: 'list' });
});

test('the preview reads events only where columns leave something open', async () => {
  const found = await previewed(rule("verb: [create, patch, update], requestURI|contains: 's'"));

  expect(found.read).toBeGreaterThan(0);
  expect(found.read).toBeLessThan(found.ofEvents);
});

test('a text with errors looks for nothing and says so', async () => {
  expect(await previewed(rule('verb|no: list'))).toMatchObject({
    events: 0,
    isExact: false,
    problems: [{ code: 'modifier/unknown' }],
  });
});

test('a preview is cancelled at the next key', async () => {
  const answer = await studio.ask(
    'studio/preview',
    { path: PATH, text: rule("requestURI|re: '(a|b)+c'"), until: 'all' },
    0,
  );

  expect(answer).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
});

test('for every file of the pack the preview finds the alerts of the run', async () => {
  const differing: string[] = [];
  let raised = 0;
  for (const { path, text } of loadRuleFiles(SHIPPED).set.sources) {
    const { alerts: counted } = await previewed(text, 'all', path);
    const { appear, vanish, change, same } = await studio.call('studio/difference', { path, text });
    raised += same;
    if (appear.length + vanish.length + change.length > 0 || counted !== same) differing.push(path);
  }

  expect([differing, raised > 0]).toEqual([[], true]);
});

test('beside the editor: what a rule needs, whether this case can show it and why not, its cost, and what overlaps', async () => {
  const sight = (text: string, path = PATH) => studio.call('studio/sight', { path, text });
  const fired = (await studio.call('rules/list', {})).find(({ state, kind }) => state === 'fired' && kind === 'rule');
  const blind = (await studio.call('rules/list', {})).filter(({ state, kind }) => state === 'blind' && kind === 'rule');
  const open = (path = '') => studio.call('studio/open', { path });

  const own = await open(fired?.path);
  const mine = await sight(own.text, own.path);
  expect(mine).toMatchObject({ coverage: [{ title: fired?.title, state: 'clean' }], overlaps: expect.any(Array) });
  expect(mine.overlaps.map(({ rule: id }) => id)).not.toContain(fired?.id);
  expect(mine.cost?.msPerMillionEvents).toBeGreaterThan(0);
  expect([mine.looked > 0, mine.looked <= mine.ofProven]).toEqual([true, true]);

  // The same rule under another id finds all that the first has found.
  const copy = await sight(own.text.replace(/^id: .*$/m, 'id: 0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9dff'));
  const overlap = copy.overlaps.find(({ rule: id }) => id === fired?.id);
  expect(overlap).toMatchObject({ title: fired?.title, both: overlap?.of });

  // A blind rule is blind for the reason that the run gave.
  expect(blind.length).toBeGreaterThan(0);
  for (const { path, title, reason } of blind.slice(0, 5)) {
    const { text } = await open(path);
    expect((await sight(text, path)).coverage).toContainEqual(
      expect.objectContaining({ title, state: 'blind', reason }),
    );
  }
  expect(await sight('title: [')).toEqual({ coverage: [], cost: null, overlaps: [], looked: 0, ofProven: 0 });
});

test('why not: the tree says which comparison was false, and what the event has', async () => {
  const text = rule('verb: list, objectRef.resource: nothing');
  const [event] = (await previewed(rule('verb: list'))).first;
  const [tree] = await studio.call('studio/why', { path: PATH, text, event: event?.id ?? 0 });
  const [pasted] = await studio.call('studio/why', { path: PATH, text, json: '{"verb":"get"}' });

  expect(tree).toMatchObject({ matches: false, tree: { result: false } });
  const flat = JSON.stringify(tree);
  expect(flat).toContain('"label":"verb: list","result":true');
  expect(flat).toContain(`"actual":["${event?.resource}"]`);
  expect(JSON.stringify(pasted)).toContain('"actual":[]');
  expect(await studio.ask('studio/why', { path: PATH, text, json: 'no' })).toMatchObject({
    ok: false,
    fault: { code: 'usage' },
  });
});

test('tests are run as they are typed, and events become tests as examples', async () => {
  const [match] = (await previewed(rule('verb: list'))).first;
  const [miss] = (await previewed(rule('verb: [create, watch, get]'))).first;
  const added = await studio.call('studio/add-test', {
    tests: '',
    kind: 'match',
    name: 'a list',
    event: match?.id ?? 0,
  });
  const { tests } = await studio.call('studio/add-test', {
    tests: added.tests,
    kind: 'miss',
    name: 'no list',
    event: miss?.id ?? 0,
  });

  // One that somebody has pasted becomes one as well.
  const pasted = { tests, kind: 'miss', name: 'pasted', json: '{"verb":"list"}' } as const;
  const more = await studio.call('studio/add-test', pasted);
  const failing = await studio.call('studio/test', { path: PATH, text: rule('verb: list'), tests: more.tests });
  expect(failing.results.at(-1)).toMatchObject({ name: 'pasted', ok: false });
  expect(await studio.ask('studio/add-test', { ...pasted, event: 1 })).toMatchObject({ ok: false });

  const good = await studio.call('studio/test', { path: PATH, text: rule('verb: list'), tests });
  const bad = await studio.call('studio/test', { path: PATH, text: rule('verb: get'), tests });

  expect(good.results).toEqual([
    { kind: 'match', name: 'a list', ok: true, reason: '' },
    { kind: 'miss', name: 'no list', ok: true, reason: '' },
  ]);
  expect(bad.results[0]).toMatchObject({ ok: false, reason: expect.stringContaining('verb: get') });
  for (const name of [match?.user, match?.namespace, ...(match?.sourceIPs ?? [])]) {
    if (name && !/^(system:|kube-|default$)/.test(name)) expect(tests).not.toContain(name);
  }
});

test('a draft made of an event finds it', async () => {
  const events = (await previewed(rule('verb: [create, list, get, patch, update, delete]'))).first;
  for (const { id } of events.slice(0, 10)) {
    const { text, fields } = await studio.call('studio/draft', { from: { event: id } });
    const [tree] = await studio.call('studio/why', { path: PATH, text, event: id });

    expect([tree?.matches, fields.some(({ isChosen }) => isChosen)], text).toEqual([true, true]);
  }
});

test('a draft asks for the fields that were chosen, as patterns where that is wished', async () => {
  const [event] = (await previewed(rule("verb: list, user.username: '*@*'"))).first;
  const from = { event: event?.id ?? 0, fields: ['verb', 'user.username'], patterns: ['user.username'] };
  const { text } = await studio.call('studio/draft', { from });

  expect(text).toContain(`user.username: '*@${event?.user.split('@')[1]}'`);
  expect(text).not.toContain('objectRef.resource');
});

test.each([
  'verb:list not user:"system:*"',
  'resource:secrets and verb:(get or list)',
  'resource:pods/exec or resource:pods/log',
  'verb:(create, update) and not (ns:kube-* or user:system:*) code:<300',
  '(verb:delete or code:4xx) and user:*',
  'verb:get and verb:g* and not verb:list',
  'name:"a*b" or agent:kubectl*',
  'requestObject.spec.replicas:>0 or requestObject.spec.containers.image:*',
  'decklog.actor:system:* and ip:10.0.0.0/8',
])('a draft made of the query %s finds what the query finds', async (query) => {
  const { text } = await studio.call('studio/draft', { from: { query: `(${query}) and not stage:RequestReceived` } });
  const found = await previewed(text);

  expect(text).not.toContain('Not carried over');
  expect([found.problems, found.events]).toEqual([[], await countOf(`(${query}) and not stage:RequestReceived`)]);
});

test('what a rule cannot say of a query is told, and finds no less', async () => {
  const { text } = await studio.call('studio/draft', {
    from: { query: 'verb:list and (busybox or ns:shop) and not time:<2020-01-01 stage:ResponseComplete' },
  });

  expect(text.split('\n')[0]).toBe('# Not carried over: (busybox or ns:shop), not time:<2020-01-01');
  expect((await previewed(text)).events).toBe(await countOf('verb:list stage:ResponseComplete'));
});

test('saving shows the difference first, then makes the alerts of the next run; a filter made of an alert takes it away', async () => {
  const own = await studioOf(paths);
  const text = rule('verb: list');
  const before = await own.call('studio/difference', { path: PATH, text });
  const saved = await own.call('studio/save', { path: PATH, text, tests: '', reason: 'lists are rare here' });
  await run(own);
  const after = await own.call('studio/difference', { path: PATH, text });
  const narrower = await own.call('studio/difference', {
    path: PATH,
    text: rule('verb: list, objectRef.resource: secrets'),
  });

  expect(saved.version).toBe(1);
  expect(before.appear.length).toBeGreaterThan(0);
  expect(after).toMatchObject({ appear: [], vanish: [], change: [], same: before.appear.length });
  expect(narrower.vanish.length + narrower.change.length).toBeGreaterThan(0);

  const first = narrower.vanish[0] ?? narrower.change[0];
  const { text: filter } = await own.call('studio/exclude', { alert: first?.id ?? 0 });
  expect(
    (await own.call('studio/check', { path: 'case/not.yml', text: filter })).diagnostics.filter(
      ({ severity }) => severity === 'error',
    ),
  ).toEqual([]);
  const listed = (await own.call('rules/list', {})).find(({ path }) => path === PATH);
  expect(listed).toMatchObject({ origin: 'own', state: 'fired', level: 'medium' });
  // A filter has no alerts of its own: it is told which of others it takes away.
  const filtered = await own.call('studio/difference', { path: 'case/not.yml', text: filter });
  expect(filtered.vanish.length + filtered.change.length).toBeGreaterThan(0);
  expect(filtered.appear).toEqual([]);
  expect(filtered.vanish.length + filtered.change.length + filtered.same).toBe(before.appear.length);
  await own.call('studio/save', { path: 'case/not.yml', text: filter, tests: '', reason: 'known' });
  await run(own);
  expect((await own.call('studio/difference', { path: PATH, text })).same).toBe(filtered.same + filtered.change.length);
  // Without it they are back.
  const gone = await own.call('studio/difference', { path: 'case/not.yml', text: 'title: x' });
  expect(gone.appear.length + gone.change.length).toBe(filtered.vanish.length + filtered.change.length);
  await own.close();
});

test('versions stay, a rule is removed and set with a reason, and verify covers all of it', async () => {
  const own = await studioOf([LOG]);
  const save = (text: string, reason: string) => own.call('studio/save', { path: PATH, text, tests: '', reason });
  await save(rule('verb: list'), 'first');
  await save(rule('verb: watch'), 'second');
  const id = '0b7f4a52-6c1e-4d37-9a0e-3f3f6c2a9d11';

  const versions = await own.call('studio/versions', { path: PATH });
  expect(versions.map(({ version, reason, examiner }) => [version, reason, examiner])).toEqual([
    [2, 'second', 'tester'],
    [1, 'first', 'tester'],
  ]);
  await save(versions[1]?.text ?? '', 'back to the first');
  await own.call('studio/set', { rule: id, isEnabled: true, level: 'low', reason: 'daily work here' });
  const listed = async () => (await own.call('rules/list', {})).find((line) => line.id === id);
  expect(await listed()).toMatchObject({ level: 'low', isOff: false, origin: 'own' });
  await run(own);
  expect(await levelsOf(own.path, id)).toEqual(['low']);
  await own.call('studio/set', { rule: id, isEnabled: false, level: null, reason: 'too noisy' });
  expect(await listed()).toMatchObject({ isOff: true, reason: 'Switched off in this case: too noisy' });
  await run(own);
  expect(await levelsOf(own.path, id)).toEqual([]);

  for (const wrong of [
    own.ask('studio/save', { path: '../../etc/passwd', text: rule('verb: list'), tests: '', reason: 'x' }),
    own.ask('studio/save', { path: PATH, text: rule('verb|no: list'), tests: '', reason: 'x' }),
    own.ask('studio/save', { path: PATH, text: rule('verb: list'), tests: '', reason: ' ' }),
    own.ask('studio/remove', { path: 'case/other.yml', reason: 'x' }),
  ])
    expect(await wrong).toMatchObject({ ok: false });

  await own.call('studio/remove', { path: PATH, reason: 'done' });
  expect(await own.call('studio/own', {})).toMatchObject([{ path: PATH, version: 4, isRemoved: true }]);
  await own.close();

  const reader = openStudio(own.path, 'reader');
  expect(
    await reader.ask('studio/save', { path: PATH, text: rule('verb: list'), tests: '', reason: 'x' }),
  ).toMatchObject({
    ok: false,
    fault: { code: 'case/read-only' },
  });
  expect(await verified(own.path)).toBe(true);
  await reader.close();
});

test('the rules of a case are exported with their hashes, the same bytes each time', async () => {
  const own = await studioOf([LOG]);
  await own.call('studio/save', { path: PATH, text: rule('verb: list'), tests: 'match: []\n', reason: 'x' });
  const [one, two] = [await own.call('studio/export', {}), await own.call('studio/export', {})];

  expect(one).toMatchObject({ name: 'rules.zip', sizeBytes: two.sizeBytes });
  expect(one.sizeBytes).toBeGreaterThan(300);
  await own.close();
});

test('a rule opens as it stands now: new, shipped with its tests, the newest of the case', async () => {
  const shipped = loadRuleFiles(SHIPPED).set.sources[0];
  const [fresh, file] = [
    await studio.call('studio/open', { path: 'case/none.yml' }),
    await studio.call('studio/open', { path: shipped?.path ?? '' }),
  ];

  expect(fresh).toEqual({
    path: 'case/none.yml',
    text: '',
    tests: '',
    origin: 'new',
    version: 0,
    sha256: null,
    unsaved: null,
  });
  expect(file).toMatchObject({ text: shipped?.text, origin: 'shipped', tests: expect.stringContaining('event') });
});

test('formatting keeps meaning and comments, and leaves alone what is no YAML', async () => {
  const text = 'title:   x # a remark\ndetection:\n      s:\n            verb:    get\n---\ntitle: y\n';
  const { text: even } = await studio.call('studio/format', { text });

  expect(even).toBe('title: x # a remark\ndetection:\n  s:\n    verb: get\n---\ntitle: y\n');
  expect(await studio.call('studio/format', { text: even })).toEqual({ text: even });
  expect(await studio.call('studio/format', { text: 'a: [' })).toEqual({ text: 'a: [' });
});
