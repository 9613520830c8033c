import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEvent } from '../../core/event/audit-event.ts';
import { eventOf } from '../../core/host/event-rows.ts';
import { Hunting } from '../../core/host/hunting.ts';
import { planQuery } from '../../core/hunt/plan.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import type { EventFields } from '../../core/store/event-reader.ts';
import { CONTEXT, caseOf, newCasePath, SAMPLES, temporaryFolder } from '../host/case.ts';

const SIGNAL = CONTEXT.signal;

/** Text that the bytes of a record do not show as it is: escapes, letters that fold to ASCII, odd numbers, odd ids. */
function oddLog(): string {
  const path = join(temporaryFolder(), 'odd.log');
  const event = (body: string, id: string) =>
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"${id}","stage":"ResponseComplete","verb":"create",` +
    `"requestReceivedTimestamp":"2026-03-04T10:15:0${id.length % 10}.000000Z","requestObject":${body}}`;
  const bodies = [
    '{"image":"b\\u0075sybox"}',
    '{"IMAGE":"BUSYBOX"}',
    '{"image":"\u212aube, D\u0130RTY"}',
    '{"im\\u0061ge":"a\\u0026b"}',
    '{"replicas":1e3}',
    '{"replicas":12345678901234567890}',
    '{"note":"two\\nlines \\"quoted\\" a/b a\\/b"}',
  ];
  writeFileSync(path, `${bodies.map((body, i) => event(body, `Odd-${'x'.repeat(i)}`)).join('\n')}\n`);
  return path;
}

let store: CaseStore;

beforeAll(async () => {
  const path = newCasePath();
  const northwind = join(import.meta.dirname, '../../sample/northwind');
  (await caseOf([SAMPLES, oddLog(), northwind], {}, path)).close();
  store = CaseStore.open(path, 'read');
  events = [...store.index().columns.id].flatMap((id) => {
    const fields = store.events.get(id);
    return fields === undefined ? [] : [{ fields, event: eventOf(store.events, id) }];
  });
});

afterAll(() => store.close());

let events: readonly { readonly fields: EventFields; readonly event: AuditEvent }[];

/** Ids of the events that the query's predicate accepts, each of them read. */
function byPredicate(query: string): number[] {
  const { test: accepts } = planQuery(query);
  return events.filter(({ fields, event }) => accepts(event, fields)).map(({ fields }) => fields.id);
}

async function byColumns(query: string): Promise<number[]> {
  const hunting = new Hunting(store);
  const ids: number[] = [];
  for await (const row of hunting.select({ query }).rowsFrom(0, SIGNAL))
    ids.push(hunting.source.index.columns.id[row] as number);
  return ids;
}

const QUERIES = [
  '',
  'verb:create and not user:system:*',
  'busybox',
  'kube',
  'dirty',
  'a&b',
  '1000',
  '12345678901234567890',
  '"lines"',
  'a/b',
  'nginx or busybox',
  'requestObject.image:busybox',
  'requestObject.image:*b',
  'requestObject.replicas:>=1000',
  'requestObject.spec.containers.image:*nginx*',
  'not requestObject:*',
  'verb:get or requestObject.spec:*',
  '(verb:list or busybox) and not code:200',
  'decklog.container:*privileged*',
  'auditID:odd-x',
  'auditID:*-4*',
  'auditID:AB4FF4CA-F5F8-4BA6-9A6C-4EF8C5A86A4E',
  'flag:rebuilt',
  'flag:conflict',
  'id:3..17 code:2xx',
  'uri:*secrets*',
  'annotations.authorization.k8s.io/reason:*',
  'requestReceivedTimestamp',
  'kubectl ip:10.0.0.0/8',
  'time:2026-03-04',
  'decklog.sourceIP:10.*',
  'not decklog.sourceIP:*',
];

test.each(QUERIES)('"%s" gives the events that its predicate accepts, in order', async (query) => {
  expect(await byColumns(query)).toEqual(byPredicate(query));
});

test('any query gives the events that its predicate accepts', { timeout: 120_000 }, async () => {
  const word = fc.constantFrom(
    'get',
    'create',
    'pods',
    'kube-system',
    'admin',
    'nginx',
    '*web*',
    '403',
    'exec',
    'a*',
    '*',
  );
  const field = fc.constantFrom(
    'verb',
    'resource',
    'ns',
    'user',
    'name',
    'code',
    'ip',
    'group',
    'uri',
    'sub',
    'level',
    'requestObject.metadata.name',
    'requestObject.spec.containers.image',
    'objectRef.resource',
  );
  const condition = fc.oneof(
    fc.tuple(field, word).map(([name, value]) => `${name}:${value}`),
    word.filter((text) => !/^\W*$/.test(text)),
  );
  const { query } = fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small' },
      condition,
      fc.tuple(tie('query'), fc.constantFrom('and', 'or'), tie('query')).map(([a, joint, b]) => `(${a} ${joint} ${b})`),
      tie('query').map((inner) => `not (${inner})`),
    ),
  }));

  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      try {
        planQuery(text);
      } catch {
        return;
      }
      expect(await byColumns(text)).toEqual(byPredicate(text));
    }),
    { numRuns: 60 },
  );
});

test('a search that is cancelled ends, and can be taken up again', async () => {
  const hunting = new Hunting(store);
  const selection = hunting.select({ query: 'requestObject.spec.containers.image:*nginx*' });
  const cancel = new AbortController();
  cancel.abort();

  await expect(selection.decideAll(cancel.signal)).rejects.toThrow();
  await selection.decideAll(SIGNAL);

  expect(selection.count).toBe(byPredicate('requestObject.spec.containers.image:*nginx*').length);
});
