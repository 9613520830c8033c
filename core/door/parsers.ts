import * as v from 'valibot';
import type { CallName, Req } from '../contract/calls.ts';
import { SQL_LIMITS } from '../contract/hunt-calls.ts';
import { MARK_KINDS, MOST_NOTE_CHARACTERS } from '../contract/mark-calls.ts';
import { REPORT_FORMATS } from '../contract/report-calls.ts';
import { LEVELS, STATUSES } from '../contract/rows.ts';
import { ENTITY_KINDS, LANE_KINDS, MOST_ROWS, STACKS } from '../contract/scope.ts';
import { MOST_RULE_CHARACTERS } from '../contract/studio-calls.ts';

const MOST_TEXT = 100_000;
const MOST_ITEMS = 10_000;

const text = (most = 4096) => v.pipe(v.string(), v.maxLength(most));
const whole = (least = 0, most = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const list = <Item extends v.GenericSchema>(item: Item, most = MOST_ITEMS) => v.pipe(v.array(item), v.maxLength(most));
const some = <Item extends v.GenericSchema>(item: Item, most = MOST_ITEMS) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(most));
const maybe = <Item extends v.GenericSchema>(item: Item) => v.exactOptional(item);

const NOTHING = v.strictObject({});
const ID = whole(1);
const LIMIT = whole(1, MOST_ROWS);
const TIME = whole(Number.MIN_SAFE_INTEGER);
const BINS = whole(1, 4000);
const TOKEN = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const HASH = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const QUERY = text(20_000);
const FIELD = text(500);
const FORMAT = v.picklist(['csv', 'jsonl']);
const ORDER = v.picklist(['oldest', 'newest']);

const RANGE = v.strictObject({ from: TIME, to: TIME });
const SCOPE = v.strictObject({ query: QUERY, range: maybe(RANGE) });
const ENTITY = v.strictObject({ kind: v.picklist(ENTITY_KINDS), name: text() });

const START = v.variant('at', [
  v.strictObject({ at: v.picklist(['start', 'end']) }),
  v.strictObject({ at: v.picklist(['after', 'before', 'around']), event: ID }),
  v.strictObject({ at: v.literal('time'), time: TIME }),
  v.strictObject({ at: v.literal('ordinal'), ordinal: whole() }),
]);

const ALERT_FILTER = v.strictObject({
  level: maybe(v.picklist(LEVELS)),
  levels: maybe(list(v.picklist(LEVELS))),
  statuses: maybe(list(v.picklist(STATUSES))),
  rules: maybe(list(text())),
  incidents: maybe(list(whole())),
  users: maybe(list(text())),
  objects: maybe(list(text())),
  namespaces: maybe(list(text())),
  tactics: maybe(list(text())),
  outcomes: maybe(list(v.picklist(['succeeded', 'attempted', 'failed']))),
  tags: maybe(list(text())),
  isStarred: maybe(v.boolean()),
  entity: maybe(ENTITY),
  text: maybe(text()),
  range: maybe(RANGE),
  isSuppressed: maybe(v.boolean()),
});
const GROUP_BY = v.picklist(['incident', 'rule', 'identity', 'object', 'none']);

const MARK_TARGET = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['event', 'alert', 'incident']), id: ID }),
  v.strictObject({ kind: v.literal('entity'), entity: ENTITY }),
  v.strictObject({ kind: v.literal('time'), from: TIME, to: TIME }),
]);
const MARK_DRAFT = v.strictObject({ kind: v.picklist(MARK_KINDS), text: text(MOST_NOTE_CHARACTERS) });

const RULE_PATH = text(500);
const RULE_TEXT = text(MOST_RULE_CHARACTERS);
const PLACE = v.strictObject({ text: RULE_TEXT, line: whole(1), column: whole(1) });

const SUPPRESSION = v.strictObject({
  rule: maybe(text()),
  entity: maybe(ENTITY),
  condition: maybe(QUERY),
  reason: text(),
  expiresAt: maybe(TIME),
});

/** The only requests that come through: one parser a call, and nothing beside what it names. */
export const PARSERS: { readonly [K in CallName]: v.GenericSchema<unknown, Req<K>> } = {
  'case/open': NOTHING,
  'case/seal': v.strictObject({ reason: text() }),
  'actions/page': v.strictObject({ after: maybe(ID), limit: LIMIT }),
  'actions/undo': v.strictObject({ action: ID }),
  'evidence/ledger': NOTHING,
  'rejected/page': v.strictObject({
    evidence: maybe(ID),
    kind: maybe(v.picklist(['skipped', 'malformed'])),
    after: maybe(ID),
    limit: LIMIT,
  }),
  'evidence/strip': v.strictObject({ bins: BINS }),
  'evidence/browse': v.strictObject({ token: maybe(TOKEN) }),
  'import/start': v.strictObject({
    sources: some(v.strictObject({ token: TOKEN })),
    cluster: maybe(text(500)),
    server: maybe(text(500)),
    label: maybe(text(2000)),
    passwords: maybe(list(text(1000), 100)),
    detect: v.boolean(),
  }),
  'detect/start': NOTHING,
  'verify/start': v.strictObject({ head: maybe(v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{64}$/))) }),
  'verify/last': NOTHING,
  'lists/all': NOTHING,
  'lists/add': v.strictObject({ list: text(100), values: some(text()), note: text() }),
  'lists/remove': v.strictObject({ list: text(100), values: some(text()), note: text() }),
  'export/actions': v.strictObject({ format: FORMAT }),

  'jobs/list': NOTHING,
  'jobs/cancel': v.strictObject({ job: ID }),

  'events/page': v.strictObject({
    scope: SCOPE,
    order: ORDER,
    start: START,
    limit: LIMIT,
    fields: maybe(list(FIELD, 50)),
  }),
  'events/count': v.strictObject({ scope: SCOPE }),
  'events/detail': v.strictObject({ id: ID }),
  'events/raw': v.strictObject({ id: ID, offset: whole(), length: whole(1, 2 ** 20) }),
  'events/previous-write': v.strictObject({ id: ID }),
  'events/find': v.strictObject({ text: text(), scope: SCOPE }),
  'events/histogram': v.strictObject({ scope: SCOPE, bins: BINS, stack: v.picklist(STACKS) }),
  'events/lanes': v.strictObject({ scope: SCOPE, by: v.picklist(LANE_KINDS), bins: BINS, limit: whole(1, 200) }),
  'events/heat': v.strictObject({ scope: SCOPE }),

  'hunt/check': v.strictObject({ query: QUERY }),
  'hunt/complete': v.strictObject({ query: QUERY, cursor: whole(0, 20_000), scope: maybe(SCOPE) }),
  'hunt/fields': NOTHING,
  'hunt/facets': v.strictObject({
    scope: SCOPE,
    fields: list(FIELD, 50),
    limit: LIMIT,
    search: maybe(text(500)),
  }),
  'hunt/saved': NOTHING,
  'hunt/save': v.strictObject({
    name: v.pipe(text(200), v.trim(), v.minLength(1)),
    kind: v.picklist(['query', 'sql']),
    text: text(MOST_TEXT),
  }),
  'hunt/forget': v.strictObject({ id: ID }),
  'sql/schema': NOTHING,
  'sql/run': v.strictObject({
    sql: text(MOST_TEXT),
    limit: whole(1, SQL_LIMITS.rows),
    timeoutMs: whole(100, SQL_LIMITS.timeoutMs),
  }),
  'export/events': v.strictObject({ scope: SCOPE, order: ORDER, fields: list(FIELD, 50), format: FORMAT }),
  'export/sql': v.strictObject({ sql: text(MOST_TEXT), format: FORMAT }),

  'alerts/counts': v.strictObject({ filter: ALERT_FILTER }),
  'alerts/groups': v.strictObject({ filter: ALERT_FILTER, by: GROUP_BY }),
  'alerts/page': v.strictObject({
    filter: ALERT_FILTER,
    group: maybe(v.strictObject({ by: GROUP_BY, key: text() })),
    order: v.picklist(['time', 'level']),
    after: maybe(ID),
    limit: LIMIT,
  }),
  'alerts/detail': v.strictObject({ id: ID }),
  'alerts/proof': v.strictObject({ id: ID, after: maybe(ID), limit: LIMIT }),
  'alerts/decide': v.strictObject({ ids: some(ID), status: v.picklist(STATUSES), reason: text(MOST_NOTE_CHARACTERS) }),
  'export/alerts': v.strictObject({ filter: ALERT_FILTER, format: FORMAT }),

  'marks/list': v.strictObject({
    target: maybe(MARK_TARGET),
    kinds: maybe(list(v.picklist(MARK_KINDS))),
    after: maybe(ID),
    limit: LIMIT,
  }),
  'marks/tags': NOTHING,
  'marks/add': v.strictObject({ targets: some(MARK_TARGET), mark: MARK_DRAFT }),
  'marks/take-off': v.strictObject({ targets: some(MARK_TARGET), mark: MARK_DRAFT }),
  'marks/remove': v.strictObject({ ids: some(ID) }),
  'marks/edit': v.strictObject({ id: ID, text: text(MOST_NOTE_CHARACTERS) }),

  'entities/kinds': v.strictObject({ range: maybe(RANGE) }),
  'entities/page': v.strictObject({
    kind: v.picklist(ENTITY_KINDS),
    text: maybe(text(500)),
    range: maybe(RANGE),
    order: v.picklist(['events', 'alerts', 'first', 'last', 'name', 'denied']),
    after: maybe(text(10_000)),
    limit: LIMIT,
  }),
  'entities/detail': v.strictObject({ entity: ENTITY, range: maybe(RANGE) }),
  'entities/relations': v.strictObject({ entity: ENTITY, range: maybe(RANGE), limit: whole(1, 200) }),
  'entities/access': v.strictObject({ entity: ENTITY, at: maybe(TIME) }),
  'objects/history': v.strictObject({ object: text(2000), after: maybe(ID), limit: LIMIT }),
  'sessions/page': v.strictObject({ scope: SCOPE, after: maybe(ID), limit: LIMIT }),
  'search/all': v.strictObject({ text: text(500), limit: LIMIT }),

  'rules/list': NOTHING,
  'rules/tests': NOTHING,
  'rules/detail': v.strictObject({ id: text(500) }),
  'rules/matrix': NOTHING,
  'coverage/sum': NOTHING,
  'coverage/list': v.strictObject({ state: maybe(v.picklist(['fired', 'clean', 'blind'])) }),

  'overview/show': NOTHING,
  'incidents/list': v.strictObject({ filter: maybe(ALERT_FILTER) }),
  'incidents/detail': v.strictObject({ id: ID }),
  'actors/links': v.strictObject({ user: maybe(text()) }),
  'suppressions/list': NOTHING,
  'suppressions/simulate': v.strictObject({ draft: SUPPRESSION }),
  'suppressions/add': v.strictObject({ draft: SUPPRESSION }),
  'suppressions/remove': v.strictObject({ id: ID, reason: text() }),
  'indicators/lists': NOTHING,
  'indicators/add': v.strictObject({ token: TOKEN, name: text(500), note: maybe(text()) }),
  'indicators/remove': v.strictObject({ name: text(500), reason: text() }),
  'foreign/list': NOTHING,
  'foreign/add': v.strictObject({ token: TOKEN, note: maybe(text()) }),
  'foreign/remove': v.strictObject({ id: ID, reason: text() }),

  'studio/open': v.strictObject({ path: RULE_PATH }),
  'studio/unsaved': NOTHING,
  'studio/keep': v.strictObject({
    path: RULE_PATH,
    text: RULE_TEXT,
    tests: RULE_TEXT,
    version: whole(0),
    over: v.nullable(HASH),
    time: whole(0),
  }),
  'studio/give-up': v.strictObject({ path: RULE_PATH }),
  'studio/format': v.strictObject({ text: RULE_TEXT }),
  'studio/check': v.strictObject({ path: RULE_PATH, text: RULE_TEXT }),
  'studio/complete': PLACE,
  'studio/hover': PLACE,
  'studio/preview': v.strictObject({ path: RULE_PATH, text: RULE_TEXT, until: v.picklist(['first', 'count', 'all']) }),
  'studio/why': v.strictObject({ path: RULE_PATH, text: RULE_TEXT, event: maybe(ID), json: maybe(RULE_TEXT) }),
  'studio/sight': v.strictObject({ path: RULE_PATH, text: RULE_TEXT }),
  'studio/test': v.strictObject({ path: RULE_PATH, text: RULE_TEXT, tests: RULE_TEXT }),
  'studio/add-test': v.strictObject({
    tests: RULE_TEXT,
    kind: v.picklist(['match', 'miss']),
    name: text(500),
    event: maybe(ID),
    json: maybe(RULE_TEXT),
  }),
  'studio/draft': v.strictObject({
    from: v.union([
      v.strictObject({ event: ID, fields: maybe(list(FIELD, 100)), patterns: maybe(list(FIELD, 100)) }),
      v.strictObject({ alert: ID, fields: maybe(list(FIELD, 100)), patterns: maybe(list(FIELD, 100)) }),
      v.strictObject({ query: QUERY }),
    ]),
  }),
  'studio/exclude': v.strictObject({ alert: ID }),
  'studio/difference': v.strictObject({ path: RULE_PATH, text: RULE_TEXT }),
  'studio/own': NOTHING,
  'studio/versions': v.strictObject({ path: RULE_PATH }),
  'studio/folders': NOTHING,
  'studio/use-folder': v.strictObject({ token: TOKEN }),
  'studio/leave-folder': v.strictObject({ path: RULE_PATH }),
  'studio/save': v.strictObject({
    path: RULE_PATH,
    text: RULE_TEXT,
    tests: RULE_TEXT,
    reason: text(),
    over: maybe(v.nullable(HASH)),
  }),
  'studio/remove': v.strictObject({ path: RULE_PATH, reason: text() }),
  'studio/settings': NOTHING,
  'studio/set': v.strictObject({
    rule: text(500),
    isEnabled: v.boolean(),
    level: v.nullable(v.picklist(LEVELS)),
    reason: text(),
  }),
  'studio/import': v.strictObject({
    sources: list(v.strictObject({ token: TOKEN, name: maybe(text(4096)) }), 10_000),
    reason: text(),
    isTrial: v.boolean(),
  }),
  'studio/export': NOTHING,

  'report/view': NOTHING,
  'report/choose': v.strictObject({
    settings: v.strictObject({
      title: text(),
      scope: text(MOST_TEXT),
      conclusion: text(MOST_TEXT),
      preparedBy: text(),
      preparedFor: text(),
      sections: list(text(200), 100),
      only: v.picklist(['all', 'starred', 'confirmed']),
      redact: v.boolean(),
    }),
  }),
  'report/preview': NOTHING,
  'report/make': v.strictObject({ format: v.picklist(REPORT_FORMATS) }),
};
