import { createHash } from 'node:crypto';
import type { Learned, Matched, Outcome } from '../contract/rows.ts';
import { formatTime } from '../event/time.ts';
import { mapKey } from '../map-key.ts';
import type { CorrelationItem, Match } from '../sigma/sigma.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { Finding } from '../store/findings.ts';
import type { BaselineItem } from './baseline/observe.ts';
import type { RuleFacts } from './rule-facts.ts';

/** What `map` says of an event that meets rules, beyond the narrow columns. */
export interface EventProof {
  /** The object or its owner, as `deployments/web`; null for requests without one. */
  readonly object: string | null;
  readonly outcome: Outcome;
  /** Whether the actor only carries out what somebody else asked for (a controller). */
  readonly isConsequence: boolean;
  /** What correlations have to remember of it. */
  readonly items?: readonly CorrelationItem[];
  /** What baselines have to remember of it. */
  readonly habits?: readonly BaselineItem[];
  /** Images that it names, where some list of indicators asks for them. */
  readonly images?: readonly string[];
  /** What an alert shows of it, where `map` has said it already; else it is asked for when an alert needs it. */
  readonly telling?: Telling;
}

/** What an alert shows of one event. */
export interface Telling {
  /** One sentence about the event. */
  readonly summary: string;
  /** By the number of the rule, the values that made it meet the rule. */
  readonly matched: Readonly<Record<number, readonly Match[]>>;
}

/** Tells of events that alerts show: few of all that are met. */
export type Tell = (event: ProvenEvent) => Telling;

/** An event that meets a rule. `fields` are those of the request's last stage where it is known. */
export interface ProvenEvent {
  readonly id: number;
  readonly fields: EventFields;
  readonly proof: EventProof;
  /** Of the request's last stage where it is known. */
  readonly outcome: Outcome;
  /** Numbers of the rules that it meets. */
  readonly rules: readonly number[];
}

/** The events that meet one rule, or that one correlation joins under its group. */
export interface RuleHits {
  readonly rule: RuleFacts;
  /** The number of the rule; a correlation has none. */
  readonly index?: number;
  readonly events: readonly ProvenEvent[];
  /** Of a correlation: its group-by values. Its events are one alert. */
  readonly group?: Readonly<Record<string, unknown>>;
  /** What an alert says besides: of a baseline what was learnt, of a list of indicators what was found. */
  readonly said?: Said;
}

/** What made an alert, where that is more than the values of one event. */
export interface Said {
  /** Begins the summary of the alert. */
  readonly explanation: string;
  /** In the place of the rule's title. */
  readonly title?: string;
  readonly matched: readonly { readonly event: number; readonly field: string; readonly value: unknown }[];
  readonly learned?: Learned;
}

/** A request with the stages of it that were met, the last one first. */
interface Request {
  readonly key: string;
  readonly last: ProvenEvent;
  readonly stages: readonly ProvenEvent[];
  readonly time: number;
  readonly actor: string;
}

/** Requests of one episode follow each other within this time. */
const EPISODE_US = 6 * 3600 * 1_000_000;
/** More objects (or namespaces) than this under one rule and actor are one alert. */
const MOST_APART = 10;
/** Requests of an alert whose matched values it lists. */
const MOST_TOLD = 10;
/** A rule that fires for more identities of one cluster than this says nothing of any of them: it makes one alert. */
export const MOST_IDENTITIES = 1000;
/** Audit ids, users and addresses that an alert lists; its events in the case are all of them. */
export const MOST_LISTED = 10_000;

/** Alerts, of whichever rules, whose events are told of together: a block that many of them need is unpacked once. */
export const MOST_TOGETHER = 10_000;

/** An alert whose events are not told of yet. */
export interface Draft {
  readonly finding: Omit<Finding, 'summary' | 'matched'>;
  readonly index: number | undefined;
  readonly explanation: string | undefined;
  /** What it says whatever is told. */
  readonly matched: readonly Matched[];
  /** What its summary tells of. */
  readonly best: ProvenEvent;
  /** Whose matched values it lists. */
  readonly first: readonly ProvenEvent[];
}

/**
 * The last part of detection (map, fold, finish): from all events that meet rules to alerts. Order and split of the
 * evidence leave no trace: requests are ordered by time and identity.
 */
export const finish = (hits: readonly RuleHits[], tell: Tell): Finding[] => tellAll(draftsOf(hits), tell);

/** The alerts of events that meet rules, as far as nothing need be read again. */
export function draftsOf(hits: readonly RuleHits[]): Draft[] {
  return hits.flatMap((hit) => {
    const requests = requestsOf(hit.events);
    if (requests.length === 0) return [];
    if (hit.group !== undefined) return [toDraft(hit, requests, {})];
    return apartOf(requests).map((episode) => toDraft(hit, episode.requests, episode));
  });
}

/** Tells of their events in the order in which they are kept, so that neighbours are read together. */
export function tellAll(drafts: readonly Draft[], tell: Tell): Finding[] {
  const findings: Finding[] = [];
  for (let from = 0; from < drafts.length; from += MOST_TOGETHER) {
    const some = drafts.slice(from, from + MOST_TOGETHER);
    const shown = new Map(some.flatMap(({ best, first }) => [best, ...first]).map((event) => [event.id, event]));
    const inOrder = [...shown.values()].sort((a, b) => a.id - b.id);
    const tellings = new Map(inOrder.map((event) => [event.id, tell(event)]));
    for (const draft of some) findings.push(toFinding(draft, ({ id }) => tellings.get(id) as Telling));
  }
  return findings;
}

/** Episodes, or all requests of a cluster together where a rule fires for everybody. */
function apartOf(requests: readonly Request[]): Episode[] {
  return [...Map.groupBy(requests, ({ last }) => last.fields.cluster).values()].flatMap((own): Episode[] => {
    const identities = new Set(own.flatMap(({ actor, last }) => (last.proof.isConsequence ? [] : [actor]))).size;
    return identities > MOST_IDENTITIES ? [{ requests: own, isMany: true, identities }] : episodesOf(own);
  });
}

const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];
const stageOrder = (event: ProvenEvent) => STAGES.indexOf(event.fields.stage ?? '');

/** Alerts count requests, represented by their last stage (decision 4). */
function requestsOf(events: readonly ProvenEvent[]): Request[] {
  const byRequest = Map.groupBy(events, ({ fields }) =>
    JSON.stringify([fields.cluster, fields.server, fields.auditID, fields.time]),
  );
  return [...byRequest].map(([key, found]) => toRequest(key, found)).sort(byTime);
}

function toRequest(key: string, found: readonly ProvenEvent[]): Request {
  const stages = [...found].sort(
    (a, b) => stageOrder(b) - stageOrder(a) || (b.fields.stageTime ?? 0) - (a.fields.stageTime ?? 0),
  );
  const last = stages[0] as ProvenEvent;
  return {
    key,
    last,
    stages,
    time: last.fields.time ?? 0,
    actor: last.fields.impersonatedUser ?? last.fields.user ?? '',
  };
}

const byTime = (a: Request, b: Request) => a.time - b.time || (a.key < b.key ? -1 : 1);

interface Episode {
  readonly requests: readonly Request[];
  readonly isMany?: boolean;
  /** How many act in it, where they are too many to be told apart. */
  readonly identities?: number;
}

/** One alert per actor, object and episode; controllers' requests go to the episode of whoever caused them. */
function episodesOf(requests: readonly Request[]): Episode[] {
  const scopes = Map.groupBy(requests, (request) =>
    mapKey(JSON.stringify([request.last.fields.cluster, objectKey(request)])),
  );
  const perObject = [...scopes.values()].flatMap((same) => byActor(same).flatMap(splitByTime));
  const perNamespace = joinMany(perObject, ({ last, actor }) => [last.fields.cluster, actor, last.fields.namespace]);
  return joinMany(perNamespace, ({ last, actor }) => [last.fields.cluster, actor]);
}

const objectKey = ({ last: { fields, proof } }: Request) => [
  fields.namespace,
  proof.object ?? [fields.resource, fields.subresource],
];

function byActor(requests: readonly Request[]): Request[][] {
  const actors = Map.groupBy(requests, (request) => (request.last.proof.isConsequence ? '' : request.actor));
  const consequences = actors.get('') ?? [];
  actors.delete('');
  if (actors.size === 0) return consequences.length === 0 ? [] : [consequences];
  const groups = [...actors.values()];
  for (const consequence of consequences) causeOf(groups, consequence).push(consequence);
  return groups.map((group) => group.sort(byTime));
}

/** The group with the last request before a consequence, else the first of all. */
function causeOf(groups: Request[][], consequence: Request): Request[] {
  const lastBefore = (group: Request[]) =>
    group.findLast((request) => request.time <= consequence.time)?.time ?? Number.NEGATIVE_INFINITY;
  return groups.reduce((best, group) => (lastBefore(group) > lastBefore(best) ? group : best));
}

function splitByTime(requests: readonly Request[]): Episode[] {
  const episodes: Request[][] = [];
  for (const request of requests) {
    const current = episodes.at(-1);
    if (current !== undefined && request.time - (current.at(-1) as Request).time <= EPISODE_US) current.push(request);
    else episodes.push([request]);
  }
  return episodes.map((found) => ({ requests: found }));
}

/** Joins episodes of one scope where they are many and overlap or follow each other closely. */
function joinMany(episodes: readonly Episode[], scope: (request: Request) => readonly unknown[]): Episode[] {
  const scopes = Map.groupBy(episodes, (episode) => mapKey(JSON.stringify(scope(episode.requests[0] as Request))));
  return [...scopes.values()].flatMap((same) => {
    const episodeOf = new Map(same.map((episode) => [episode.requests[0] as Request, episode]));
    const whole = splitByTime(same.flatMap((episode) => episode.requests).sort(byTime));
    return whole.flatMap((joined) => {
      const parts = joined.requests.flatMap((request) => episodeOf.get(request) ?? []);
      return parts.length > MOST_APART ? [{ ...joined, isMany: true }] : parts;
    });
  });
}

const OUTCOMES: readonly Outcome[] = ['failed', 'attempted', 'succeeded'];
const weight = (request: Request) => OUTCOMES.indexOf(request.last.outcome);

/** The one value that all requests share, or null. */
function shared<T>(requests: readonly Request[], value: (request: Request) => T): T | null {
  const first = value(requests[0] as Request);
  return requests.every((request) => value(request) === first) ? first : null;
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort().slice(0, MOST_LISTED);

function toDraft(hit: RuleHits, requests: readonly Request[], episode: Partial<Episode>): Draft {
  const { rule } = hit;
  const first = requests[0] as Request;
  const best = requests.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  const object =
    shared(requests, (request) => request.last.proof.object) ?? manyObjects(requests, episode.isMany === true);
  const namespace = shared(requests, (request) => request.last.fields.namespace);
  const { cluster } = first.last.fields;
  const caused = requests.find((request) => !request.last.proof.isConsequence) ?? first;
  const finding = {
    key: keyOf([
      rule.id,
      cluster,
      caused.actor,
      namespace,
      object,
      first.last.fields.auditID,
      first.time,
      hit.group ?? null,
    ]),
    rule: { id: rule.id, title: rule.title, path: rule.path },
    level: rule.level,
    title: hit.said?.title ?? rule.title,
    outcome: best.last.outcome,
    user: caused.last.fields.user ?? '',
    users: distinct(requests.flatMap((request) => request.stages.map((stage) => stage.fields.user ?? ''))),
    impersonatedUser: caused.last.fields.impersonatedUser,
    sourceIPs: distinct(requests.flatMap((request) => addresses(request.last.fields))),
    cluster,
    namespace,
    object,
    firstTime: formatTime(first.time),
    lastTime: formatTime((requests.at(-1) as Request).time),
    count: requests.length,
    eventCount: requests.reduce((sum, request) => sum + request.stages.length, 0),
    ...(episode.identities !== undefined && { identities: episode.identities }),
    auditIDs: [...new Set(requests.map((request) => request.last.fields.auditID))].slice(0, MOST_LISTED),
    attack: rule.techniques,
    tactics: rule.tactics,
    defender: rule.defender,
    ...(hit.said?.learned && { learned: hit.said.learned }),
    falsePositives: rule.falsePositives,
    nextSteps: rule.nextSteps,
    events: requests.flatMap((request) => request.stages.map((stage) => stage.fields.id)),
  };
  return {
    finding,
    index: hit.index,
    explanation: hit.said?.explanation,
    matched: hit.said === undefined ? [] : matchedSaid(hit.said, requests),
    best: best.last,
    first: hit.said === undefined ? requests.slice(0, MOST_TOLD).map(({ last }) => last) : [],
  };
}

function toFinding(draft: Draft, tell: Tell): Finding {
  return { ...draft.finding, summary: summaryOf(draft, tell), matched: [...draft.matched, ...matchedOf(draft, tell)] };
}

const addresses = (fields: EventFields): string[] => (fields.sourceIPs === null ? [] : JSON.parse(fields.sourceIPs));

function manyObjects(requests: readonly Request[], isMany: boolean): string | null {
  const resource = shared(requests, (request) => request.last.fields.resource);
  return isMany && resource !== null ? `${resource}/*` : null;
}

function sentence(summary: string, count: number): string {
  const more = count - 1;
  return more === 0 ? summary : `${summary}, and ${more} more ${more === 1 ? 'request' : 'requests'} like it`;
}

function summaryOf({ finding: { count, identities }, best, explanation }: Draft, tell: Tell): string {
  const crowd = identities === undefined ? '' : `; ${identities} identities do it here, so that they are one alert`;
  const told = sentence(tell(best).summary, count) + crowd;
  return explanation === undefined ? told : `${explanation}. ${told}`;
}

function matchedSaid({ matched }: Said, requests: readonly Request[]): Matched[] {
  const ids = new Map(requests.flatMap(({ stages }) => stages.map(({ fields }) => [fields.id, fields.auditID])));
  return matched.flatMap(({ event, field, value }) => {
    const auditID = ids.get(event);
    return auditID === undefined ? [] : [{ auditID, field, value }];
  });
}

/** What made the first requests meet the rule; of a correlation, what made them meet its rules. */
function matchedOf({ first, index }: Draft, tell: Tell): Matched[] {
  return first.flatMap((event) => {
    const { matched } = tell(event);
    const rules = index === undefined ? event.rules : [index];
    return rules
      .flatMap((rule) => matched[rule] ?? [])
      .map(({ field, value }) => ({ auditID: event.fields.auditID, field, value }));
  });
}

/** Stable for the same evidence and rule, across runs and machines (decision 20). */
function keyOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
