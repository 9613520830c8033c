import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOf, readAll } from './read-all.ts';
import { eventText, rawSamples } from './sample-files.ts';

const samples = rawSamples();
const plain = samples.get('k8s-audit-jsonl.log')!;
const wholeLines = new Set(
  plain
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== ''),
);

interface Damage {
  readonly how: 'flip' | 'cut' | 'double' | 'zero' | 'glue' | 'insert';
  /** Place, as a part of the length. */
  readonly at: number;
  readonly seeds: readonly number[];
  readonly glued: string;
}

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  how: fc.constantFrom('flip', 'cut', 'double', 'zero', 'glue', 'insert'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  seeds: fc.array(fc.integer({ min: 0, max: 0xffffff }), { minLength: 1, maxLength: 30 }),
  glued: fc.constantFrom(...samples.keys()),
});

const NOISE = Buffer.from('{}[]",:\\\0\xff\n\r', 'latin1');

function damage(bytes: Buffer, { how, at, seeds, glued }: Damage): Buffer {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (how === 'cut') return before;
  if (how === 'double') return Buffer.concat([before, bytes.subarray(place, place + (seeds[0]! % 5000)), after]);
  if (how === 'zero') return Buffer.concat([before, Buffer.alloc(Math.min(64, after.length)), after.subarray(64)]);
  if (how === 'glue') return Buffer.concat([bytes, samples.get(glued)!.subarray(0, 200_000)]);
  if (how === 'insert')
    return Buffer.concat([before, Buffer.from(seeds.map((seed) => NOISE[seed % NOISE.length]!)), after]);
  const flipped = Buffer.from(bytes);
  for (const seed of seeds) if (bytes.length > 0) flipped[(seed >> 8) % bytes.length] = seed & 0xff;
  return flipped;
}

test('every whole line of a damaged file is found, whatever stands around it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyDamage, { minLength: 1, maxLength: 4 }), async (damages) => {
      const bytes = damages.reduce(damage, plain);
      const lines = bytes.toString('latin1').split('\n');
      const whole = lines.filter((line) => wholeLines.has(line.replace(/\r+$/, ''))).length;

      expect(eventsOf(await readAll(bytes)).length).toBeGreaterThanOrEqual(whole);
    }),
    { numRuns: 400, seed: 11 },
  );
});

test('no damage to any sample throws, and verbatim events stand where they are said to', async () => {
  const anyCase = fc.tuple(fc.constantFrom(...samples.keys()), fc.array(anyDamage, { minLength: 1, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(anyCase, async ([name, damages]) => {
      const bytes = damages.reduce(damage, samples.get(name)!);

      for (const { read, offset, length } of (await readAll(bytes)).said) {
        if (read?.form !== 'verbatim') continue;
        const slice = JSON.parse(bytes.subarray(offset, offset + length).toString()) as { auditID: unknown };
        expect(slice.auditID).toBe(read.event.auditID);
      }
    }),
    { numRuns: 400, seed: 12 },
  );
});

test('events behind damage on the same line are found, and the damage is counted once', async () => {
  const text = `${eventText('cut').slice(0, 120)}${eventText('a')}${eventText('b')} rest\n`;

  const { said } = await readAll(Buffer.from(text));

  expect(said.map(({ kind, auditID }) => [kind, auditID ?? null])).toEqual([
    ['malformed', 'cut'],
    ['event', 'a'],
    ['event', 'b'],
    ['skipped', null],
  ]);
});

test('an event inside the body of a broken event is a client’s text, not an event', async () => {
  const forged = eventText('real', `,"requestObject":{"data":${eventText('forged')}`);

  const { said } = await readAll(Buffer.from(`${forged}\n`));

  expect(said.map(({ kind, auditID }) => [kind, auditID])).toEqual([['malformed', 'real']]);
});

test('a broken element of a list costs itself alone', async () => {
  const pretty = (id: string) => JSON.stringify(JSON.parse(eventText(id)), null, 2).replaceAll('\n', '\n  ');
  const broken = pretty('b').replace('"verb": "list"', '"verb": {"list"');
  const text = `[\n  ${[pretty('a'), broken, pretty('c')].join(',\n  ')}\n]\n`;

  const { said } = await readAll(Buffer.from(text));

  expect(said.map(({ kind, auditID }) => [kind, auditID])).toEqual([
    ['event', 'a'],
    ['malformed', 'b'],
    ['event', 'c'],
  ]);
});

test('beginnings without an end do not take quadratic time', async () => {
  const text = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","x":"'.repeat(20_000);
  const started = performance.now();

  await readAll(Buffer.from(text));

  expect(performance.now() - started).toBeLessThan(10_000);
});
