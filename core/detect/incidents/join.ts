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
  const at = (thread: Thread) =>
    thread.kind !== 'session' || (link.at >= thread.first - gap && link.at <= thread.last + gap);
  const from = (byStrand.get(strandKey(link.from)) ?? []).filter(at);
  const to = byStrand.get(strandKey(link.to)) ?? [];
  return from.flatMap((one) => to.flatMap((other) => (one.key === other.key ? [] : [[one, other] as const])));
}

/** What strangers share: an address that nobody is at home at, an identity, an object that one of them made. */
export function sharedLinks(threads: readonly Thread[], habits: Habits, deeds: readonly Deed[]): FoundLink[] {
  const strangers = threads
    .filter(({ kind }) => kind === 'stranger')
    .sort((a, b) => a.first - b.first || (a.key < b.key ? -1 : 1));
  return [...sharedAddresses(strangers, habits), ...sharedIdentities(strangers), ...sharedObjects(strangers, deeds)];
}

function sharedAddresses(strangers: readonly Thread[], habits: Habits): FoundLink[] {
  const keys = new Set(strangers.map(({ key }) => key));
  return [...Map.groupBy(strangers, ({ strand }) => JSON.stringify([strand.cluster, strand.address])).values()].flatMap(
    (same) => {
      const [first] = same as [Thread];
      if (same.length < 2 || first.strand.address === null || isHomeOfSomebody(first, habits, keys)) return [];
      return followers(same).flatMap(([earlier, later]) => {
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
      followers(same).map(([earlier, later]) => {
        const reason = `${shortName(later.strand.user)} acts from ${later.strand.address} after it acted from ${earlier.strand.address}, and belongs to neither`;
        return tie('same-identity', 'probable', earlier, later, reason);
      }),
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
function followers(same: readonly Thread[]): (readonly [Thread, Thread])[] {
  let end = Number.NEGATIVE_INFINITY;
  return same.flatMap((thread, index) => {
    const before = same[index - 1];
    const isNear = thread.first - end <= NEAR_US;
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
): FoundLink =>
  makeLink(kind, certainty, from.strand, to.strand, to.first, reason, [
    ...from.sightings.slice(0, 1).flatMap(({ finding }) => finding.auditIDs.slice(0, 1)),
    ...to.sightings.slice(0, 1).flatMap(({ finding }) => finding.auditIDs.slice(0, 1)),
  ]);

const WRITES = new Set(['create', 'update', 'patch', 'delete']);

/** What one stranger made and another one changed, entered or removed. */
function sharedObjects(strangers: readonly Thread[], deeds: readonly Deed[]): FoundLink[] {
  const byStrand = new Map(strangers.map((thread) => [strandKey(thread.strand), thread]));
  const touched = new Map<string, { maker: Deed | null; others: Map<string, Deed> }>();
  for (const deed of deeds) {
    const key = objectKeyOf(deed.fields);
    const { verb, subresource } = deed.fields;
    const isTouch = WRITES.has(verb ?? '') || ENTER.has(subresource ?? '');
    if (key === null || !deed.isDone || !isTouch || !byStrand.has(deed.key)) continue;
    const known = touched.get(key) ?? { maker: null, others: new Map<string, Deed>() };
    if (known.maker === null && verb === 'create' && subresource === null) touched.set(key, { ...known, maker: deed });
    else if (known.maker !== null && known.maker.key !== deed.key && !known.others.has(deed.key))
      known.others.set(deed.key, deed);
  }
  return [...touched.values()].flatMap(({ maker, others }) => {
    if (maker === null || others.size >= MOST_TOUCHING) return [];
    return [...others.values()].map((other) => {
      const { namespace, resource, name } = maker.fields;
      const object = `${resource}/${name}${namespace === null ? '' : ` in ${namespace}`}`;
      const reason = `${sayStrand(maker.strand)} made ${object}, and ${sayStrand(other.strand)} ${didOf(other)} it`;
      return makeLink('shared-object', 'probable', maker.strand, other.strand, other.time, reason, [
        maker.fields.auditID,
        other.fields.auditID,
      ]);
    });
  });
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
