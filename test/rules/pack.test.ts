import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { derivedField } from '../../core/event/derived.ts';

const PACK = fileURLToPath(new URL('../../rules', import.meta.url));
const folders = readdirSync(PACK, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'lists',
);
const paths = folders.flatMap(({ name }) =>
  readdirSync(join(PACK, name))
    .filter((file) => file.endsWith('.yml') && !file.endsWith('.test.yml'))
    .map((file) => `${name}/${file}`),
);

type Document = Record<string, unknown>;
const read = (path: string) => readFileSync(join(PACK, path), 'utf8');
const documentsOf = (path: string) => parseAllDocuments(read(path)).map((document) => document.toJS() as Document);
const documents = paths.flatMap((path) => documentsOf(path).map((document) => ({ path, document })));
const places = (key: string) => documents.map(({ document }) => String(document[key]));

test('ids, names and titles are unique', () => {
  for (const key of ['id', 'name', 'title']) expect(new Set(places(key)).size, key).toBe(documents.length);
});

test('every document says what an analyst needs', () => {
  const wanted = [
    'title',
    'id',
    'name',
    'status',
    'description',
    'author',
    'date',
    'tags',
    'falsepositives',
    'level',
    'levelReason',
  ];
  const poor = documents.flatMap(({ path, document }) =>
    wanted.filter((key) => !document[key]).map((key) => `${path}: ${key}`),
  );
  const ends = paths.flatMap((path) => (documentsOf(path).at(-1)?.['nextSteps'] ? [] : [`${path}: nextSteps`]));

  expect([...poor, ...ends]).toEqual([]);
});

test('derived fields that rules use exist, and their rules say so', () => {
  const wrong = documents.flatMap(({ path, document }) => {
    const used =
      JSON.stringify([document['detection'], document['correlation'], document['fields']]).match(
        /decklog\.[A-Za-z.]+/g,
      ) ?? [];
    const unknown = used.filter((name) => derivedField(name) === undefined);
    return [
      ...unknown.map((name) => `${path}: ${name}`),
      ...(used.length > 0 && document['taxonomy'] !== 'decklog' ? [`${path}: taxonomy`] : []),
    ];
  });

  expect(wrong).toEqual([]);
});

test('lists that rules use exist, are dated and name their origin', () => {
  const used = [
    ...new Set(paths.flatMap((path) => [...read(path).matchAll(/%(\w+)%/g)].map(([, name]) => `${name}.yml`))),
  ];
  const lists = readdirSync(join(PACK, 'lists')).filter((file) => file.endsWith('.yml'));
  const poor = lists.filter((file) => {
    const list = parse(read(`lists/${file}`)) as Document;
    return !(list['title'] && list['description'] && list['date'] && list['origin'] && Array.isArray(list['values']));
  });

  expect([used.sort(), poor]).toEqual([lists.sort(), []]);
});

test('every rule has at least two events that match and two near misses', () => {
  const few = paths.filter((path) => {
    const tests = parse(read(path.replace(/\.yml$/, '.test.yml'))) as Record<string, unknown[] | undefined>;
    const count = (key: string) => tests[key]?.length ?? 0;
    return count('match') + count('alert') < (tests['alert'] ? 1 : 2) || count('miss') + count('quiet') < 2;
  });

  expect(few).toEqual([]);
});
