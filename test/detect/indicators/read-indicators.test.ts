import { expect, test } from 'vitest';
import { readIndicators } from '../../../core/detect/indicators/read-indicators.ts';

const values = (text: string, kind: Parameters<typeof readIndicators>[1] = null) =>
  readIndicators(text, kind).indicators.map((one) => `${one.kind} ${one.value}${one.note && ` (${one.note})`}`);

test('a plain list is read by what its values look like, comments are notes, and what nobody can tell is counted', () => {
  const text = [
    '# updated 2026-02-11',
    '203.0.113.7',
    '203[.]0[.]113[.]8 # seen in spring',
    '198.51.100.0/24',
    '192.0.2.9/24',
    '2001:DB8::1',
    `sha256:${'A'.repeat(64)}`,
    'docker.io/evil/miner:1',
    'system:kube-ops',
    'agent: curl/*',
    'user: mallory',
    'just words',
    '',
  ].join('\n');

  const read = readIndicators(text, null);

  expect(values(text)).toEqual([
    'address 2001:db8::1',
    'address 203.0.113.7',
    'address 203.0.113.8 (seen in spring)',
    'agent curl/*',
    `digest ${'a'.repeat(64)}`,
    'image docker.io/evil/miner:1',
    'network 192.0.2.0/24',
    'network 198.51.100.0/24',
    'user mallory',
    'user system:kube-ops',
  ]);
  expect([read.format, read.date, read.skipped]).toEqual([
    'plain',
    '2026-02-11',
    { 'of no kind that can be told from the text: name one with --kind': 1 },
  ]);
});

test('a kind can be given for values whose text tells nothing, commas and semicolons in them included', () => {
  const agents = 'Mozilla/5.0 (X11; Linux x86_64)\nzgrab/0.x\n';

  expect(values(agents, 'agent')).toEqual(['agent Mozilla/5.0 (X11; Linux x86_64)', 'agent zgrab/0.x']);
});

test('a table is read by its header, whatever the delimiter', () => {
  const misp =
    'uuid,event_id,category,type,value,comment,to_ids,date\nx,1,Network,ip-dst|port,203.0.113.7|443,c2,1,20260203\nx,1,Payload,md5,abc,,1,20260203\n';
  const feed = '# "first_seen_utc";"ip";"malware"\n"2026-01-05 10:00";"203.0.113.9";"Emotet"\n';

  expect([values(misp), values(feed), readIndicators(feed, null).date, readIndicators(misp, null).skipped]).toEqual([
    ['address 203.0.113.7 (c2)'],
    ['address 203.0.113.9 (Emotet)'],
    '2026-01-05',
    { 'of a kind that stands in no audit log, or none at all': 1 },
  ]);
});

test('a STIX bundle gives its indicators, joined by OR; what is revoked or asks for more at once is counted', () => {
  const indicator = (pattern: string, more: object = {}) => ({
    type: 'indicator',
    id: 'indicator--1',
    name: 'spring',
    pattern,
    pattern_type: 'stix',
    valid_from: '2026-02-01T00:00:00Z',
    ...more,
  });
  const bundle = JSON.stringify({
    type: 'bundle',
    objects: [
      { type: 'identity', name: 'A CERT' },
      indicator("[ipv4-addr:value = '203.0.113.7' OR ipv4-addr:value ISSUBSET '198.51.100.0/24']", {
        valid_until: '2026-03-01T00:00:00Z',
      }),
      indicator("[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'evil%']"),
      indicator(`[file:hashes.'SHA-256' = '${'b'.repeat(64)}'] OR [user-account:user_id IN ('a', 'b')]`),
      indicator("[ipv4-addr:value = '203.0.113.8' AND file:name = 'x']"),
      indicator("[ipv4-addr:value = '203.0.113.9']", { revoked: true }),
      indicator("[domain-name:value = 'evil.example']"),
      indicator('rule x { }', { pattern_type: 'yara' }),
    ],
  });

  const read = readIndicators(bundle, null);

  expect(read).toMatchObject({ format: 'stix', date: '2026-02-01', origin: 'A CERT' });
  expect(values(bundle)).toEqual([
    'address 203.0.113.7 (spring)',
    'agent evil* (spring)',
    `digest ${'b'.repeat(64)} (spring)`,
    'network 198.51.100.0/24 (spring)',
    'user a (spring)',
    'user b (spring)',
  ]);
  expect(read.indicators[0]?.until).toBe('2026-03-01');
  expect(read.skipped).toEqual({
    'a pattern about what stands in no audit log': 1,
    'a pattern that asks for more than one thing at once': 1,
    'in the pattern language yara': 1,
    revoked: 1,
  });
});

test('an event of MISP gives its attributes, those of objects too, but not what is only context', () => {
  const event = JSON.stringify({
    response: [
      {
        Event: {
          info: 'spring',
          date: '2026-02-07',
          Orgc: { name: 'A CERT' },
          Attribute: [
            { type: 'ip-src', value: '203.0.113.7', to_ids: true, comment: '' },
            { type: 'ip-dst', value: '203.0.113.8', to_ids: false },
            { type: 'md5', value: 'abc', to_ids: true },
          ],
          Object: [{ Attribute: [{ type: 'user-agent', value: 'evil/1', to_ids: true, comment: 'beacon' }] }],
        },
      },
    ],
  });

  const read = readIndicators(event, null);

  expect(values(event)).toEqual(['address 203.0.113.7 (spring)', 'agent evil/1 (beacon)']);
  expect([read.date, read.origin, Object.values(read.skipped)]).toEqual(['2026-02-07', 'A CERT', [1, 1]]);
});

test.each([
  ['nothing to use', 'just words\n'],
  ['JSON of another kind', '{"a": 1}'],
  ['broken JSON', '{"type": "bundle"'],
  ['values that would meet everything', 'agent: *\nuser: **\n'],
])('a file with %s is refused', (_, text) => {
  expect(() => readIndicators(text, null)).toThrow(expect.objectContaining({ code: 'list/invalid' }));
});

test('hostile files end soon', () => {
  const started = performance.now();
  const nested = `{"type":"bundle","objects":[{"type":"indicator","pattern":"${'['.repeat(200_000)}"}]}`;
  const quotes = `{"type":"bundle","objects":[{"type":"indicator","pattern":"[ipv4-addr:value IN (${"'a',".repeat(50_000)}"}]}`;

  expect(() => readIndicators(nested, null)).toThrow();
  expect(() => readIndicators(quotes, null)).toThrow();
  expect(performance.now() - started).toBeLessThan(5000);
});
