import { repositoryOf } from '../../event/pod-text.ts';
import { type Network, parseAddress, parseNetwork } from '../../sigma/sigma.ts';
import type { Indicator } from './indicator.ts';

/** An indicator with the list that it stands on. */
export interface ListedIndicator extends Indicator {
  /** Id of the list. */
  readonly list: number;
}

/** Finds the indicators that a value of the log meets: once for each different value, however often it stands in the log. */
export class IndicatorIndex {
  readonly #addresses = new Map<string, ListedIndicator[]>();
  /** By family and prefix, then by the network's first bits. */
  readonly #networks = new Map<string, { readonly network: Network; readonly found: Map<bigint, ListedIndicator[]> }>();
  readonly #texts = { agent: new TextIndex(), user: new TextIndex(), image: new TextIndex() };
  readonly #digests = new Map<string, ListedIndicator[]>();

  add(indicator: ListedIndicator): void {
    const { kind, value } = indicator;
    if (kind === 'address') push(this.#addresses, addressKey(value), indicator);
    else if (kind === 'network') this.#addNetwork(value, indicator);
    else if (kind === 'digest') push(this.#digests, value, indicator);
    else this.#texts[kind].add(kind === 'image' ? plainImage(value) : value, indicator);
  }

  address(text: string): ListedIndicator[] {
    const address = parseAddress(text);
    if (address === null) return [];
    const networks = [...this.#networks.values()].flatMap(({ network, found }) => {
      if (network.family !== address.family) return [];
      return found.get(address.value >> hostBits(network)) ?? [];
    });
    return [...(this.#addresses.get(addressKey(text)) ?? []), ...networks];
  }

  agent(text: string): ListedIndicator[] {
    return this.#texts.agent.find(text);
  }

  user(text: string): ListedIndicator[] {
    return this.#texts.user.find(text);
  }

  /** An image meets its own name, that of its repository, and its digest. */
  image(text: string): ListedIndicator[] {
    const image = plainImage(text);
    const digest = /@sha256:([0-9a-f]{64})$/i.exec(text)?.[1]?.toLowerCase();
    const names = new Set([image, repositoryOf(image), image.split('@', 1)[0] ?? image]);
    const named = [...names].flatMap((name) => this.#texts.image.find(name));
    return [...new Set([...named, ...(digest === undefined ? [] : (this.#digests.get(digest) ?? []))])];
  }

  #addNetwork(value: string, indicator: ListedIndicator): void {
    const network = parseNetwork(value);
    if (network === null) return;
    const key = `${network.family}/${network.prefix}`;
    const known = this.#networks.get(key) ?? { network, found: new Map<bigint, ListedIndicator[]>() };
    this.#networks.set(key, known);
    push(known.found, network.address >> hostBits(network), indicator);
  }
}

/** Exact texts and patterns with `*`; case does not count. */
class TextIndex {
  readonly #exact = new Map<string, ListedIndicator[]>();
  readonly #patterns: { readonly parts: readonly string[]; readonly indicator: ListedIndicator }[] = [];

  add(value: string, indicator: ListedIndicator): void {
    const text = value.toLowerCase();
    if (text.includes('*')) this.#patterns.push({ parts: text.split('*'), indicator });
    else push(this.#exact, text, indicator);
  }

  find(value: string): ListedIndicator[] {
    const text = value.toLowerCase();
    const patterns = this.#patterns.filter(({ parts }) => meetsParts(text, parts));
    return [...(this.#exact.get(text) ?? []), ...patterns.map(({ indicator }) => indicator)];
  }
}

/** Whether the parts between the stars stand in the text one after the other, the first at its head and the last at its end. */
function meetsParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** Docker Hub may be named or not: `nginx` is `docker.io/library/nginx`. */
const plainImage = (image: string): string => image.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/i, '');

const hostBits = ({ family, prefix }: Network): bigint => BigInt((family === 4 ? 32 : 128) - prefix);

/** The same address in any spelling. */
function addressKey(text: string): string {
  const address = parseAddress(text);
  return address === null ? text : `${address.family} ${address.value}`;
}

function push<K>(lists: Map<K, ListedIndicator[]>, key: K, indicator: ListedIndicator): void {
  const list = lists.get(key);
  if (list) list.push(indicator);
  else lists.set(key, [indicator]);
}
