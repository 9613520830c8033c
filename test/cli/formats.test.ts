import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decklog, SAMPLES } from './decklog.ts';

test('every format of the samples is listed', async () => {
  const { files } = JSON.parse(readFileSync(join(SAMPLES, 'EXPECTED.json'), 'utf8'));
  const expected = new Set(Object.values<{ format: string | null }>(files).map((file) => file.format));
  const { formats } = JSON.parse((await decklog(['formats', '--json'])).stdout);
  const listed = new Set(formats.map((format: { id: string }) => format.id));

  expect([...expected].filter((id) => id !== null && !listed.has(id))).toEqual([]);
});

test('people are shown formats, containers and look-alikes', async () => {
  const { stdout } = await decklog(['formats']);

  expect(stdout).toContain('k8s-audit-jsonl ');
  expect(stdout).toContain('zstd ');
  expect(stdout).toContain('aws-cloudtrail ');
});
