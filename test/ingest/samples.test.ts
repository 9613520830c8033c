import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../core/event/audit-event.ts';
import { eventsOf, type Reading, readAll } from './read-all.ts';

interface Expected {
  format: string | null;
  containers: string[];
  eventCount: number;
  auditIDs: string[];
  stages: string[];
  skippedRecords: number;
  malformedRecords: number;
  firstEvent?: Record<string, unknown>;
  nearMiss?: string;
  encoding?: string;
  limitHit?: string;
  duplicateKeyRecords?: number;
}

const FOLDER = new URL('../fixtures/format-samples/', import.meta.url);
const { files } = JSON.parse(readFileSync(new URL('EXPECTED.json', FOLDER), 'utf8')) as {
  files: Record<string, Expected>;
};
/** Archives and other compressions come with the pipeline's own test. */
const open = Object.entries(files).filter(([, { containers }]) => containers.every((layer) => layer === 'gzip'));

function unpack(name: string, layers: number): Buffer {
  let bytes: Buffer = readFileSync(new URL(name, FOLDER));
  if (name.includes('truncated.log.gz')) return gunzipCut(bytes);
  for (let layer = 0; layer < layers; layer++) bytes = gunzipSync(bytes);
  return bytes;
}

/** What comes out of a gzip stream before it breaks off. */
function gunzipCut(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { finishFlush: 2 });
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
const member = (value: unknown, key: string) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function firstOf(event: AuditEvent): Record<string, unknown> {
  const { objectRef: at } = event;
  return {
    verb: event.verb,
    username: text(member(event.user, 'username')),
    namespace: text(member(at, 'namespace')),
    resource: text(member(at, 'resource')),
    name: text(member(at, 'name')),
    subresource: text(member(at, 'subresource')),
    code: member(event.responseStatus, 'code') ?? null,
  };
}

function summary(reading: Reading, expected: Expected) {
  const events = eventsOf(reading);
  const isAudit = expected.format !== null;
  return {
    format: events.length === 0 ? null : mostCommon(events.map((event) => event.format)),
    auditIDs: events.map(({ event }) => event.auditID),
    stages: events.map(({ event }) => event.stage),
    skipped: isAudit ? reading.said.filter(({ kind }) => kind === 'skipped').length : 0,
    malformed: isAudit ? reading.said.filter(({ kind }) => kind === 'malformed').length : 0,
    first: events[0] === undefined ? undefined : firstOf(events[0].event),
    ambiguous: events.filter(({ flags }) => flags.ambiguous).length,
  };
}

function mostCommon(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}

describe('every sample reads as its EXPECTED entry says', () => {
  for (const [name, expected] of open) {
    test(name, async () => {
      const reading = await readAll(unpack(name, expected.containers.length));

      expect(summary(reading, expected)).toEqual({
        format: expected.format,
        auditIDs: expected.auditIDs,
        stages: expected.stages,
        skipped: expected.skippedRecords,
        malformed: expected.malformedRecords,
        first: expected.firstEvent,
        ambiguous: expected.duplicateKeyRecords ?? 0,
      });
      if (expected.nearMiss) expect(reading.nearMisses).toContain(expected.nearMiss);
      if (expected.encoding) expect(reading.end.encoding).toBe(expected.encoding);
      if (expected.limitHit === 'json-depth') expect(reading.limits).toContain('json-depth');
    });
  }
});

test('every sample file has its entry', () => {
  const names = readdirSync(FOLDER).filter((name) => name !== 'EXPECTED.json');

  expect(names.sort()).toEqual(Object.keys(files).sort());
});
