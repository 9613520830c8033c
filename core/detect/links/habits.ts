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

export const isNameless = (user: string): boolean => user === '' || user === 'system:anonymous';

/** What is ordinary in this case: who acts from where, since when. Knows nothing of alerts. */
export class Habits {
  readonly #rows: ReadonlyMap<string, StrandRow>;
  readonly #byUser: ReadonlyMap<string, readonly StrandRow[]>;
  readonly #byAddress: ReadonlyMap<string, readonly StrandRow[]>;
  readonly #homes = new Set<string>();
  readonly #foreign = new Map<string, string | null>();
  readonly #from: number;
  /** From the first event to the last, in microseconds; at least one. */
  readonly span: number;

  constructor(rows: readonly StrandRow[]) {
    this.#rows = new Map(rows.map((row) => [strandKey(row), row]));
    this.#byUser = Map.groupBy(rows, (row) => JSON.stringify([row.cluster, row.user]));
    this.#byAddress = Map.groupBy(rows, (row) => JSON.stringify([row.cluster, row.address]));
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
    return this.#rows.get(strandKey(strand));
  }

  /** All places that an identity acts from. */
  ofUser(strand: Pick<Strand, 'cluster' | 'user'>): readonly StrandRow[] {
    return this.#byUser.get(JSON.stringify([strand.cluster, strand.user])) ?? [];
  }

  /** All identities that act from an address. */
  atAddress(strand: Pick<Strand, 'cluster' | 'address'>): readonly StrandRow[] {
    return this.#byAddress.get(JSON.stringify([strand.cluster, strand.address])) ?? [];
  }

  /** Why this identity does not belong to this address, in a few words; null where it does, or nothing can be said. */
  foreignness(strand: Strand): string | null {
    const key = strandKey(strand);
    const known = this.#foreign.get(key);
    if (known !== undefined) return known;
    const row = this.#rows.get(key);
    const why = row === undefined ? null : this.#judge(row);
    this.#foreign.set(key, why);
    return why;
  }

  #judge(row: StrandRow): string | null {
    if (row.address === null || scopeOf(row.address) === 'loopback') return null;
    const isHome = this.#homes.has(homeKey(row));
    if (isNameless(row.user)) return isHome ? null : 'from a network in which nobody of this cluster is at home';
    const all = this.ofUser(row);
    const network = networkOf(row.address);
    const elsewhere = all.filter((other) => networkOf(other.address) !== network);
    const here = all.filter((other) => networkOf(other.address) === network);
    const since = Math.min(...here.map((other) => other.first));
    const host = this.#otherPod(row, all);
    if (host !== null) return `from the address of a pod of ${host}`;
    if (elsewhere.length === 0) {
      const isNew = !this.#isEarly(since) && !isHome;
      return isNew ? 'first seen in this log, from a network in which nobody of this cluster is at home' : null;
    }
    const networks = new Set(all.map((other) => networkOf(other.address)));
    if (networks.size > MOST_NETWORKS || (isHome && isMachine(row.user))) return null;
    const before = elsewhere.filter((other) => other.first < since - 0.01 * this.span);
    const isSettledHere = this.#isEarly(since) && Math.max(...here.map(({ last }) => last)) - since >= LONG * this.span;
    if (before.length === 0 || isSettledHere) return null;
    const places = [...new Set(before.map((other) => networkOf(other.address)))].sort();
    return `until then it had acted from ${places.slice(0, 3).join(', ')} only`;
  }

  /** Another account that alone is at home at this address, at the time: an address of a pod belongs to one account. */
  #otherPod(row: StrandRow, all: readonly StrandRow[]): string | null {
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

const homeKey = (row: StrandRow) => JSON.stringify([row.cluster, networkOf(row.address)]);

const isAccount = (user: string) => user.startsWith('system:serviceaccount:');

/** Nodes and parts of the platform move between the machines of the cluster. */
const isMachine = (user: string) => user.startsWith('system:') && !/^system:serviceaccount:(?!kube-system:)/.test(user);
