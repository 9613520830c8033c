import type { AuditEvent } from '../../event/audit-event.ts';
import { fold } from '../../sigma/sigma.ts';
import type { ObservedKind } from '../../store/observation.ts';
import { type CommonFacts, eventOfKind, type HasFields } from './recorded-event.ts';

/** A resource of the API; nulls for requests to other paths. */
export interface Target {
  readonly apiGroup: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
}

/** Verbs that an audit policy treats alike: where one was recorded, so would have been the others. */
export type VerbClass = 'read' | 'write' | 'connect' | 'path';

const READS = ['get', 'list', 'watch'];
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
/** The verb of these says nothing: it differs by the client's transport. */
const CONNECTIONS = new Set(['exec', 'attach', 'portforward', 'proxy']);
const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];

const VERBS: Readonly<Record<VerbClass, readonly string[]>> = {
  read: READS,
  write: WRITES,
  connect: ['create', 'get', 'update', 'patch', 'delete'],
  path: METHODS,
};

export function classOf(target: Target, verb: string | null): VerbClass {
  if (target.resource === null) return 'path';
  if (CONNECTIONS.has(target.subresource ?? '')) return 'connect';
  return READS.includes(verb ?? '') ? 'read' : 'write';
}

/** Events that have in common what decides whether a rule can see them. */
export interface Kind {
  readonly target: Target;
  readonly verb: string | null;
  readonly verbs: VerbClass;
  readonly stage: string | null;
  readonly level: string | null;
  readonly hasRequestBody: boolean;
  readonly hasResponseBody: boolean;
  /** Events of it; 0 for a verb that was not met, but would have been recorded like others of its class. */
  readonly count: number;
}

export const nameOf = ({ resource, subresource }: Target): string =>
  resource === null ? 'other paths' : subresource === null ? resource : `${resource}/${subresource}`;

export const targetKey = ({ apiGroup, resource, subresource }: Target): string =>
  JSON.stringify([apiGroup, resource, subresource]);

/** Of a log with more resources, rules that name none are asked about the most frequent of them. */
const MOST_TARGETS = 300;

/** Events that are kept for each way of asking. */
const MOST_REMEMBERED = 5_000;

/** Kinds of a resource: those met, and the verbs of the same classes that were not. */
function withUnmet(met: readonly Kind[]): Kind[] {
  const classes = Map.groupBy(met, (kind) => kind.verbs);
  return [...met, ...[...classes.values()].flatMap(unmet)];
}

function kindOf(one: ObservedKind): Kind {
  const { apiGroup, resource, subresource, verb, stage, level, hasRequestBody, hasResponseBody, count } = one;
  const target = { apiGroup, resource, subresource };
  return { target, verb, verbs: classOf(target, verb), stage, level, hasRequestBody, hasResponseBody, count };
}

/** What differs only by the server that wrote it is one kind. */
function merged(kinds: readonly Kind[]): Kind[] {
  const found = new Map<string, Kind>();
  for (const kind of kinds) {
    const key = JSON.stringify({ ...kind, count: 0 });
    const known = found.get(key);
    found.set(key, known === undefined ? kind : { ...known, count: known.count + kind.count });
  }
  return [...found.values()];
}

function unmet(kinds: readonly Kind[]): Kind[] {
  const seen = new Set(kinds.map((kind) => kind.verb));
  const shapes = new Map(
    kinds.map((kind) => [[kind.stage, kind.level, kind.hasRequestBody, kind.hasResponseBody].join(), kind]),
  );
  const verbs = VERBS[(kinds[0] as Kind).verbs].filter((verb) => !seen.has(verb));
  return verbs.flatMap((verb) => [...shapes.values()].map((kind) => ({ ...kind, verb, count: 0 })));
}

/** Kinds of which one log (of one cluster) would hold events, by resource, each with the event that stands for it. */
export class KindIndex {
  readonly has: HasFields;
  /** Names of resources, with and without their subresources, and of subresources. */
  readonly names: ReadonlySet<string>;
  readonly #met: ReadonlyMap<string, readonly Kind[]>;
  readonly #targets: ReadonlyMap<string, readonly string[]>;
  readonly #whole = new Map<string, readonly Kind[]>();
  readonly #events = new Map<string, Map<Kind, AuditEvent>>();
  #common: readonly Kind[] | null = null;

  constructor(observed: readonly ObservedKind[], has: HasFields) {
    this.has = has;
    this.#met = Map.groupBy(merged(observed.map(kindOf)), ({ target }) => targetKey(target));
    const targets = [...this.#met].map(([key, kinds]) => [key, (kinds[0] as Kind).target] as const);
    const byResource = Map.groupBy(targets, ([, { resource }]) => fold(resource ?? ''));
    this.#targets = new Map([...byResource].map(([name, found]) => [name, found.map(([key]) => key)]));
    this.names = new Set(
      targets.flatMap(([, target]) => [nameOf(target), target.resource ?? '', target.subresource ?? '']),
    );
  }

  get isEmpty(): boolean {
    return this.#met.size === 0;
  }

  /** Kinds of the resources with those folded names; null: of all. */
  of(resources: ReadonlySet<string> | null): readonly Kind[] {
    if (resources === null) return this.#ofAll();
    return [...resources].flatMap((name) => (this.#targets.get(name) ?? []).flatMap((key) => this.#kindsOf(key)));
  }

  #ofAll(): readonly Kind[] {
    const count = (kinds: readonly Kind[]) => kinds.reduce((sum, kind) => sum + kind.count, 0);
    this.#common ??= [...this.#met]
      .map(([key, kinds]) => ({ key, count: count(kinds) }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, MOST_TARGETS)
      .flatMap(({ key }) => this.#kindsOf(key));
    return this.#common;
  }

  #kindsOf(key: string): readonly Kind[] {
    let kinds = this.#whole.get(key);
    if (kinds === undefined) {
      kinds = withUnmet(this.#met.get(key) ?? []);
      this.#whole.set(key, kinds);
    }
    return kinds;
  }

  /** `hidden`: facts that are taken to be open. */
  eventOf(kind: Kind, hidden: readonly (keyof CommonFacts)[] = [], has: HasFields = this.has): AuditEvent {
    const variant = has === this.has ? hidden.join() : JSON.stringify([hidden, has]);
    const events = this.#events.get(variant) ?? new Map<Kind, AuditEvent>();
    this.#events.set(variant, events);
    const known = events.get(kind);
    if (known !== undefined) return known;
    const { target, verb, stage, level, hasRequestBody, hasResponseBody } = kind;
    const facts = { target, verb, stage, level, hasRequestBody, hasResponseBody };
    const shown = Object.entries(facts).filter(([name]) => !hidden.includes(name as keyof CommonFacts));
    const event = eventOfKind(Object.fromEntries(shown), has);
    if (events.size < MOST_REMEMBERED) events.set(kind, event);
    return event;
  }
}
