import { LEVELS, type Level, type Strand } from '../../contract/rows.ts';
import { strandKey } from '../../store/strand-reader.ts';
import { type Habits, isNameless } from '../links/habits.ts';
import type { Part, Sighting } from './sighting.ts';

/** Work of one pair of hands: what an incident is put together from. Times are microseconds. */
export interface Thread {
  readonly key: string;
  readonly strand: Strand;
  /**
   * `stranger`: an identity at a place where it does not belong, or one that does hardly anything but what alerts; all of it is one
   * thread. `session`: an hour out of the ordinary of somebody at home. `guest`: an identity of the cluster whose pod was entered.
   */
  readonly kind: 'stranger' | 'session' | 'guest';
  readonly sightings: readonly Sighting[];
  readonly first: number;
  readonly last: number;
  /** Why it is looked at, in a few words. */
  readonly why: string;
}

export const heightOf = (level: Level): number => LEVELS.indexOf(level);
const LOW = heightOf('low');
const MEDIUM = heightOf('medium');
const HIGH = heightOf('high');
export const height = ({ finding }: Sighting): number => heightOf(finding.level);

/** A session ends when this time passes without an alert; in a short log a part of its length. */
const SESSION_US = 3600 * 1_000_000;
const LEAST_SESSION_US = 60 * 1_000_000;
export const sessionGap = (span: number): number => Math.min(SESSION_US, Math.max(LEAST_SESSION_US, span / 50));

/** An alert counts to a stranger that stands behind at least this part of its events. */
const SHARE = 0.2;
/** A rule that fires so often for one identity, or for so many, is routine here and begins nothing. */
const ROUTINE = { medium: { alerts: 4, identities: 4 }, high: { alerts: 6, identities: 6 } };
/** An identity of whose events this part alerts, by so many rules, does hardly anything else. */
const DOMINATED = { share: 0.4, rules: 3 };

/** Sorts alerts of level low and above into threads. Alerts that belong to none are left out. */
export function threadsOf(
  sightings: readonly Sighting[],
  habits: Habits,
  isController: (user: string) => boolean,
): Thread[] {
  const relevant = sightings.filter((sighting) => height(sighting) >= LOW);
  const strangers = foreigners(relevant, habits);
  const isRoutine = routineOf(homelyOf(relevant, strangers, isController));
  for (const [key, stranger] of dominated(homelyOf(relevant, strangers, isController), habits, isRoutine)) {
    strangers.set(key, stranger);
  }
  const taken = new Map<string, Sighting[]>();
  for (const sighting of relevant) {
    const key = strangerOf(sighting, strangers);
    if (key !== undefined) taken.set(key, [...(taken.get(key) ?? []), sighting]);
  }
  const whole = [...taken].map(([key, found]): Thread => {
    const { strand, why } = strangers.get(key) as Stranger;
    return threadOf(key, strand, 'stranger', found, why);
  });
  return [...whole, ...sessionsOf(homelyOf(relevant, strangers, isController), habits, isController, isRoutine)];
}

interface Stranger {
  readonly strand: Strand;
  readonly why: string;
}

/** An alert with the identity at home that it tells of. */
interface Homely {
  readonly sighting: Sighting;
  readonly part: Part;
}

function foreigners(sightings: readonly Sighting[], habits: Habits): Map<string, Stranger> {
  const strangers = new Map<string, Stranger>();
  for (const { key, strand } of sightings.flatMap(({ parts }) => parts)) {
    const why = strangers.has(key) ? null : habits.foreignness(strand);
    if (why !== null) strangers.set(key, { strand, why });
  }
  return strangers;
}

function homelyOf(
  sightings: readonly Sighting[],
  strangers: ReadonlyMap<string, Stranger>,
  isController: (user: string) => boolean,
): Homely[] {
  return sightings.flatMap((sighting) => {
    if (strangerOf(sighting, strangers) !== undefined) return [];
    const part = sighting.parts.find(({ strand }) => !isController(strand.user)) ?? sighting.parts[0];
    return part === undefined || isController(part.strand.user) ? [] : [{ sighting, part }];
  });
}

/** Identities that do hardly anything but what alerts: without a past to compare with, that tells an intruder. */
function dominated(homely: readonly Homely[], habits: Habits, isRoutine: Routine): [string, Stranger][] {
  return [...Map.groupBy(homely, ({ part }) => part.key)].flatMap(([key, all]): [string, Stranger][] => {
    const found = all.filter(({ sighting }) => !isRoutine(sighting, key));
    const row = habits.row((all[0] as Homely).part.strand);
    const rules = new Set(found.map(({ sighting }) => sighting.finding.rule.id));
    if (row === undefined || rules.size < DOMINATED.rules) return [];
    if (!found.some(({ sighting }) => height(sighting) >= MEDIUM)) return [];
    const requests = new Set(found.flatMap(({ sighting }) => sighting.finding.auditIDs)).size;
    if (requests / row.events < DOMINATED.share) return [];
    return [[key, { strand: (all[0] as Homely).part.strand, why: 'nearly all that it does raises alerts' }]];
  });
}

/** The stranger that an alert tells of most. */
function strangerOf(sighting: Sighting, strangers: ReadonlyMap<string, Stranger>): string | undefined {
  const total = sighting.parts.reduce((sum, part) => sum + part.events, 0);
  return sighting.parts.find((part) => strangers.has(part.key) && part.events >= SHARE * total)?.key;
}

function threadOf(
  key: string,
  strand: Strand,
  kind: Thread['kind'],
  sightings: readonly Sighting[],
  why: string,
): Thread {
  const mine = sightings.flatMap((sighting) => sighting.parts.filter((part) => part.key === strandKey(strand)));
  const first = Math.min(...(mine.length > 0 ? mine : sightings).map((part) => part.first));
  const last = Math.max(...(mine.length > 0 ? mine : sightings).map((part) => part.last));
  return { key, strand, kind, sightings: [...sightings].sort(bySighting), first, last, why };
}

export const bySighting = (a: Sighting, b: Sighting): number =>
  a.first - b.first || (a.finding.key < b.finding.key ? -1 : 1);

/** What identities at home do out of their ordinary: bursts of rare alerts, with the lesser ones on the same objects. */
function sessionsOf(
  homely: readonly Homely[],
  habits: Habits,
  isController: (user: string) => boolean,
  isRoutine: Routine,
): Thread[] {
  const gap = sessionGap(habits.span);
  return [...Map.groupBy(homely, ({ part }) => part.key)].flatMap(([key, found]) => {
    const { strand } = (found[0] as Homely).part;
    if (isController(strand.user) || isNameless(strand.user)) return [];
    const rare = found.map(({ sighting }) => sighting).filter((sighting) => !isRoutine(sighting, key));
    const cores = rare.filter((sighting) => height(sighting) >= MEDIUM).sort(bySighting);
    return chained(burstsOf(cores, gap), gap).flatMap((core) => {
      const members = isHeavy(core) ? withAll(core, rare, gap) : withCompany(core, rare, gap);
      if (!isLoaded(core, members)) return [];
      const name = `${key} ${core[0]?.first} ${core[0]?.finding.key}`;
      return [threadOf(name, strand, 'session', members, 'several unusual deeds in one go')];
    });
  });
}

/** Bursts of one identity that follow a heavy one, or lead to it, within this many gaps are one session. */
const CHAIN = 12;

function chained(bursts: readonly Sighting[][], gap: number): Sighting[][] {
  const chains: Sighting[][] = [];
  for (const burst of bursts) {
    const current = chains.at(-1);
    const end = Math.max(...(current ?? []).map(({ last }) => last));
    const isNear = (burst[0] as Sighting).first - end <= CHAIN * gap;
    if (current !== undefined && isNear && (isHeavy(current) || isHeavy(burst))) current.push(...burst);
    else chains.push([...burst]);
  }
  return chains;
}

/** So many kinds of grave deeds in one go are no ordinary work, whoever does them. */
const HEAVY = 3;

function isHeavy(core: readonly Sighting[]): boolean {
  const rules = new Set(core.map(({ finding }) => finding.rule.id)).size;
  return rules >= HEAVY || (rules >= HEAVY - 1 && core.some((sighting) => height(sighting) >= HIGH));
}

/** A heavy session with all that is unusual in its time. */
function withAll(core: readonly Sighting[], rare: readonly Sighting[], gap: number): Sighting[] {
  const from = Math.min(...core.map(({ first }) => first)) - gap;
  const to = Math.max(...core.map(({ last }) => last)) + gap;
  const near = rare.filter((sighting) => !core.includes(sighting) && sighting.first >= from && sighting.first <= to);
  return [...core, ...near];
}

function burstsOf(sightings: readonly Sighting[], gap: number): Sighting[][] {
  const bursts: Sighting[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const sighting of sightings) {
    const current = bursts.at(-1);
    if (current !== undefined && sighting.first - end <= gap) current.push(sighting);
    else bursts.push([sighting]);
    end = Math.max(end, sighting.last);
  }
  return bursts;
}

const isDisjoint = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
  for (const entry of a) if (b.has(entry)) return false;
  return true;
};

/** The burst with lesser alerts about its requests or, in its time, its objects. */
function withCompany(core: readonly Sighting[], rare: readonly Sighting[], gap: number): Sighting[] {
  const from = Math.min(...core.map(({ first }) => first)) - gap;
  const to = Math.max(...core.map(({ last }) => last)) + gap;
  const ids = new Set(core.flatMap(({ finding }) => finding.auditIDs));
  const objects = new Set(core.flatMap((sighting) => [...sighting.objects]));
  const company = rare.filter((sighting) => {
    if (core.includes(sighting)) return false;
    if (sighting.finding.auditIDs.some((id) => ids.has(id))) return true;
    return sighting.first >= from && sighting.first <= to && !isDisjoint(objects, sighting.objects);
  });
  return [...core, ...company];
}

/** A story needs a grave alert, or two different ones. */
function isLoaded(core: readonly Sighting[], members: readonly Sighting[]): boolean {
  if (core.some((sighting) => height(sighting) >= HIGH)) return true;
  return new Set(members.map(({ finding }) => finding.rule.id)).size >= 2;
}

/** Whether an alert of the identity with this key is routine. */
type Routine = (sighting: Sighting, key: string) => boolean;

/** Which alerts of identities at home are routine in this cluster: their rule fires again and again for them, or for many. */
function routineOf(homely: readonly Homely[]): Routine {
  const alerts = new Map<string, number>();
  const identities = new Map<string, Set<string>>();
  for (const { sighting, part } of homely) {
    const { id } = sighting.finding.rule;
    const own = JSON.stringify([id, part.strand.cluster, part.strand.user]);
    alerts.set(own, (alerts.get(own) ?? 0) + 1);
    identities.set(id, (identities.get(id) ?? new Set()).add(part.strand.user));
  }
  return (sighting, key) => {
    const [cluster, user] = JSON.parse(key) as [string | null, string];
    const { id } = sighting.finding.rule;
    const most = height(sighting) >= HIGH ? ROUTINE.high : ROUTINE.medium;
    const own = alerts.get(JSON.stringify([id, cluster, user])) ?? 0;
    return own >= most.alerts || (identities.get(id)?.size ?? 0) >= most.identities;
  };
}
