import { strandKey } from '../../store/strand-reader.ts';
import { type Deed, ENTER, type FoundLink, makeLink, sayStrand, shortName } from '../links/find-links.ts';
import { type Habits, isNameless } from '../links/habits.ts';
import { objectKeyOf } from './sighting.ts';
import { height, heightOf, type Thread } from './threads.ts';

/** Threads that are one story, and why. */
export interface Group {
  readonly threads: readonly Thread[];
  readonly links: readonly FoundLink[];
}

/** One address or identity ties threads only if they lie this close. */
const NEAR_US = 3 * 86_400 * 1_000_000;
/** An object that more than so many threads touch is common ground and ties nothing. */
const MOST_TOUCHING = 6;

/** Joins threads: a sure or probable link does, one that is only possible does where a second of another kind says the same. */
export function joinThreads(threads: readonly Thread[], links: readonly FoundLink[], gap: number): Group[] {
  const byStrand = Map.groupBy(threads, (thread) => strandKey(thread.strand));
  const sets = new DisjointSets(threads.map((thread) => thread.key));
  const used: { link: FoundLink; thread: Thread }[] = [];
  const possible = new Map<string, { kinds: Set<string>; pair: readonly [Thread, Thread] }>();
  for (const link of links) {
    for (const [from, to] of pairsOf(link, byStrand, gap)) {
      used.push({ link, thread: to });
      if (link.certainty !== 'possible') sets.join(from.key, to.key);
      else {
        const pair = [from.key, to.key].sort().join(' ');
        const known = possible.get(pair) ?? { kinds: new Set(), pair: [from, to] };
        possible.set(pair, { ...known, kinds: known.kinds.add(link.kind) });
      }
    }
  }
  for (const { kinds, pair } of possible.values()) if (kinds.size >= 2) sets.join(pair[0].key, pair[1].key);
  const groups = Map.groupBy(threads, (thread) => sets.rootOf(thread.key));
  return [...groups].map(([root, members]) => ({
    threads: members,
    links: [...new Set(used.filter(({ thread }) => sets.rootOf(thread.key) === root).map(({ link }) => link))].filter(
      (link) => members.some((thread) => strandKey(thread.strand) === strandKey(link.from)),
    ),
  }));
}

/** The threads that a link ties: of a session of somebody at home only one in whose time it lies. */
function pairsOf(
  link: FoundLink,
  byStrand: ReadonlyMap<string, readonly Thread[]>,
  gap: number,
): (readonly [Thread, Thread])[] {
  const tied = link.threads;
  if (tied !== undefined) {
    const find = (strand: FoundLink['from'], key: string) =>
      byStrand.get(strandKey(strand))?.find((thread) => thread.key === key);
    const [from, to] = [find(link.from, tied[0]), find(link.to, tied[1])];
    return from === undefined || to === undefined ? [] : [[from, to]];
  }
  const at = (thread: Thread) =>
    thread.kind !== 'session' || (link.at >= thread.first - gap && link.at <= thread.last + gap);
  const from = (byStrand.get(strandKey(link.from)) ?? []).filter(at);
  const to = byStrand.get(strandKey(link.to)) ?? [];
  return from.flatMap((one) => to.flatMap((other) => (one.key === other.key ? [] : [[one, other] as const])));
}

/** What strangers share: an address that nobody is at home at, an identity, an object that one of them made. */
export function sharedLinks(
  threads: readonly Thread[],
  habits: Habits,
  deeds: readonly Deed[],
  gap: number,
): FoundLink[] {
  const ordered = [...threads].sort((a, b) => a.first - b.first || (a.key < b.key ? -1 : 1));
  const strangers = ordered.filter(({ kind }) => kind === 'stranger');
  const sessions = ordered.filter((thread) => thread.kind === 'session' && isWeighty(thread));
  return [
    ...sharedAddresses(strangers, habits),
    ...sharedIdentities(strangers),
    ...nextSessions(sessions, gap),
    ...sharedObjects([...strangers, ...sessions], deeds, gap),
  ];
}

function sharedAddresses(strangers: readonly Thread[], habits: Habits): FoundLink[] {
  const keys = new Set(strangers.map(({ key }) => key));
  return [...Map.groupBy(strangers, ({ strand }) => JSON.stringify([strand.cluster, strand.address])).values()].flatMap(
    (same) => {
      const [first] = same as [Thread];
      if (same.length < 2 || first.strand.address === null || isHomeOfSomebody(first, habits, keys)) return [];
      return followers(same, NEAR_US).flatMap(([earlier, later]) => {
        const reason = `${sayStrand(later.strand)} shares the address with ${shortName(earlier.strand.user)}; nobody is at home there`;
        return [tie('shared-address', 'probable', earlier, later, reason)];
      });
    },
  );
}

/** An address from which somebody works who belongs there says nothing about strangers. */
function isHomeOfSomebody({ strand }: Thread, habits: Habits, strangers: ReadonlySet<string>): boolean {
  return habits
    .atAddress(strand)
    .some((row) => !isNameless(row.user) && !strangers.has(strandKey(row)) && habits.foreignness(row) === null);
}

function sharedIdentities(strangers: readonly Thread[]): FoundLink[] {
  const named = strangers.filter((thread) => !isNameless(thread.strand.user) && isWeighty(thread));
  return [...Map.groupBy(named, ({ strand }) => JSON.stringify([strand.cluster, strand.user])).values()].flatMap(
    (same) =>
      followers(same, NEAR_US).map(([earlier, later]) => {
        const reason = `${shortName(later.strand.user)} acts from ${later.strand.address} after it acted from ${earlier.strand.address}, and belongs to neither`;
        return tie('same-identity', 'probable', earlier, later, reason);
      }),
  );
}

/** Grave sessions of one identity at home that follow each other within this many gaps are one story. */
const SAME_DAY = 24;

function nextSessions(sessions: readonly Thread[], gap: number): FoundLink[] {
  return [...Map.groupBy(sessions, ({ strand }) => JSON.stringify([strand.cluster, strand.user])).values()].flatMap(
    (same) =>
      followers(same, SAME_DAY * gap).map(([earlier, later]) =>
        tie('same-identity', 'probable', earlier, later, `${sayStrand(later.strand)} goes on with grave deeds`),
      ),
  );
}

/** One grave alert, or two different ones of medium level. */
function isWeighty({ sightings }: Thread): boolean {
  const medium = sightings.filter((sighting) => height(sighting) >= heightOf('medium'));
  return (
    medium.some((sighting) => height(sighting) >= heightOf('high')) ||
    new Set(medium.map(({ finding }) => finding.rule.id)).size >= 2
  );
}

/** Each thread with the one before it, where they lie near in time. */
function followers(same: readonly Thread[], near: number): (readonly [Thread, Thread])[] {
  let end = Number.NEGATIVE_INFINITY;
  return same.flatMap((thread, index) => {
    const before = same[index - 1];
    const isNear = thread.first - end <= near;
    end = Math.max(end, thread.last);
    return before !== undefined && isNear ? [[before, thread] as const] : [];
  });
}

const tie = (
  kind: FoundLink['kind'],
  certainty: FoundLink['certainty'],
  from: Thread,
  to: Thread,
  reason: string,
): FoundLink => ({
  ...makeLink(kind, certainty, from.strand, to.strand, to.first, reason, [
    ...from.sightings.slice(0, 1).flatMap(({ finding }) => finding.auditIDs.slice(0, 1)),
    ...to.sightings.slice(0, 1).flatMap(({ finding }) => finding.auditIDs.slice(0, 1)),
  ]),
  threads: [from.key, to.key],
});

const WRITES = new Set(['create', 'update', 'patch', 'delete']);

interface Touch {
  readonly deed: Deed;
  readonly thread: Thread;
}

/** What one made and a stranger changed, entered or removed. */
function sharedObjects(threads: readonly Thread[], deeds: readonly Deed[], gap: number): FoundLink[] {
  const byStrand = Map.groupBy(threads, ({ strand }) => strandKey(strand));
  const touched = new Map<string, { maker: Touch | null; others: Map<string, Touch> }>();
  for (const deed of deeds) {
    const key = objectKeyOf(deed.fields);
    const { verb, subresource } = deed.fields;
    const isTouch = WRITES.has(verb ?? '') || ENTER.has(subresource ?? '');
    if (key === null || !deed.isDone || !isTouch) continue;
    const thread = byStrand.get(deed.key)?.find((one) => isPartOf(deed, key, one, gap));
    if (thread === undefined) continue;
    const known = touched.get(key) ?? { maker: null, others: new Map<string, Touch>() };
    if (known.maker === null && verb === 'create' && subresource === null) {
      touched.set(key, { ...known, maker: { deed, thread } });
    } else if (known.maker !== null && known.maker.thread !== thread && !known.others.has(thread.key)) {
      known.others.set(thread.key, { deed, thread });
    }
  }
  return [...touched.values()].flatMap(({ maker, others }) =>
    maker === null || others.size >= MOST_TOUCHING
      ? []
      : [...others.values()].flatMap((other) => objectLink(maker, other)),
  );
}

/** Of somebody at home only what raised an alert in the session counts. */
const isPartOf = (deed: Deed, object: string, { kind, first, last, sightings }: Thread, gap: number) =>
  kind === 'stranger' ||
  (deed.time >= first - gap &&
    deed.time <= last + gap &&
    sightings.some((sighting) => height(sighting) >= heightOf('medium') && sighting.objects.has(object)));

function objectLink(maker: Touch, other: Touch): FoundLink[] {
  // Somebody at home who touches what a stranger made cleans up.
  if (other.thread.kind !== 'stranger' || other.deed.time - maker.deed.time > NEAR_US) return [];
  const { namespace, resource, name, auditID } = maker.deed.fields;
  const object = `${resource}/${name}${namespace === null ? '' : ` in ${namespace}`}`;
  const reason = `${sayStrand(maker.deed.strand)} made ${object}, and ${sayStrand(other.deed.strand)} ${didOf(other.deed)} it`;
  const ids = [auditID, other.deed.fields.auditID];
  const link = makeLink(
    'shared-object',
    'probable',
    maker.deed.strand,
    other.deed.strand,
    other.deed.time,
    reason,
    ids,
  );
  return [{ ...link, threads: [maker.thread.key, other.thread.key] }];
}

function didOf({ fields: { verb, subresource } }: Deed): string {
  if (ENTER.has(subresource ?? '')) return 'entered';
  return verb === 'delete' ? 'deleted' : 'changed';
}

class DisjointSets {
  readonly #parents: Map<string, string>;

  constructor(keys: readonly string[]) {
    this.#parents = new Map(keys.map((key) => [key, key]));
  }

  rootOf(key: string): string {
    let root = key;
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    )
      root = parent;
    return root;
  }

  /** The least key stands for all, so that no order leaves a trace. */
  join(a: string, b: string): void {
    const [least, most] = [this.rootOf(a), this.rootOf(b)].sort() as [string, string];
    this.#parents.set(most, least);
  }
}
