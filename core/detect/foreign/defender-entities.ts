import type { ForeignFacts } from '../../contract/foreign-rows.ts';
import { type Fields, isObject, type Json } from './defender-fields.ts';

type Named = Pick<ForeignFacts, 'cluster' | 'namespace' | 'object' | 'users' | 'sourceIPs'>;

/** Whom and what an alert names: its entities, which may refer to each other, its free fields, and its resource. */
export function entitiesOf(fields: Fields): Named {
  const listed = fields.json('entities');
  const entities = (Array.isArray(listed) ? listed : []).filter(isObject);
  const names = (type: string, key: string): string[] =>
    texts(
      entities.filter((one) => typeOf(one) === type),
      key,
    );
  const extended = fields.json('properties');
  const free = (key: string): string | null => (isObject(extended) ? read(extended, key) : null);
  const pod = names('k8s-pod', 'name')[0] ?? free('Pod name');
  return {
    cluster: clusterOf(fields) ?? names('k8s-cluster', 'name')[0] ?? null,
    namespace: names('k8s-namespace', 'name')[0] ?? free('Namespace'),
    object: pod === null ? (objectOf(free) ?? fields.text('compromised')) : `pods/${pod}`,
    users: [...new Set([...names('account', 'name'), ...[free('username')].filter((name) => name !== null)])].sort(),
    sourceIPs: [...new Set(names('ip', 'address'))].sort(),
  };
}

const typeOf = (entity: Json): string => (read(entity, 'type') ?? '').toLowerCase();

const texts = (entities: readonly Json[], key: string): string[] =>
  entities.map((entity) => read(entity, key)).filter((text) => text !== null);

/** A text by its key, in small letters or capitals. */
function read(object: Json, key: string): string | null {
  const found = Object.entries(object).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return typeof found === 'string' && found !== '' ? found : null;
}

function objectOf(free: (key: string) => string | null): string | null {
  const [kind, name] = [free('Resource type'), free('Resource name')];
  return kind === null || name === null ? null : `${kind.toLowerCase()}/${name}`;
}

/** The cluster's name in an id such as `/subscriptions/../managedClusters/northwind`. */
function clusterOf(fields: Fields): string | null {
  const ids = fields.text('resource') ?? '';
  return /\/(?:managedClusters|connectedClusters|clusters)\/([^/]+)/i.exec(ids)?.[1] ?? null;
}
