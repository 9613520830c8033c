import { strandKey } from '../../store/strand-reader.ts';
import type { Deed } from '../links/find-links.ts';
import type { Group } from './join.ts';
import { objectKey, objectKeyOf, type Sighting } from './sighting.ts';
import { height, heightOf } from './threads.ts';

/** One grave alert, or two different ones of which one is medium. */
export function isStory(sightings: readonly Sighting[]): boolean {
  if (sightings.length === 0) return false;
  const most = Math.max(...sightings.map(height));
  if (most >= heightOf('high')) return true;
  return most >= heightOf('medium') && new Set(sightings.map(({ finding }) => finding.rule.id)).size >= 2;
}

/** Stories of strangers. */
const strangeStories = (groups: readonly Group[]) =>
  groups.filter(
    ({ threads }) =>
      threads.some(({ kind }) => kind === 'stranger') && isStory(threads.flatMap(({ sightings }) => sightings)),
  );

/** Alerts of others about what an incident made: consequences that controllers carry out, and the clean-up. */
export class Aftermath {
  readonly #claimed = new Set<Sighting>();
  readonly #found = new Map<Group, { consequences: Sighting[]; others: Sighting[] }>();

  constructor(sightings: readonly Sighting[], groups: readonly Group[], deeds: readonly Deed[]) {
    const taken = new Set(
      strangeStories(groups).flatMap((group) => group.threads.flatMap((thread) => thread.sightings)),
    );
    const owners = this.#owners(groups, deeds);
    for (const sighting of sightings) {
      if (taken.has(sighting) || height(sighting) < heightOf('low')) continue;
      const owner = [...sighting.objects]
        .flatMap((key) => owners.get(key) ?? [])
        .find(({ time }) => sighting.first >= time);
      if (owner === undefined) continue;
      const known = this.#found.get(owner.group) ?? { consequences: [], others: [] };
      const isOwn = sighting.parts.every(({ strand }) => strand.user === '' || strand.user.startsWith('system:'));
      (isOwn ? known.consequences : known.others).push(sighting);
      this.#claimed.add(sighting);
      this.#found.set(owner.group, known);
    }
  }

  /** Whether an alert went to another story than that of its own hand. */
  hasClaimed(sighting: Sighting): boolean {
    return this.#claimed.has(sighting);
  }

  of(group: Group): { readonly consequences: readonly Sighting[]; readonly others: readonly Sighting[] } {
    return this.#found.get(group) ?? { consequences: [], others: [] };
  }

  /** Objects that strangers made, with the time of it. */
  #owners(groups: readonly Group[], deeds: readonly Deed[]): Map<string, { group: Group; time: number }[]> {
    const groupOf = new Map(
      strangeStories(groups).flatMap((group) =>
        group.threads
          .filter(({ kind }) => kind === 'stranger')
          .map(({ strand }) => [strandKey(strand), group] as const),
      ),
    );
    const owners = new Map<string, { group: Group; time: number }[]>();
    for (const deed of deeds) {
      const group = groupOf.get(deed.key);
      const { verb, subresource, name } = deed.fields;
      if (group === undefined || !deed.isDone || verb !== 'create' || subresource !== null || name === null) continue;
      const key = objectKeyOf(deed.fields) ?? objectKey(null, null, '', name);
      owners.set(key, [...(owners.get(key) ?? []), { group, time: deed.time }]);
    }
    return owners;
  }
}
