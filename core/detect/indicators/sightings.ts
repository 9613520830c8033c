import { createHash } from 'node:crypto';
import type { IndicatorKind } from '../../contract/rows.ts';
import { LEVELS, type Level } from '../../contract/rows.ts';
import type { StoredIndicatorList } from '../../store/indicators.ts';
import type { CompareProofs, Proof } from '../baseline/cells.ts';
import type { ProvenEvent, RuleHits, Said } from '../finish.ts';
import type { RuleFacts } from '../rule-facts.ts';
import type { ListedIndicator } from './match.ts';
import { isExpired, stalenessOf } from './staleness.ts';

/** Where an indicator was seen: who showed it, how often, and the events that prove it. */
export interface Sighting {
  readonly indicator: ListedIndicator;
  readonly cluster: string | null;
  /** The effective user. */
  readonly actor: string;
  /** The value of the log that met it. */
  readonly value: string;
  count: number;
  proofs: Proof[];
}

/** Events that prove one alert. */
const MOST_PROOFS = 100;

/** Collects sightings: one for each indicator, value of the log and identity, in any order of the events. */
export class Sightings {
  readonly #found = new Map<string, Sighting>();
  readonly #compare: CompareProofs;

  constructor(compare: CompareProofs) {
    this.#compare = compare;
  }

  add(seen: Omit<Sighting, 'count' | 'proofs'>, proof: Proof, count: number): void {
    const { indicator, cluster, actor, value } = seen;
    const key = JSON.stringify([indicator.list, indicator.kind, indicator.value, cluster, actor, value]);
    const known = this.#found.get(key);
    if (known === undefined) {
      this.#found.set(key, { ...seen, count, proofs: [proof] });
      return;
    }
    known.count += count;
    known.proofs.push(proof);
    if (known.proofs.length >= 2 * MOST_PROOFS) this.#trim(known);
  }

  all(): Sighting[] {
    const sorted = [...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sighting]) => sighting);
    for (const sighting of sorted) this.#trim(sighting);
    return sorted;
  }

  #trim(sighting: Sighting): void {
    sighting.proofs = sighting.proofs.sort(this.#compare).slice(0, MOST_PROOFS);
  }
}

const WORDS: Readonly<Record<IndicatorKind, string>> = {
  address: 'Address',
  network: 'Address in a network',
  agent: 'Client',
  user: 'User',
  image: 'Image',
  digest: 'Digest of an image',
};

const TACTICS: Readonly<Record<IndicatorKind, string>> = {
  address: 'initial-access',
  network: 'initial-access',
  agent: 'initial-access',
  user: 'initial-access',
  image: 'execution',
  digest: 'execution',
};

/** Names a list among the rules of a run. */
export const listRuleId = (name: string): string => `indicators/${name}`;

/** What alerts of a list carry; a stale list counts one level less. */
export function listFacts(list: StoredIndicatorList, kind: IndicatorKind, staleness: string): RuleFacts {
  const day = list.date ?? 'an unknown day';
  return {
    id: listRuleId(list.name),
    title: `${WORDS[kind]} on the list ${list.name} of ${day}`,
    path: `case/indicators/${list.name}`,
    level: staleness === '' ? list.level : lower(list.level),
    techniques: [],
    tactics: [TACTICS[kind]],
    defender: null,
    falsePositives: ['Addresses change hands, and lists name shared ones', 'Values that are too wide'],
    nextSteps: ['Read what the list says about the value', 'See everything else that the identity and the address did'],
  };
}

const lower = (level: Level): Level => LEVELS[Math.max(0, LEVELS.indexOf(level) - 1)] as Level;

/** An alert for each sighting, which names the list and its day. */
export function hitsOf(
  sightings: readonly Sighting[],
  lists: readonly StoredIndicatorList[],
  endUs: number | null,
  prove: (event: number) => ProvenEvent,
): RuleHits[] {
  const byId = new Map(lists.map((list) => [list.id, list]));
  return sightings.flatMap((sighting) => {
    const list = byId.get(sighting.indicator.list);
    if (list === undefined) return [];
    const staleness = stalenessOf(list.date, endUs);
    const { kind, value } = sighting.indicator;
    return [
      {
        rule: listFacts(list, kind, staleness),
        events: sighting.proofs.map(({ event }) => prove(event)),
        group: { indicator: `${kind} ${value}`, value: sighting.value, list: list.sha256.toString('hex') },
        said: saidOf(sighting, list, staleness),
      },
    ];
  });
}

/** Fields of an event that an indicator of the kind is compared with. */
const FIELDS: Readonly<Record<IndicatorKind, string>> = {
  address: 'sourceIPs',
  network: 'sourceIPs',
  agent: 'userAgent',
  user: 'user.username',
  image: 'decklog.pod.images',
  digest: 'decklog.pod.images',
};

function saidOf({ indicator, value, count, proofs }: Sighting, list: StoredIndicatorList, staleness: string): Said {
  const { kind, note, until } = indicator;
  const first = proofs[0] as Proof;
  const parts = [
    `${value} is on the list ${list.name} of ${list.date ?? 'an unknown day'}${value === indicator.value ? '' : ` as ${indicator.value}`}`,
    ...(note === '' ? [] : [`it says: ${note}`]),
    ...(staleness === '' ? [] : [`stale: ${staleness}`]),
    ...(isExpired(until, first.timeUs) ? [`the list stood by it until ${until} only`] : []),
    ...(count > proofs.length ? [`seen in ${count} requests, of which the first are shown`] : []),
  ];
  return {
    explanation: parts.join('; '),
    matched: proofs.slice(0, 10).map(({ event }) => ({ event, field: FIELDS[kind], value })),
  };
}

export const sha256Of = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
