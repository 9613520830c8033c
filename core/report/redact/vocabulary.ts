import { isIP } from 'node:net';
import type { RedactionProfile } from '../../contract/report.ts';

export type NameKind = 'user' | 'address' | 'namespace' | 'node' | 'name';

/** Kinds that a profile hides; of two kinds of one name the earlier gives the word in front of its pseudonym. */
export const HIDDEN: Readonly<Record<RedactionProfile, readonly NameKind[]>> = {
  people: ['user', 'address'],
  names: ['user', 'address', 'namespace', 'node', 'name'],
  strict: ['user', 'address', 'namespace', 'node', 'name'],
};

/** Names that every cluster has: they tell nothing, and rules and readers need them. */
const WELL_KNOWN = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kubernetes',
  'kube-root-ca.crt',
  'kube-dns',
  'kube-proxy',
  'coredns',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-apiserver',
  'cluster-admin',
  'admin',
  'edit',
  'view',
  'extension-apiserver-authentication',
  'system',
  'anonymous',
  'serviceaccount',
  'serviceaccounts',
  'node',
  'nodes',
  'masters',
  'authenticated',
  'unauthenticated',
  'apiserver',
  '127.0.0.1',
  '::1',
  '0.0.0.0',
  '::',
]);
/** Accounts of the controllers that the control plane runs for itself. */
const CONTROLLER =
  /^(?:[a-z-]+-controller|[a-z-]+-cleaner|[a-z]+-garbage-collector|[a-z-]+-binder|[a-z-]+-publisher|horizontal-pod-autoscaler|kube-proxy|coredns)$/;

/** Names of one case that must not be seen. */
export class Vocabulary {
  readonly #kinds = new Map<string, NameKind>();
  readonly #hidden: readonly NameKind[];

  constructor(profile: RedactionProfile) {
    this.#hidden = HIDDEN[profile];
  }

  /** Takes a name apart and notes all that would tell it. */
  add(kind: NameKind, text: string): void {
    if (text === '' || WELL_KNOWN.has(text)) return;
    const account = /^system:serviceaccount:([^:]*):(.*)$/s.exec(text);
    if (isIP(text) !== 0) this.#note('address', text);
    else if (account !== null) this.#account(account[1] as string, account[2] as string);
    else if (text.startsWith('system:serviceaccounts:')) this.add('namespace', text.slice(23));
    else if (text.startsWith('system:node:')) this.add('node', text.slice(12));
    else if (!/^system:[a-z:-]+$/.test(text)) this.#plain(kind, text);
  }

  #plain(kind: NameKind, text: string): void {
    this.#note(kind, text);
    const mail = /^([^@\s]+)@([^@\s]+)$/.exec(text);
    if (mail !== null) this.#mail(mail[1] as string, mail[2] as string);
  }

  /** Names with their kinds. */
  entries(): IterableIterator<[string, NameKind]> {
    return this.#kinds.entries();
  }

  get size(): number {
    return this.#kinds.size;
  }

  #account(namespace: string, name: string): void {
    this.add('namespace', namespace);
    if (namespace !== 'kube-system' || !CONTROLLER.test(name)) this.add('name', name);
    // An identity is a person's, too: profiles that show names of objects still hide who acted.
    if (!this.#hidden.includes('name') && name !== 'default') this.#note('user', name);
  }

  #mail(person: string, domain: string): void {
    this.#note('user', person);
    this.#note('user', domain);
    const first = domain.split('.')[0] ?? '';
    if (first.length >= 4) this.#note('user', first);
  }

  #note(kind: NameKind, text: string): void {
    if (!this.#hidden.includes(kind) || WELL_KNOWN.has(text)) return;
    const known = this.#kinds.get(text);
    if (known === undefined || this.#hidden.indexOf(kind) < this.#hidden.indexOf(known)) this.#kinds.set(text, kind);
  }
}
