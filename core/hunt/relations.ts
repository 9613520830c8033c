import type { EntityKind } from '../contract/scope.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { AlertProof } from './alert-proofs.ts';
import { type ColumnKind, entityGroups } from './entity-groups.ts';
import { type EntityFacts, tableOf } from './entity-table.ts';
import { compareNames, type Groups } from './groups.ts';
import type { RowMask } from './row-mask.ts';

/** An entity that shares events with another, and what these events say of it. */
export interface Related {
  readonly kind: ColumnKind;
  /** In words, as seen from the middle. */
  readonly relation: string;
  readonly facts: EntityFacts;
}

/** A pair of kinds that is drawn as an arrow: who acts points at what is acted on, where from points at who. */
const ARROWS: readonly (readonly [from: ColumnKind, to: ColumnKind])[] = [
  ['address', 'user'],
  ['address', 'serviceaccount'],
  ['agent', 'user'],
  ['agent', 'serviceaccount'],
  ['user', 'workload'],
  ['serviceaccount', 'workload'],
  ['user', 'namespace'],
  ['serviceaccount', 'namespace'],
  ['user', 'node'],
  ['serviceaccount', 'node'],
  ['user', 'object'],
  ['serviceaccount', 'object'],
];

const WORDS: Readonly<Record<ColumnKind, string>> = {
  user: 'acted here',
  serviceaccount: 'acted here',
  address: 'came from',
  agent: 'used the client',
  namespace: 'in the namespace',
  node: 'on the node',
  workload: 'touched the workload',
  object: 'touched the object',
};

/** Kinds that say something about an entity of a kind. */
export function relatedKinds(kind: EntityKind): readonly ColumnKind[] {
  switch (kind) {
    case 'user':
    case 'serviceaccount':
      return ['address', 'agent', 'namespace', 'workload', 'node', 'object'];
    case 'address':
    case 'agent':
      return ['user', 'serviceaccount', 'namespace', kind === 'address' ? 'agent' : 'address'];
    case 'namespace':
      return ['user', 'serviceaccount', 'workload', 'address'];
    default:
      return ['user', 'serviceaccount', 'address', 'agent'];
  }
}

/** What shares events with an entity, whose events the mask holds: those with alerts first, then by count. */
export function relatedTo(
  kind: EntityKind,
  index: EventIndex,
  mask: RowMask,
  proofs: readonly AlertProof[],
): Related[] {
  const found = relatedKinds(kind).flatMap((other) =>
    tableOf(index, entityGroups(index, other), mask, proofs).map((facts) => ({
      ...{ kind: other, facts },
      relation: WORDS[other],
    })),
  );
  return found.sort(
    (a, b) =>
      Number(b.facts.alerts > 0) - Number(a.facts.alerts > 0) ||
      b.facts.events - a.facts.events ||
      compareNames(`${a.kind} ${a.facts.name}`, `${b.kind} ${b.facts.name}`),
  );
}

/** Two entities of the graph that share events. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

interface Member {
  readonly kind: EntityKind;
  readonly name: string;
}

/** Arrows between members, counted over the rows of the mask. Members of other kinds than arrows join have none. */
export function linksBetween(members: readonly Member[], index: EventIndex, mask: RowMask): Link[] {
  const links: Link[] = [];
  for (const [from, to] of ARROWS) {
    const tails = placesOf(members, from, entityGroups(index, from));
    const heads = placesOf(members, to, entityGroups(index, to));
    if (tails.count > 0 && heads.count > 0) links.push(...countLinks(tails, heads, members.length, mask));
  }
  return links;
}

interface Places {
  readonly count: number;
  /** Place of a member plus one, by id; 0: no member. */
  readonly ofId: Uint16Array;
  readonly ids: ArrayLike<number>;
}

function placesOf(members: readonly Member[], kind: ColumnKind, { ids, keyOf, names }: Groups): Places {
  const wanted = new Map(
    members.flatMap((member, at) => (member.kind === kind ? [[member.name, at + 1] as const] : [])),
  );
  const ofKey = names.map((name) => (name === null ? 0 : (wanted.get(name) ?? 0)));
  return { count: wanted.size, ids, ofId: Uint16Array.from(keyOf, (key) => ofKey[key] ?? 0) };
}

function countLinks(tails: Places, heads: Places, width: number, mask: RowMask): Link[] {
  const counts = new Uint32Array((width + 1) * (width + 1));
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    const at =
      (tails.ofId[tails.ids[row] as number] as number) * (width + 1) + (heads.ofId[heads.ids[row] as number] as number);
    counts[at] = (counts[at] as number) + 1;
  }
  const links: Link[] = [];
  counts.forEach((events, at) => {
    const [from, to] = [Math.floor(at / (width + 1)), at % (width + 1)];
    if (events > 0 && from > 0 && to > 0) links.push({ from: from - 1, to: to - 1, events });
  });
  return links;
}
