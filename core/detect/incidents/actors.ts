import { type ActorChain, CERTAINTIES, type IdentityLink, type LinkKind, type Strand } from '../../contract/rows.ts';
import { strandKey } from '../../store/strand-reader.ts';
import { type Deed, type FoundLink, makeLink, sayStrand, shortName } from '../links/find-links.ts';
import { objectKeyOf, type Sighting } from './sighting.ts';

/** Links that say by whose doing somebody can act, the most telling first. */
const CAUSES: readonly LinkKind[] = [
  'issued-token',
  'token-secret',
  'certificate',
  'stolen-pod-token',
  'started-pod',
  'made-account',
  'credential-file',
  'granted-rights',
];
/** Hands that a chain leads through at most. */
const MOST_HANDS = 8;

/** Finds who really acted behind alerts. */
export class ActorFinder {
  readonly #sightings: readonly Sighting[];
  readonly #causes: ReadonlyMap<string, readonly FoundLink[]>;
  readonly #writes: ReadonlyMap<string, readonly Deed[]>;
  readonly #isController: (user: string) => boolean;

  constructor(
    sightings: readonly Sighting[],
    links: readonly FoundLink[],
    deeds: readonly Deed[],
    isController: (user: string) => boolean,
  ) {
    this.#sightings = sightings;
    this.#isController = isController;
    this.#causes = Map.groupBy(
      links.filter(({ kind }) => CAUSES.includes(kind)),
      ({ to }) => strandKey(to),
    );
    const written = deeds.filter(({ isDone, strand }) => isDone && !isController(strand.user));
    this.#writes = Map.groupBy(written, ({ fields }) => objectKeyOf(fields) ?? '');
  }

  /** By the key of the alert; alerts behind which nobody else is known are absent. */
  all(): Map<string, ActorChain> {
    const chains = new Map<string, ActorChain>();
    for (const sighting of this.#sightings) {
      const chain = this.#chainOf(sighting);
      const [first] = chain;
      if (first === undefined) continue;
      const certainty = chain
        .map((link) => link.certainty)
        .reduce((a, b) => (CERTAINTIES.indexOf(b) < CERTAINTIES.indexOf(a) ? b : a));
      chains.set(sighting.finding.key, { user: first.from.user, address: first.from.address, certainty, chain });
    }
    return chains;
  }

  #chainOf(sighting: Sighting): IdentityLink[] {
    const part = sighting.parts.find(({ strand }) => strand.user === sighting.finding.user) ?? sighting.parts[0];
    if (part === undefined) return [];
    const last = this.#consequence(sighting) ?? impersonation(sighting, part.strand);
    const start = last?.from ?? part.strand;
    return [...this.#back(start, sighting.last), ...(last === null ? [] : [last])].map(
      ({ at: _, threads: _tied, ...link }) => link,
    );
  }

  /** From a strand back to the first known hand. */
  #back(strand: Strand, before: number): FoundLink[] {
    const chain: FoundLink[] = [];
    const seen = new Set([strandKey(strand)]);
    let current = strand;
    let time = before;
    while (chain.length < MOST_HANDS) {
      const causes = (this.#causes.get(strandKey(current)) ?? []).filter(
        ({ at, from }) => at <= time && !seen.has(strandKey(from)),
      );
      const [best] = [...causes].sort(byWeight);
      if (best === undefined) break;
      chain.unshift(best);
      seen.add(strandKey(best.from));
      current = best.from;
      time = best.at;
    }
    return chain;
  }

  /** What a controller does, somebody wrote: the last write before it on the same object. */
  #consequence({ parts, objects, finding, first }: Sighting): FoundLink | null {
    if (!parts.every(({ strand }) => this.#isController(strand.user))) return null;
    const writes = [...objects].flatMap((key) => this.#writes.get(key) ?? []).filter(({ time }) => time <= first);
    const cause = writes.reduce<Deed | null>(
      (best, deed) => (best !== null && best.time >= deed.time ? best : deed),
      null,
    );
    const to = parts[0]?.strand;
    if (cause === null || to === undefined) return null;
    const { resource, name, verb } = cause.fields;
    const reason = `${sayStrand(cause.strand)} wrote ${resource}/${name}, and ${shortName(to.user)} carried it out`;
    const certainty = verb === 'create' || verb === 'delete' ? 'sure' : 'probable';
    return makeLink('consequence', certainty, cause.strand, to, cause.time, reason, [
      cause.fields.auditID,
      ...finding.auditIDs.slice(0, 1),
    ]);
  }
}

function impersonation({ finding, first }: Sighting, strand: Strand): FoundLink | null {
  if (finding.impersonatedUser === null) return null;
  const to = { ...strand, user: finding.impersonatedUser };
  const reason = `${sayStrand(strand)} ran the request as ${shortName(to.user)}`;
  return makeLink('impersonation', 'sure', strand, to, first, reason, finding.auditIDs.slice(0, 1));
}

/** The surest, then the most telling kind, then the latest. */
function byWeight(a: FoundLink, b: FoundLink): number {
  return (
    CERTAINTIES.indexOf(b.certainty) - CERTAINTIES.indexOf(a.certainty) ||
    CAUSES.indexOf(a.kind) - CAUSES.indexOf(b.kind) ||
    b.at - a.at ||
    (a.reason < b.reason ? -1 : 1)
  );
}
