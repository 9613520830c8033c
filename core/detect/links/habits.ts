import type { Strand } from '../../contract/rows.ts';
import { scopeOf } from '../../event/network-address.ts';
import { type StrandRow, strandKey } from '../../store/strand-reader.ts';
import { networkOf } from './network.ts';

/** Identities with more networks than this roam: a further one says nothing. */
const MOST_NETWORKS = 6;
/** What starts in this first part of the log was there before it. */
const EARLY = 0.2;
/** A network is home to an identity that uses it over this part of the log. */
const LONG = 0.25;

/** An identity is known at a network from so many events on, and this part of the log before it is seen elsewhere. */
const ESTABLISHED_EVENTS = 5;
const SHORT = 0.01;
/** Places of an identity that are gone through for one of them; of more an index is made. */
const FEW_PLACES = 32;
/** Identities that are asked whether people change their networks here, and from when on that says nothing. */
const SAMPLE = 2000;
const COMMON = { least: 30, share: 0.1 };

/** Why an identity is foreign at a network. */
interface Reason {
  readonly kind: 'new' | 'moved';
  readonly text: string;
}

/** An identity at a network. */
interface Presence {
  readonly first: number;
  readonly last: number;
  readonly events: number;
}

export const isNameless = (user: string): boolean => user === '' || user === 'system:anonymous';

/** What is ordinary in this case: who acts from where, since when. Knows nothing of alerts. */
export class Habits {
  readonly #rows: readonly StrandRow[];
  readonly #byUser: ByCluster<string>;
  #byAddress: ByCluster<string | null> | null = null;
  /** By address, of identities that act from many. */
  readonly #places = new Map<readonly StrandRow[], ReadonlyMap<string | null, StrandRow>>();
  readonly #homes = new Set<string>();
  readonly #foreign = new Map<string, string | null>();
  readonly #networks = new Map<string, ReadonlyMap<string, Presence>>();
  #common: Readonly<Record<Reason['kind'], boolean>> | null = null;
  readonly #from: number;
  /** From the first event to the last, in microseconds; at least one. */
  readonly span: number;

  constructor(rows: readonly StrandRow[]) {
    this.#rows = rows;
    this.#byUser = byCluster(rows, ({ user }) => user);
    this.#from = rows.reduce((least, row) => Math.min(least, row.first), Number.POSITIVE_INFINITY);
    this.span = Math.max(
      1,
      rows.reduce((most, row) => Math.max(most, row.last), Number.NEGATIVE_INFINITY) - this.#from,
    );
    for (const row of rows) {
      if (!isNameless(row.user) && this.#isEarly(row.first) && row.last - row.first >= LONG * this.span) {
        this.#homes.add(homeKey(row));
      }
    }
  }

  row(strand: Strand): StrandRow | undefined {
    const own = this.ofUser(strand);
    if (own.length <= FEW_PLACES) return own.find(({ address }) => address === strand.address);
    let places = this.#places.get(own);
    if (places === undefined) {
      places = new Map(own.map((row) => [row.address, row]));
      this.#places.set(own, places);
    }
    return places.get(strand.address);
  }

  /** All places that an identity acts from. */
  ofUser(strand: Pick<Strand, 'cluster' | 'user'>): readonly StrandRow[] {
    return this.#byUser.get(strand.cluster)?.get(strand.user) ?? [];
  }

  /** All identities that act from an address; few logs ask for any. */
  atAddress(strand: Pick<Strand, 'cluster' | 'address'>): readonly StrandRow[] {
    this.#byAddress ??= byCluster(this.#rows, ({ address }) => address);
    return this.#byAddress.get(strand.cluster)?.get(strand.address) ?? [];
  }

  /** Why this identity does not belong to this address, in a few words; null where it does, or nothing can be said. */
  foreignness(strand: Strand): string | null {
    const key = strandKey(strand);
    const known = this.#foreign.get(key);
    if (known !== undefined) return known;
    const row = this.row(strand);
    const why = row === undefined ? null : this.#judge(row);
    this.#foreign.set(key, why);
    return why;
  }

  #judge(row: StrandRow): string | null {
    if (row.address === null || scopeOf(row.address) === 'loopback') return null;
    if (isNameless(row.user)) {
      return this.#homes.has(homeKey(row)) ? null : 'from a network in which nobody of this cluster is at home';
    }
    const host = this.#otherPod(row);
    if (host !== null) return `from the address of a pod of ${host}`;
    const reason = this.#byNetwork(row);
    return reason === null || this.#isCommon(reason.kind) ? null : reason.text;
  }

  #byNetwork(row: StrandRow): Reason | null {
    const isHome = this.#homes.has(homeKey(row));
    const network = networkOf(row.address);
    const networks = this.#networksOf(row);
    const here = networks.get(network) as Presence;
    if (networks.size === 1) {
      const isNew = !this.#isEarly(here.first) && !isHome;
      const text = 'first seen in this log, from a network in which nobody of this cluster is at home';
      return isNew ? { kind: 'new', text } : null;
    }
    if (networks.size > MOST_NETWORKS || (isHome && isMachine(row.user))) return null;
    const isSettledHere = this.#isEarly(here.first) && here.last - here.first >= LONG * this.span;
    const before = [...networks].filter(
      ([other, { first, events }]) =>
        other !== network && first < here.first - SHORT * this.span && events >= ESTABLISHED_EVENTS,
    );
    if (before.length === 0 || isSettledHere) return null;
    const places = before.map(([place]) => place).sort();
    return { kind: 'moved', text: `until then it had acted from ${places.slice(0, 3).join(', ')} only` };
  }

  /** Where an identity acts from, by network. */
  #networksOf(row: StrandRow): ReadonlyMap<string, Presence> {
    const key = JSON.stringify([row.cluster, row.user]);
    const known = this.#networks.get(key);
    if (known !== undefined) return known;
    const networks = new Map<string, Presence>();
    for (const { address, first, last, events } of this.ofUser(row)) {
      const network = networkOf(address);
      const other = networks.get(network);
      networks.set(network, {
        first: Math.min(first, other?.first ?? first),
        last: Math.max(last, other?.last ?? last),
        events: events + (other?.events ?? 0),
      });
    }
    this.#networks.set(key, networks);
    return networks;
  }

  /** Whether so many identities of this case are foreign in that way that it says nothing of any. Judged by a sample. */
  #isCommon(kind: Reason['kind']): boolean {
    if (this.#common === null) {
      const users = [...this.#byUser.values()].flatMap((own) => [...own.values()]);
      const step = Math.max(1, Math.floor(users.length / SAMPLE));
      const sample = users.filter((_, index) => index % step === 0);
      const isMany = (wanted: Reason['kind']) => {
        const found = sample.filter((rows) =>
          rows.some((row) => !isNameless(row.user) && this.#byNetwork(row)?.kind === wanted),
        ).length;
        return found > COMMON.least && found > COMMON.share * sample.length;
      };
      this.#common = { new: isMany('new'), moved: isMany('moved') };
    }
    return this.#common[kind];
  }

  /** Another account that alone is at home at this address, at the time: an address of a pod belongs to one account. */
  #otherPod(row: StrandRow): string | null {
    const all = this.ofUser(row);
    if (!isAccount(row.user) || all.length < 2 || scopeOf(row.address ?? '') !== 'private') return null;
    const others = this.atAddress(row).filter((other) => other.user !== row.user && !isNameless(other.user));
    const [host] = others;
    if (host === undefined || others.length > 1 || !isAccount(host.user)) return null;
    const isHost = host.first < row.first && host.last > row.last && host.events > row.events;
    return isHost && all.some((other) => other.address !== row.address && other.first < row.first) ? host.user : null;
  }

  #isEarly(time: number): boolean {
    return time <= this.#from + EARLY * this.span;
  }
}

/** Strands of each cluster by something else, in their order; no text is made for it: they may be hundreds of thousands. */
type ByCluster<Key> = ReadonlyMap<string | null, ReadonlyMap<Key, readonly StrandRow[]>>;

function byCluster<Key>(rows: readonly StrandRow[], keyOf: (row: StrandRow) => Key): ByCluster<Key> {
  const clusters = Map.groupBy(rows, ({ cluster }) => cluster);
  return new Map([...clusters].map(([cluster, own]) => [cluster, Map.groupBy(own, keyOf)]));
}

const homeKey = (row: StrandRow) => JSON.stringify([row.cluster, networkOf(row.address)]);

const isAccount = (user: string) => user.startsWith('system:serviceaccount:');

/** Nodes and parts of the platform move between the machines of the cluster. */
const isMachine = (user: string) => user.startsWith('system:') && !/^system:serviceaccount:(?!kube-system:)/.test(user);
