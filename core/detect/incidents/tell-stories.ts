import { createHash } from 'node:crypto';
import type { ActorChain, IdentityLink } from '../../contract/rows.ts';
import type { EventFields } from '../../store/event-reader.ts';
import type { Finding } from '../../store/findings.ts';
import type { IncidentDraft, Stories } from '../../store/incidents.ts';
import { type DeedRequest, type StrandRow, strandKey } from '../../store/strand-reader.ts';
import type { Facts } from '../links/facts.ts';
import { byPlace, type Deed, DeedIndex, type FoundLink, findLinks, type Suspect } from '../links/find-links.ts';
import { Habits } from '../links/habits.ts';
import { ActorFinder } from './actors.ts';
import { Aftermath, isStory } from './aftermath.ts';
import { blastRadiusOf } from './blast-radius.ts';
import { type Group, joinThreads, sharedLinks } from './join.ts';
import { nextChecksOf } from './next-checks.ts';
import { byTime, type Sighting, sightingOf, strandOf } from './sighting.ts';
import { chaptersOf, stepsOf, titleOf } from './story.ts';
import { levelOf, tacticsOf } from './tactics.ts';
import {
  isAccountWrite,
  isCertificateWrite,
  isMaking,
  isRemoval,
  isTelling,
  isWrite,
  needsFacts,
} from './telling-requests.ts';
import { bySighting, height, heightOf, sessionGap, type Thread, threadsOf } from './threads.ts';

/** What the case is asked for. `core/host` wires the store in. */
export interface Archive {
  /** Null where there are too many to compare. */
  strands(): readonly StrandRow[] | null;
  fieldsOf(event: number): EventFields | undefined;
  /** What events say beyond their columns, read in the order in which they are kept. */
  factsOf(events: readonly number[]): ReadonlyMap<number, Facts>;
  deeds(request: DeedRequest): readonly number[];
  deedsOn(names: readonly string[], isWanted: DeedRequest['isWanted'], most: number): readonly number[];
  deedsOf(isWanted: DeedRequest['isWanted'], most: number): readonly number[];
}

/** What a run knows of its alerts beyond the single alert. */
export interface Told {
  readonly stories: Stories;
  /** Who really acted, by the key of the alert. */
  readonly actors: ReadonlyMap<string, ActorChain>;
  /** Limits that were reached. */
  readonly warnings: readonly string[];
}

/** Requests of suspects that are looked at, and events of which more than the columns is read. */
export const MOST_DEEDS = 50_000;
export const MOST_FACTS = 5000;
const MOST_SUSPECTS = 2000;

/**
 * From alerts to stories: who acts with whose means, and which alerts are the work of one intruder. The answer depends on what
 * the case holds, never on the order in which it came.
 */
export function tellStories(
  findings: readonly Finding[],
  archive: Archive,
  isController: (user: string) => boolean,
): Told {
  const sightings = findings
    .filter(({ identities, suppressed }) => identities === undefined && suppressed === undefined)
    .map((finding) => sightingOf(finding, archive.fieldsOf))
    .sort(bySighting);
  if (sightings.length === 0) return { stories: { incidents: [], links: [] }, actors: new Map(), warnings: [] };
  return new Teller(sightings, archive, isController).tell();
}

class Teller {
  readonly #sightings: readonly Sighting[];
  readonly #archive: Archive;
  readonly #isController: (user: string) => boolean;
  readonly #habits: Habits;
  readonly #warnings: string[] = [];
  #factsLeft = MOST_FACTS;

  constructor(sightings: readonly Sighting[], archive: Archive, isController: (user: string) => boolean) {
    this.#sightings = sightings;
    this.#archive = archive;
    this.#isController = isController;
    const rows = archive.strands();
    if (rows === null)
      this.#warnings.push('Too many identities and addresses to compare: nobody is taken for a stranger.');
    this.#habits = new Habits(rows ?? []);
  }

  tell(): Told {
    const threads = threadsOf(this.#sightings, this.#habits, this.#isController);
    const suspects = this.#suspects(threads);
    const deeds = this.#deeds(threads, suspects);
    const found = findLinks(suspects, new DeedIndex(deeds));
    const links = [...found, ...sharedLinks(threads, this.#habits, deeds, sessionGap(this.#habits.span))].sort(byPlace);
    const groups = joinThreads([...threads, ...this.#guests(threads, found)], links, sessionGap(this.#habits.span));
    const aftermath = new Aftermath(this.#sightings, groups, deeds);
    const incidents = this.#incidents(groups, deeds, aftermath);
    const actors = new ActorFinder(this.#sightings, links, deeds, this.#isController).all();
    return { stories: { incidents, links: links.map(withoutTime) }, actors, warnings: this.#warnings };
  }

  /** Everybody whose alerts are low or worse, but for the parts of the platform that are where they belong. */
  #suspects(threads: readonly Thread[]): Suspect[] {
    const strangers = new Set(threads.filter(({ kind }) => kind === 'stranger').map(({ key }) => key));
    const parts = this.#sightings
      .filter((sighting) => height(sighting) >= heightOf('low'))
      .flatMap(({ parts, finding }) => parts.map((part) => ({ part, finding })))
      .filter(({ part }) => strangers.has(part.key) || !this.#isController(part.strand.user));
    const strands = [...Map.groupBy(parts, ({ part }) => part.key)].sort(
      ([a], [b]) => Number(strangers.has(b)) - Number(strangers.has(a)) || (a < b ? -1 : 1),
    );
    if (strands.length > MOST_SUSPECTS) {
      this.#warnings.push(`Of ${strands.length} suspects only ${MOST_SUSPECTS} were looked at for links.`);
    }
    const chosen = strands.slice(0, MOST_SUSPECTS).map(([key, found]) => {
      const samples = spread(found.flatMap(({ part }) => part.samples).sort(byTime));
      return { key, found, samples };
    });
    const deeds = this.#readDeeds(
      chosen.flatMap(({ samples }) => samples),
      () => true,
    );
    const read = new Map(deeds.map((deed) => [deed.fields, deed]));
    return chosen.map(({ key, found, samples }): Suspect => {
      const successes = found.filter(({ finding }) => finding.outcome === 'succeeded').map(({ part }) => part.last);
      const { strand } = (found[0] as (typeof found)[0]).part;
      return {
        key,
        strand,
        first: Math.min(...found.map(({ part }) => part.first)),
        last: Math.max(...found.map(({ part }) => part.last)),
        isStranger: strangers.has(key),
        hasHome: this.#habits
          .ofUser(strand)
          .some((row) => !strangers.has(strandKey(row)) && this.#habits.foreignness(row) === null),
        successes: successes.sort((a, b) => a - b),
        samples: samples.flatMap((fields) => read.get(fields) ?? []),
      };
    });
  }

  /** Requests of the threads that say what they did, and requests of anybody that explain a suspect. */
  #deeds(threads: readonly Thread[], suspects: readonly Suspect[]): Deed[] {
    const pairs = threads.flatMap(({ strand }) => this.#habits.row(strand)?.pairs ?? []);
    const accounts = suspects.flatMap(({ strand }) => accountName(strand.user) ?? []);
    const ids = new Set([
      ...this.#archive.deeds({ pairs, isWanted: isTelling, most: MOST_DEEDS }),
      ...this.#archive.deedsOn([...new Set(accounts)].sort(), isAccountWrite, MOST_DEEDS),
      ...this.#archive.deedsOf(isCertificateWrite, MOST_FACTS),
      ...this.#archive.deedsOn(this.#carriedOut(), isWrite, MOST_FACTS),
      ...this.#archive.deedsOn(this.#made(pairs), isRemoval, MOST_FACTS),
    ]);
    if (ids.size >= MOST_DEEDS)
      this.#warnings.push(`Only the first ${MOST_DEEDS} requests of suspects were looked at.`);
    const fields = [...ids].flatMap((id) => this.#archive.fieldsOf(id) ?? []);
    const requests = Map.groupBy(fields, (event) =>
      JSON.stringify([event.cluster, event.server, event.auditID, event.time]),
    );
    const last = [...requests.values()].map((stages) => stages.reduce((a, b) => (stageOf(b) > stageOf(a) ? b : a)));
    const wide = new Set(threads.filter(({ kind }) => kind === 'stranger').map(({ key }) => key));
    return this.#readDeeds(last.sort(byTime), (event) => needsFacts(event, wide));
  }

  /** Names of objects that only parts of the platform appear to have dealt with: somebody else wrote them. */
  #carriedOut(): string[] {
    const objects = this.#sightings
      .filter(
        ({ parts, finding }) =>
          heightOf(finding.level) > 0 && parts.every(({ strand }) => this.#isController(strand.user)),
      )
      .flatMap((sighting) => [...sighting.objects]);
    return [...new Set(objects.map((key) => (JSON.parse(key) as string[])[3] as string))].sort();
  }

  /** Names of objects that suspects made: were they taken away again? */
  #made(pairs: DeedRequest['pairs']): string[] {
    const made = this.#archive.deeds({ pairs, isWanted: isMaking, most: MOST_FACTS });
    return [...new Set(made.flatMap((id) => this.#archive.fieldsOf(id)?.name ?? []))].sort();
  }

  /** Requests with what else their events say, where it is asked for. */
  #readDeeds(events: readonly EventFields[], needsMore: (event: EventFields) => boolean): Deed[] {
    const asked = events.filter(needsMore);
    const read = asked.slice(0, this.#factsLeft);
    const warning = `Only ${MOST_FACTS} events were read for links between identities.`;
    if (read.length < asked.length && !this.#warnings.includes(warning)) this.#warnings.push(warning);
    this.#factsLeft -= read.length;
    const facts = this.#archive.factsOf(read.map(({ id }) => id));
    return events.map((fields) => deedOf(fields, facts.get(fields.id) ?? {}));
  }

  /** Identities at home whose pod a suspect entered or started, or whose credential he made: what they then do is his work. */
  #guests(threads: readonly Thread[], links: readonly FoundLink[]): Thread[] {
    const hands = Map.groupBy(threads, ({ strand }) => strandKey(strand));
    const strangers = new Set(threads.filter(({ kind }) => kind === 'stranger').map(({ key }) => key));
    const taken = new Set(threads.flatMap(({ sightings }) => sightings));
    const gap = sessionGap(this.#habits.span);
    const window = 6 * gap;
    const isWorking = ({ kind, first, last }: Thread, at: number) =>
      kind === 'stranger' || (at >= first - gap && at <= last + gap);
    const ties = links.filter(
      ({ kind, certainty, from, to, at }) =>
        (kind === 'stolen-pod-token' || kind === 'started-pod' || (certainty === 'sure' && CREDENTIALS.has(kind))) &&
        (hands.get(strandKey(from)) ?? []).some((thread) => isWorking(thread, at)) &&
        !strangers.has(strandKey(to)),
    );
    return [...Map.groupBy(ties, ({ to }) => strandKey(to))].flatMap(([key, [tie]]): Thread[] => {
      if (tie === undefined) return [];
      const isLasting = tie.kind !== 'stolen-pod-token' && strangers.has(strandKey(tie.from));
      const until = isLasting ? Number.POSITIVE_INFINITY : tie.at + window;
      const sightings = this.#sightings.filter(
        (sighting) =>
          height(sighting) >= heightOf('low') &&
          sighting.parts[0]?.key === key &&
          sighting.first >= tie.at &&
          sighting.first <= until &&
          !taken.has(sighting),
      );
      const first = sightings[0]?.first;
      if (first === undefined) return [];
      const last = Math.max(...sightings.map((sighting) => sighting.last));
      return [
        {
          key: `${key} guest`,
          strand: tie.to,
          kind: 'guest',
          sightings,
          first,
          last,
          why: 'its pod or its credential is in the hands of the intruder',
        },
      ];
    });
  }

  /** An alert of several addresses may lie in the threads of several groups: it belongs to the first story that tells it. */
  #incidents(groups: readonly Group[], deeds: readonly Deed[], aftermath: Aftermath): IncidentDraft[] {
    const told = new Set<string>();
    return groups.flatMap((group) => {
      const incidents = this.#incident(group, deeds, aftermath, told);
      for (const { alerts } of incidents) for (const key of alerts) told.add(key);
      return incidents;
    });
  }

  #incident(group: Group, deeds: readonly Deed[], aftermath: Aftermath, told: ReadonlySet<string>): IncidentDraft[] {
    const isFree = (sighting: Sighting) => !told.has(sighting.finding.key);
    const all = new Set(group.threads.flatMap(({ sightings }) => sightings));
    const own = [...all].filter((sighting) => !aftermath.hasClaimed(sighting) && isFree(sighting)).sort(bySighting);
    if (!isStory(own)) return [];
    const after = aftermath.of(group);
    const sightings = [...own, ...[...after.consequences, ...after.others].filter(isFree)].sort(bySighting);
    const others = new Set(after.others);
    const radius = blastRadiusOf(group, sightings, deeds, this.#habits, this.#isController);
    const steps = stepsOf(sightings, others, group);
    const story = { group, steps, radius, sightings: own };
    const [first] = steps;
    if (first === undefined) return [];
    const earliest = own[0] as Sighting;
    return [
      {
        key: createHash('sha256')
          .update(JSON.stringify(['incident', earliest.finding.key]))
          .digest('hex')
          .slice(0, 32),
        title: titleOf(story),
        level: levelOf(own.map(({ finding }) => finding)),
        story: chaptersOf(story),
        identities: radius.identities.map(({ user }) => user),
        addresses: [...new Set(radius.identities.flatMap(({ addresses }) => addresses))],
        clusters: [...new Set(own.flatMap(({ finding }) => finding.cluster ?? []))].sort(),
        alerts: sightings.map(({ finding }) => finding.key),
        firstTime: first.time,
        lastTime: own
          .map(({ finding }) => finding.lastTime)
          .sort()
          .at(-1) as string,
        tactics: tacticsOf(own.map(({ finding }) => finding)),
        firstEvent: {
          auditID: earliest.finding.auditIDs[0] ?? '',
          time: earliest.finding.firstTime,
          sentence: first.sentence,
        },
        steps,
        links: group.links.map(withoutTime),
        blastRadius: radius,
        nextChecks: nextChecksOf(group, radius, own),
      },
    ];
  }
}

function deedOf(fields: EventFields, facts: Facts): Deed {
  const strand = strandOf(fields);
  const code = fields.code ?? 0;
  const isDone = code === 101 || (code >= 200 && code < 400);
  return { fields, strand, key: strandKey(strand), time: fields.time ?? 0, isDone, facts };
}

const withoutTime = ({ at: _, threads: _tied, ...link }: FoundLink): IdentityLink => link;

const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];
const stageOf = (event: EventFields) => STAGES.indexOf(event.stage ?? '');

/** The first three and the last two. */
const spread = (events: readonly EventFields[]): EventFields[] => [
  ...new Set([...events.slice(0, 3), ...events.slice(-2)]),
];

const accountName = (user: string): string | undefined => /^system:serviceaccount:[^:]+:([^:]+)$/.exec(user)?.[1];

const CREDENTIALS = new Set(['issued-token', 'token-secret', 'certificate']);
