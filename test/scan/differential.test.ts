import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventColumns } from '../../core/event/columns.ts';
import type { Block } from '../../core/ingest/block.ts';
import { readBlock } from '../../core/ingest/read-block.ts';
import { ColumnBuilder, Dictionaries } from '../../core/scan/columns.ts';
import { EventAppender } from '../../core/scan/event-columns.ts';
import { LineScanner } from '../../core/scan/line-scanner.ts';
import { BlockScanner } from '../../core/scan/scan-block.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/format-samples');

const block = (bytes: Uint8Array): Block => ({
  offset: 0,
  bytes: new Uint8Array(bytes),
  shape: { kind: 'lines', encoding: 'utf-8', layout: 'lines', open: '' },
});

/** Every column of every row in words, so that ids of different dictionaries can be compared. */
function rows(columns: EventColumns, { terms, actors, operations, answers, readings }: Dictionaries): unknown[] {
  const term = (id: number) => (id === 0 ? null : terms.text(id));
  const tuple = (interner: { width: number; at(id: number, column: number): number }, id: number) =>
    Array.from({ length: interner.width }, (_, column) => interner.at(id, column));
  return Array.from({ length: columns.count }, (_, row) => {
    const [stage, level, code, decision] = tuple(answers, columns.answer[row] as number) as [
      number,
      number,
      number,
      number,
    ];
    const [form, inner, format, flags] = tuple(readings, columns.reading[row] as number) as [
      number,
      number,
      number,
      number,
    ];
    return {
      place: [columns.start[row], columns.length[row]],
      times: [columns.time[row], columns.elapsed[row]],
      auditId:
        columns.auditText[row] === 0
          ? Buffer.from(columns.auditId.subarray(row * 16, row * 16 + 16)).toString('hex')
          : term(columns.auditText[row] as number),
      actor: tuple(actors, columns.actor[row] as number).map(term),
      operation: tuple(operations, columns.operation[row] as number).map(term),
      rest: [columns.address[row], columns.agent[row], columns.namespace[row], columns.name[row]].map((id) =>
        term(id as number),
      ),
      answer: [term(stage), term(level), code, term(decision)],
      reading: [form, term(inner), term(format), flags],
    };
  });
}

/** With the byte scanner for plain lines. */
function scanned(bytes: Uint8Array): unknown[] {
  const scanner = new BlockScanner(null);
  return rows(scanner.scan(block(bytes)).columns, scanner.dictionaries);
}

/** With the general reader alone. */
function read(bytes: Uint8Array): unknown[] {
  const dictionaries = new Dictionaries();
  const columns = new ColumnBuilder();
  const appender = new EventAppender(dictionaries, columns);
  readBlock(block(bytes), {
    event: (event) => appender.append(event),
    skipped() {},
    malformed() {},
    nearMiss() {},
    limit() {},
  });
  return rows(columns.take(), dictionaries);
}

const samples = readdirSync(FIXTURES).filter((name) => /\.(log|jsonl)$/.test(name));
const plain = readFileSync(join(FIXTURES, 'k8s-audit-jsonl.log'));

test.each(samples)('both readers agree on %s', (name) => {
  const bytes = readFileSync(join(FIXTURES, name));

  expect(scanned(bytes)).toEqual(read(bytes));
});

test('the scanner takes the lines that the API server writes', () => {
  const dictionaries = new Dictionaries();
  const scanner = new LineScanner(dictionaries, new ColumnBuilder());
  const lines = plain.toString().split('\n').filter(Boolean);

  const taken = lines.filter((line) => scanner.scan(Buffer.from(`${line}\n`), 0, Buffer.byteLength(line)));

  expect(taken.length).toBeGreaterThanOrEqual(lines.length - 2);
});

const mutation = fc.record({
  at: fc.nat(plain.length - 1),
  cut: fc.nat(40),
  put: fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\n',
      '\0',
      '\\u0041',
      '\\ud800',
      ' ',
      'null',
      '1e400',
      '-0',
      '01',
      'é',
      '"verb":"get",',
      '"a":1,"a":2',
    ),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  ),
});

test('both readers agree on damaged lines', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      let bytes: Buffer = plain;
      for (const { at, cut, put } of mutations) {
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(put, put.length === 1 && put > '\x7f' ? 'latin1' : 'utf8'),
          bytes.subarray(at + cut),
        ]);
      }
      expect(scanned(bytes)).toEqual(read(bytes));
    }),
    { numRuns: 1500 },
  );
});

test.each(['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'])(
  'both readers agree on a reference whose %s is empty',
  (part) => {
    const [first = ''] = plain.toString().split('\n', 1);
    const event = JSON.parse(first) as { objectRef: object };
    const bytes = Buffer.from(`${JSON.stringify({ ...event, objectRef: { ...event.objectRef, [part]: '' } })}\n`);

    expect(scanned(bytes)).toEqual(read(bytes));
  },
);

const keys = fc.constantFrom('name', 'spec', 'a', 'é', '__proto__', 'x\ny', 'kind', 'auditID');
const body = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));

test('both readers agree on events with any bodies, in any order of keys', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('', 'alice', 'system:node:a', 'a"b', 'ü', '\u2028'),
  );
  const event = fc.record(
    {
      level: fc.constantFrom('Metadata', 'Request', 'x'),
      auditID: fc.oneof(fc.uuid(), text),
      stage: fc.constantFrom('ResponseComplete', 'RequestReceived'),
      requestURI: text,
      verb: text,
      user: fc.record(
        { username: text, groups: fc.array(text, { maxLength: 3 }), extra: body.value },
        { requiredKeys: [] },
      ),
      impersonatedUser: fc.record({ username: text }, { requiredKeys: [] }),
      sourceIPs: fc.array(text, { maxLength: 2 }),
      userAgent: text,
      objectRef: fc.record(
        { resource: text, namespace: text, name: text, apiGroup: text, subresource: text, uid: text },
        { requiredKeys: [] },
      ),
      responseStatus: fc.record(
        {
          metadata: fc.constant({}),
          code: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom(200, 403)),
          reason: text,
        },
        { requiredKeys: [] },
      ),
      requestObject: body.value,
      responseObject: body.value,
      requestReceivedTimestamp: fc.constantFrom('2026-03-04T10:15:01.120431Z', '2026-02-30T10:15:01.120431Z', 'x'),
      stageTimestamp: fc.constantFrom('2026-03-04T10:15:02.000001Z', '2026-03-04T10:15:02Z'),
      annotations: fc.dictionary(
        fc.constantFrom('authorization.k8s.io/decision', 'audit.k8s.io/truncated', 'k'),
        fc.constantFrom('allow', 'true', '', 'ü'),
      ),
    },
    { requiredKeys: ['level', 'stage', 'requestReceivedTimestamp', 'stageTimestamp'] },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.boolean()), { minLength: 1, maxLength: 4 }), (events) => {
      const lines = events.map(([value, isReversed]) => {
        const whole = {
          kind: 'Event',
          apiVersion: 'audit.k8s.io/v1',
          auditID: 'a',
          requestURI: '/',
          verb: 'get',
          user: {},
          ...value,
        };
        return JSON.stringify(isReversed ? Object.fromEntries(Object.entries(whole).reverse()) : whole);
      });
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      expect(scanned(bytes)).toEqual(read(bytes));
    }),
    { numRuns: 1500 },
  );
});
