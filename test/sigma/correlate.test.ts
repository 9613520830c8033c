import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CorrelationItem,
  correlate,
  itemMapper,
  linkRules,
  parseRules,
  possibleItems,
} from '../../core/sigma/sigma.ts';
import { ruleText } from './rule-text.ts';

const rule = (name: string, selection: string) => `---\nname: ${name}\n${ruleText(`s:\n  ${selection}\ncondition: s`)}`;
const rules = rule('denied', 'code: 403') + rule('allowed', 'code: 200') + rule('get', 'verb: get');
const correlation = (name: string, body: string) =>
  `---\ntitle: ${name}\nname: ${name}\ncorrelation:\n${body.replace(/^/gm, '  ')}\n`;

function load(...correlations: string[]) {
  const { documents, problems } = parseRules('rule.yml', correlations.join('') + rules, {});
  const linked = linkRules(documents);
  expect([...problems, ...linked.problems]).toEqual([]);
  return linked;
}

interface Given {
  readonly at: number;
  readonly code?: number;
  readonly verb?: string;
  readonly user?: string;
  readonly size?: unknown;
  readonly ips?: string[];
}

const time = (seconds: number) => new Date(Date.UTC(2026, 2, 4, 10) + seconds * 1000).toISOString();
const toEvent = ({ at, ...rest }: Given) => ({ requestReceivedTimestamp: time(at), user: 'a', ...rest });
const identity = (index: number) => String(index).padStart(4, '0');

function itemsOf(linked: ReturnType<typeof load>, given: readonly Given[]): CorrelationItem[] {
  const toItems = itemMapper(linked, {});
  return given.flatMap((one, index) => {
    const event = toEvent(one);
    return toItems(
      event,
      identity(index),
      linked.rules.filter((own) => own.matches(event)),
    );
  });
}

function alerts(linked: ReturnType<typeof load>, given: readonly Given[]) {
  const found = correlate(linked, itemsOf(linked, given));
  return found.map(({ correlation: { name }, events, group }) => [
    name,
    events.map(Number),
    Object.values(group).join(),
  ]);
}

const count = 'type: event_count\nrules: [denied]\ngroup-by: [user]\ntimespan: 10s\ncondition:\n  gte: 3';
const ordered = (members: string) => `type: temporal_ordered\nrules: [${members}]\ngroup-by: [user]\ntimespan: 30s`;
const value = (type: string, condition: string) =>
  `type: ${type}\nrules: [get]\ntimespan: 10s\ncondition:\n  field: size\n  ${condition}`;

test('a lasting burst is one alert, and its events are in the order of their times', () => {
  const given = [8, 0, 4, 12, 16, 100, 101].map((at) => ({ at, code: 403 }));

  expect(alerts(load(correlation('c', count)), given)).toEqual([['c', [1, 2, 0, 3, 4], 'a']]);
});

test('limits below are judged for each window too', () => {
  const linked = load(correlation('c', 'type: event_count\nrules: [denied]\ntimespan: 10s\ncondition:\n  lt: 2'));

  expect(
    alerts(
      linked,
      [0, 1, 20].map((at) => ({ at, code: 403 })),
    ),
  ).toEqual([
    ['c', [0], ''],
    ['c', [2], ''],
  ]);
});

test('sums do not drift and average, median and percentile are exact', () => {
  const sizes = (values: readonly unknown[]) => values.map((size, at) => ({ at, verb: 'get', size }));
  const drifting = load(correlation('c', value('value_sum', 'eq: 0.5').replace('10s', '1s')));
  const values = [1e16, 0.25, 0.25, 1e17, -1e17, 0.5];

  expect(alerts(drifting, sizes(values)).map(([, events]) => events)).toEqual([[1, 2]]);
  expect(alerts(load(correlation('c', value('value_median', 'eq: 2.5'))), sizes([1, 4, '3', 2]))).toEqual([
    ['c', [0, 1, 2, 3], ''],
  ]);
  const percentile = correlation('c', value('value_percentile', 'percentile: 25\n  eq: 1.75'));
  expect(alerts(load(percentile), sizes([4, 3, 2, 1, 'x', null, true]))).toEqual([['c', [0, 1, 2, 3], '']]);
});

test('a value count over several fields counts their combinations', () => {
  const linked = load(
    correlation('c', 'type: value_count\nrules: [get]\ntimespan: 10s\ncondition:\n  field: [size, ips]\n  gte: 4'),
  );

  expect(
    alerts(linked, [
      { at: 0, verb: 'get', size: 1, ips: ['x', 'y'] },
      { at: 1, verb: 'get', size: 2, ips: ['x', 'y'] },
    ]),
  ).toHaveLength(1);
  expect(
    alerts(linked, [
      { at: 0, verb: 'get', size: 1, ips: ['x', 'y'] },
      { at: 1, verb: 'get', size: 1, ips: ['x', 'y'] },
    ]),
  ).toEqual([]);
});

test('an array in group-by puts the event into the group of each element', () => {
  const linked = load(correlation('c', count.replace('[user]', '[ips]').replace('3', '2')));
  const given = [['x', 'y'], ['y'], ['z']].map((ips, at) => ({ at, code: 403, ips }));

  expect(alerts(linked, given)).toEqual([['c', [0, 1], 'y']]);
});

test('a sequence takes the latest events before its end', () => {
  const linked = load(correlation('c', ordered('denied, get, allowed')));
  const given = [
    { at: 0, code: 403 },
    { at: 5, code: 403 },
    { at: 6, verb: 'get' },
    { at: 31, code: 200 },
    { at: 60, code: 200 },
  ];

  expect(alerts(linked, given)).toEqual([['c', [1, 2, 3], 'a']]);
});

test('events of one time are in any order, and one event may be two steps', () => {
  const linked = load(correlation('c', ordered('denied, get')));

  expect(
    alerts(linked, [
      { at: 0, verb: 'get' },
      { at: 0, code: 403 },
    ]),
  ).toEqual([['c', [0, 1], 'a']]);
  expect(alerts(linked, [{ at: 0, verb: 'get', code: 403 }])).toEqual([['c', [0], 'a']]);
});

test('an inner alert counts at each of its windows for a sequence, as one burst for a count', () => {
  const inner = correlation('many', count);
  const given = [0, 1, 2, 4, 5].map((at) => ({ at, code: 403 })).concat([{ at: 3, code: 200 }]);
  const outer = 'type: event_count\nrules: [many]\ngroup-by: [user]\ntimespan: 60s\ncondition:\n  gte: 2';

  expect(alerts(load(correlation('c', ordered('many, allowed')), inner), given)).toEqual([['c', [0, 1, 2, 5], 'a']]);
  expect(alerts(load(correlation('c', outer), inner), given)).toEqual([]);
  const twice = [...given, ...[20, 21, 22].map((at) => ({ at, code: 403 }))];
  expect(alerts(load(correlation('c', outer), inner), twice)).toEqual([['c', [0, 1, 2, 3, 4, 6, 7, 8], 'a']]);
});

test('generate lets inner correlations speak for themselves', () => {
  const inner = correlation('many', count);
  const given = [0, 1, 2, 3].map((at) => ({ at, code: at === 3 ? 200 : 403 }));
  const linked = load(correlation('c', `${ordered('many, allowed')}\ngenerate: true`), inner);

  expect(alerts(linked, given)).toEqual([
    ['many', [0, 1, 2], 'a'],
    ['c', [0, 1, 2, 3], 'a'],
  ]);
  expect([...linked.silent].map(({ name }) => name)).toEqual(['denied']);
});

test('ten thousand events in one window take no square of time', () => {
  const linked = load(correlation('c', ordered('many, allowed')), correlation('many', count.replace('10s', '1d')));
  const given = Array.from({ length: 20_000 }, (_, at) => ({ at, code: at % 2 === 0 ? 403 : 200 }));
  const started = performance.now();

  expect(alerts(linked, given)[0]?.[1]).toHaveLength(19_998);

  expect(performance.now() - started).toBeLessThan(5_000);
});

const event = fc.record({
  at: fc.integer({ min: 0, max: 40 }),
  code: fc.constantFrom(200, 403),
  verb: fc.constantFrom('get', 'list'),
  user: fc.constantFrom('a', 'b'),
  size: fc.constantFrom(1, 2.5, 'x'),
});

test('any split of the events in any order gives the same alerts', () => {
  const linked = load(
    correlation('many', count),
    correlation('chain', ordered('many, allowed')),
    correlation(
      'near',
      'type: temporal\nrules: [denied, allowed, get]\ngroup-by: [user]\ntimespan: 5s\ncondition:\n  gte: 2',
    ),
    correlation('sum', value('value_sum', 'gte: 4')),
    correlation('values', value('value_count', 'gte: 2')),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (given, random) => {
      const whole = itemsOf(linked, given);
      const shuffled = whole.map((item) => ({ item, key: random.next().value ?? 0 })).sort((a, b) => a.key - b.key);

      expect(
        correlate(
          linked,
          shuffled.map(({ item }) => item),
        ),
      ).toEqual(correlate(linked, whole));
    }),
    { numRuns: 300 },
  );
});

test('what is left out as impossible makes no difference', () => {
  const linked = load(
    correlation('burst', 'type: event_count\nrules: [denied]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}'),
    correlation(
      'many',
      'type: value_count\nrules: [get]\ngroup-by: [user]\ntimespan: 10s\ncondition: {field: size, gt: 1}',
    ),
    correlation('then', 'type: temporal_ordered\nrules: [denied, allowed]\ngroup-by: [user]\ntimespan: 10s'),
    correlation('few', 'type: event_count\nrules: [get]\ngroup-by: [user]\ntimespan: 10s\ncondition: {lt: 2}'),
  );
  const given = fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    code: fc.constantFrom(200, 403),
    verb: fc.constantFrom('get', 'list'),
    user: fc.constantFrom('a', 'b', 'c', 'd'),
    size: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(given, { maxLength: 25 }), (events) => {
      const items = itemsOf(linked, events);
      const possible = possibleItems(linked, items).map((index) => items[index] as CorrelationItem);
      expect(correlate(linked, possible)).toEqual(correlate(linked, items));
    }),
  );
});

test('groups that are too small are left out', () => {
  const linked = load(
    correlation('burst', 'type: event_count\nrules: [denied]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 2}'),
  );
  const items = itemsOf(linked, [
    { at: 0, code: 403, user: 'a' },
    { at: 1, code: 403, user: 'b' },
    { at: 2, code: 403, user: 'a' },
  ]);
  expect(possibleItems(linked, items)).toEqual([0, 2]);
});
