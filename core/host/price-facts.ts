import { parseTime } from '../event/time.ts';
import { parseJson } from '../json.ts';
import { coresOf } from '../report/price/cores.ts';
import type { PriceFacts, SeenNode } from '../report/price/estimate.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext, Session } from './api.ts';

/** Nodes of one case, at most; a cluster has fewer, a hostile log may name more. */
const MOST_NODES = 20_000;
const KUBELET = 'system:node:';

/** What a case tells of its nodes: node objects with their capacity, deletions, and when each kubelet was heard. */
export async function priceFactsOf(session: Session, store: CaseStore, context: CallContext): Promise<PriceFacts> {
  const { events, rawBytes, sizeBytes, firstTime, lastTime } = session.glance();
  const nodes = new NodeList();
  for (const { user, first, last } of store.spansOfUsers(KUBELET)) nodes.seen(user.slice(KUBELET.length), first, last);
  const query = 'resource:nodes and verb:(create, update, patch, get, list, delete) and not level:Metadata';
  const asked = { query, limit: Number.MAX_SAFE_INTEGER };
  for await (const { id, verb, name, time } of session.events(asked, context)) {
    nodes.told(parseJson(session.canonical(id)), verb, name, parseTime(time));
  }
  const deletions = { query: 'resource:nodes and verb:delete and not subresource:* and code:<300', limit: MOST_NODES };
  for await (const { name, time } of session.events(deletions, context)) nodes.gone(name, parseTime(time));
  return {
    events,
    rawBytes,
    caseBytes: sizeBytes,
    firstUs: parseTime(firstTime),
    lastUs: parseTime(lastTime),
    nodes: nodes.all(),
  };
}

class NodeList {
  readonly #nodes = new Map<string, SeenNode>();

  seen(name: string, first: number, last: number): void {
    const known = this.#nodes.get(name);
    if (known === undefined) {
      if (this.#nodes.size >= MOST_NODES || name === '') return;
      this.#nodes.set(name, { name, firstUs: first, lastUs: last, deletedUs: null, cores: null, origin: 'unknown' });
    } else {
      known.firstUs = Math.min(known.firstUs, first);
      known.lastUs = Math.max(known.lastUs, last);
      // A node that was deleted and is heard again has come back.
      if (known.deletedUs !== null && first > known.deletedUs) known.deletedUs = null;
    }
  }

  /** Node objects in what was sent or answered, alone or in a list. */
  told(event: unknown, verb: string, name: string | null, timeUs: number | null): void {
    if (timeUs === null || verb === 'delete') return;
    for (const part of ['requestObject', 'responseObject']) {
      const body = member(event, part);
      const items = member(body, 'items');
      for (const node of Array.isArray(items) ? items : [body]) this.#node(node, name, timeUs);
    }
  }

  gone(name: string | null, timeUs: number | null): void {
    const known = name === null ? undefined : this.#nodes.get(name);
    if (known !== undefined && timeUs !== null && timeUs >= known.firstUs) known.deletedUs = timeUs;
  }

  all(): readonly SeenNode[] {
    return [...this.#nodes.values()];
  }

  #node(node: unknown, asked: string | null, timeUs: number): void {
    const own = member(member(node, 'metadata'), 'name');
    const name = typeof own === 'string' ? own : asked;
    const size = coresOf(node);
    if (name === null || size === null) return;
    this.seen(name, timeUs, timeUs);
    const known = this.#nodes.get(name);
    if (known !== undefined && (known.origin !== 'capacity' || size.origin === 'capacity')) Object.assign(known, size);
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
