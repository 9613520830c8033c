import { type BlastRadius, LEVELS, type Level } from '../../contract/rows.ts';
import { accountOf } from '../../event/identity.ts';
import type { IncidentDraft } from '../../store/incidents.ts';
import { type FoundLink, sayStrand, shortName } from '../links/find-links.ts';
import type { Group } from './join.ts';
import type { Sighting } from './sighting.ts';
import { bySighting, height, heightOf, type Thread } from './threads.ts';

export type Step = IncidentDraft['steps'][number];

/** What a story is told from. */
export interface Material {
  readonly group: Group;
  readonly steps: readonly Step[];
  readonly radius: BlastRadius;
  readonly sightings: readonly Sighting[];
}

/** Titles of rules that one step names. */
const MOST_TITLES = 3;
/** Alerts whose events overlap this much tell of one deed, unless one is so many times wider. */
const SAME = { overlap: 0.5, width: 4 };

/** Alerts by the deeds that they tell of, in the order of time. */
export function stepsOf(sightings: readonly Sighting[], others: ReadonlySet<Sighting>, group: Group): Step[] {
  const clusters: { ids: Set<string>; members: Sighting[] }[] = [];
  const byId = new Map<string, Set<number>>();
  const ordered = [...sightings].sort((a, b) => height(b) - height(a) || bySighting(a, b));
  for (const sighting of ordered) {
    const ids = new Set(sighting.finding.auditIDs);
    const near = new Set([...ids].flatMap((id) => [...(byId.get(id) ?? [])]));
    const home = [...near]
      .sort((a, b) => a - b)
      .find((index) => isSame((clusters[index] as { ids: Set<string> }).ids, ids));
    const index = home ?? clusters.push({ ids, members: [] }) - 1;
    clusters[index]?.members.push(sighting);
    if (home === undefined) for (const id of ids) byId.set(id, (byId.get(id) ?? new Set()).add(index));
  }
  const threadOf = new Map(
    group.threads.flatMap((thread) => thread.sightings.map((sighting) => [sighting, thread] as const)),
  );
  return clusters
    .map(({ members }) =>
      stepOf(
        members,
        threadOf,
        members.every((member) => others.has(member)),
      ),
    )
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : (a.alerts[0] ?? '') < (b.alerts[0] ?? '') ? -1 : 1));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [less, more] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const id of less) if (more.has(id)) shared++;
  return shared >= SAME.overlap * less.size && more.size <= SAME.width * less.size;
}

function stepOf(members: readonly Sighting[], threadOf: ReadonlyMap<Sighting, Thread>, isAftermath: boolean): Step {
  const [lead] = members as [Sighting];
  const strand = threadOf.get(lead)?.strand ?? lead.parts[0]?.strand;
  const titles = [...new Set(members.map(({ finding }) => finding.title))];
  return {
    time: members.map(({ finding }) => finding.firstTime).sort()[0] as string,
    lastTime: members
      .map(({ finding }) => finding.lastTime)
      .sort()
      .at(-1) as string,
    level: lead.finding.level,
    outcome: members.some(({ finding }) => finding.outcome === 'succeeded') ? 'succeeded' : lead.finding.outcome,
    sentence: `${lead.finding.summary.replace(/\.$/, '')} (${titles.slice(0, MOST_TITLES).map(lowerFirst).join('; ')}).`,
    user: strand?.user ?? lead.finding.user,
    address: strand?.address ?? null,
    tactics: [...new Set(members.flatMap(({ finding }) => finding.tactics))].sort(),
    alerts: members.map(({ finding }) => finding.key),
    ...(isAftermath && { isAftermath: true as const }),
  };
}

/** A title inside a sentence; names and abbreviations keep their capitals. */
const lowerFirst = (title: string) =>
  /^[A-Z][a-z]/.test(title) && !/^Kubernetes\b/.test(title) ? title[0]?.toLowerCase() + title.slice(1) : title;

/** What an intruder reached, the worst first: each with how a title says it. */
function gains({ radius, sightings }: Material): string[] {
  const done = sightings.filter(({ finding }) => finding.outcome === 'succeeded');
  const has = (technique: RegExp, least: Level = 'medium') =>
    done.some(
      ({ finding }) =>
        heightOf(finding.level) >= LEVELS.indexOf(least) && finding.attack.some((id) => technique.test(id)),
    );
  const isAdmin = radius.persistence.some(({ detail }) => detail.includes('ClusterRole/cluster-admin'));
  const wide = radius.secrets.some(({ name, namespace }) => name === null && namespace === null);
  return [
    ...(isAdmin ? ['cluster-admin'] : []),
    ...(has(/^T1611$/) ? ['access to nodes'] : []),
    ...(radius.secrets.length > 0 ? [wide ? 'all secrets read' : 'secrets read'] : []),
    ...(has(/^T1496/) ? ['mining'] : []),
    ...(has(/^T1485$/, 'low') ? ['data destroyed'] : []),
    ...(has(/^(T1562|T1070)/) ? ['traces or defences removed'] : []),
    ...(has(/^T1609$/) ? ['commands run in containers'] : []),
    ...(radius.persistence.some(({ removed }) => removed === null) ? ['ways back in left behind'] : []),
  ];
}

const MOST_GAINS = 3;

/** A title that a person understands: how it began, what came of it, from where. */
export function titleOf(material: Material): string {
  const threads = [...material.group.threads].sort((a, b) => a.first - b.first || (a.key < b.key ? -1 : 1));
  const first = threads.reduce((best, thread) => (gainOf(thread) < gainOf(best) ? thread : best));
  const from = fromWhere(threads);
  const found = gains(material).slice(0, MOST_GAINS);
  if (found.length > 0 && (first.kind !== 'session' || threads.filter(({ kind }) => kind !== 'guest').length > 1))
    return `${entryOf(first)} led to ${listed(found)}${from}`;
  const [worst] = [...material.sightings].sort((a, b) => height(b) - height(a) || bySighting(a, b)) as [Sighting];
  return `${worst.finding.title}: ${shortName(first.strand.user)}${from}`;
}

/** When a hand first got what it should not; infinity where it never did. */
function gainOf({ kind, sightings }: Thread): number {
  const done = sightings.filter(
    (sighting) => height(sighting) >= heightOf('medium') && sighting.finding.outcome === 'succeeded',
  );
  return kind === 'guest' ? Number.POSITIVE_INFINITY : Math.min(...done.map(({ first }) => first));
}

/** The addresses with most alerts. */
function fromWhere(threads: readonly Thread[]): string {
  const weights = new Map<string, number>();
  for (const { kind, strand, sightings } of threads) {
    if (kind === 'guest' || strand.address === null) continue;
    weights.set(strand.address, (weights.get(strand.address) ?? 0) + sightings.length);
  }
  const addresses = [...weights].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([address]) => address);
  const more = addresses.length > 2 ? ` and ${addresses.length - 2} more` : '';
  return addresses.length === 0 ? '' : ` from ${addresses.slice(0, 2).join(' and ')}${more}`;
}

function entryOf({ strand, kind }: Thread): string {
  if (kind === 'session') return `Unusual work of ${shortName(strand.user)}`;
  const account = accountOf(strand.user);
  switch (account.kind) {
    case 'anonymous':
      return 'Anonymous access';
    case 'unauthenticated':
      return 'Trying credentials';
    case 'service-account':
      return `A token of ${shortName(strand.user)}`;
    case 'node':
      return `The credential of node ${account.name}`;
    default:
      return `The credential of ${shortName(strand.user)}`;
  }
}

const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** Steps that a chapter tells in full; the others are counted. */
const MOST_TOLD = 6;
const MOST_CHAPTERS = 40;

/** The story: a chapter for each stretch of work by one pair of hands, in the order of time. */
export function chaptersOf(material: Material): string {
  const chapters = chapterise(material.steps.filter((step) => !step.isAftermath));
  const after = material.steps.filter((step) => step.isAftermath).slice(0, MOST_TOLD);
  const teller = new ChapterTeller(material.group);
  const told = chapters.slice(0, MOST_CHAPTERS).map((chapter) => teller.tell(chapter));
  const rest = chapters.length - told.length;
  return [
    ...told,
    ...(rest > 0 ? [`${rest} more stretches of work follow: see the steps.`] : []),
    ...(after.length > 0 ? [`Afterwards, by others: ${after.map(sayStep).join(' ')}`] : []),
    remainsOf(material.radius),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

const handOf = ({ user, address }: Pick<Step, 'user' | 'address'>) => JSON.stringify([user, address]);

/** Steps of one hand that follow each other. */
function chapterise(steps: readonly Step[]): Step[][] {
  const chapters: Step[][] = [];
  for (const step of steps) {
    const current = chapters.at(-1);
    if (current?.[0] !== undefined && handOf(current[0]) === handOf(step)) current.push(step);
    else chapters.push([step]);
  }
  return chapters;
}

/** Tells chapters one after the other; says of each hand once why it can act, as soon as that is known. */
class ChapterTeller {
  readonly #group: Group;
  readonly #seen = new Set<string>();
  readonly #told = new Set<FoundLink>();

  constructor(group: Group) {
    this.#group = group;
  }

  tell(steps: readonly Step[]): string {
    const [first] = steps as [Step];
    const most = new Set(
      [...steps].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level)).slice(0, MOST_TOLD),
    );
    const rest = steps.length - most.size;
    const more = rest > 0 ? [`And ${rest} lesser ${rest === 1 ? 'deed' : 'deeds'}.`] : [];
    return [
      `${minute(first.time)}: ${this.#head(first)}`,
      ...steps.filter((step) => most.has(step)).map(sayStep),
      ...more,
    ].join(' ');
  }

  #head(step: Step): string {
    const strand = { cluster: null, user: step.user, address: step.address };
    const isNew = !this.#seen.has(handOf(step));
    this.#seen.add(handOf(step));
    const ties = this.#group.links.filter(
      (link) =>
        handOf(link.to) === handOf(step) &&
        link.time <= step.time &&
        !this.#told.has(link) &&
        (isNew || !link.kind.startsWith('shared')),
    );
    const tie =
      ties.find(({ kind, certainty }) => certainty === 'sure' && !kind.startsWith('shared')) ??
      ties.find(({ kind }) => !kind.startsWith('shared')) ??
      ties[0];
    for (const link of ties) this.#told.add(link);
    if (tie !== undefined) return `${tie.reason} (${tie.certainty}).`;
    const why = isNew ? this.#group.threads.find((thread) => handOf(thread.strand) === handOf(step))?.why : undefined;
    return `${sayStrand(strand)}${why === undefined ? '' : ` (${why})`}.`;
  }
}

const sayStep = (step: Step) => `${clock(step.time)} ${step.sentence}`;
const minute = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
const clock = (time: string) => `${time.slice(11, 19)}`;

function remainsOf({ persistence, secrets }: BlastRadius): string {
  const left = persistence.filter(({ removed }) => removed === null).length;
  const parts = [
    ...(secrets.length > 0
      ? [`${secrets.length} ${secrets.length === 1 ? 'read' : 'different reads'} of secrets`]
      : []),
    ...(persistence.length > 0
      ? [`${persistence.length} objects made or changed, of which this log shows ${left} not removed`]
      : []),
  ];
  return parts.length === 0 ? '' : `In all: ${listed(parts)}.`;
}
