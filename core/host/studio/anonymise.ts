import type { AuditEvent } from '../../event/audit-event.ts';

/** Texts whose meaning a rule may ask for: they stay as they are. */
const KEPT = /^(system:|kube-|cluster-admin$|admin$|edit$|view$|default$|\*$)/;
const ADDRESS = /\b\d{1,3}(\.\d{1,3}){3}\b/g;
/** Keys whose texts name people, machines and things of a cluster. */
const NAMING = new Set(['username', 'namespace', 'name', 'nodeName', 'serviceAccountName', 'host', 'generateName']);
/** Keys that are no use to a test and may tell of a cluster. */
const DROPPED = new Set(['managedFields', 'uid', 'resourceVersion', 'selfLink', 'credential-id', 'extra', 'status']);

/**
 * The event as an example: names of people, namespaces and objects, and addresses are replaced, each by one example wherever it
 * stands; what belongs to Kubernetes itself stays.
 */
export function anonymise(event: AuditEvent): AuditEvent {
  const examples = new Examples();
  examples.gather(event, '');
  return examples.replace(event, '') as AuditEvent;
}

class Examples {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  gather(value: unknown, key: string): void {
    if (Array.isArray(value)) for (const item of value) this.gather(item, key);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, item] of Object.entries(value)) this.gather(item, inner);
    else if (typeof value === 'string' && NAMING.has(key)) this.#name(value, key);
  }

  replace(value: unknown, key: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.replace(item, key));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([inner]) => !DROPPED.has(inner) || inner === key);
      return Object.fromEntries(entries.map(([inner, item]) => [inner, this.replace(item, inner)]));
    }
    return typeof value === 'string' ? this.#text(value) : value;
  }

  #name(name: string, key: string): void {
    if (name.length < 3 || this.#names.has(name)) return;
    const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
    if (account)
      for (const [part, kind] of [[account[1], 'namespace'] as const, [account[2], 'account'] as const])
        this.#plain(part ?? '', kind);
    else this.#plain(name, key === 'username' ? 'user' : key);
  }

  #plain(name: string, kind: string): void {
    if (name.length < 3 || KEPT.test(name) || this.#names.has(name)) return;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const example = kind === 'user' ? `user-${count}@corp.example` : `${kind.toLowerCase()}-${count}`;
    this.#names.set(name, example);
  }

  #text(text: string): string {
    let result = text.replace(ADDRESS, (address) => this.#address(address));
    // Longer names first, so that a name inside another one does not tear it apart.
    for (const [name, example] of [...this.#names].sort(([a], [b]) => b.length - a.length)) {
      result = replaceWord(result, name, example);
    }
    return result;
  }

  #address(address: string): string {
    if (address.startsWith('127.') || address === '0.0.0.0') return address;
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
    const kind = isPrivate ? 'private' : 'public';
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const example = isPrivate ? `10.0.0.${count}` : `203.0.113.${count}`;
    this.#names.set(address, example);
    return example;
  }
}

/** Replaces where the name stands alone: between characters that are no part of a name. */
function replaceWord(text: string, name: string, example: string): string {
  if (!text.includes(name)) return text;
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9.-])${plain}(?![A-Za-z0-9-])`, 'g'), () => example);
}
