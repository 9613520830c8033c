import { type ObservedKind, STRETCHES } from '../../store/observation.ts';
import { classOf, nameOf, targetKey } from './kinds.ts';

/**
 * Something that a log recorded in most of its time and did not record in a part of it. Found by chance alone: what is said to
 * be missing would have been there with near certainty, had nothing changed.
 */
export interface Loss {
  /** First and last stretch of the case's time, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'gone' | 'requestBody' | 'responseBody' | 'answer';
  /** The kinds of events that it is about. */
  readonly matches: (kind: LossSubject) => boolean;
  readonly reason: string;
}

export type LossSubject = Pick<ObservedKind, 'apiGroup' | 'resource' | 'subresource' | 'verb'>;

/** One in a billion: what is rarer than that by chance is no chance. */
const LIKELIHOOD = Math.log(1e-9);
/** Fewer events than this tell nothing about a part of the time. */
const LEAST_EVENTS = 10;
/** A resource counts as regular if it is met in this share of the stretches outside of its silence in which anything was recorded. */
const REGULAR = 0.8;
/** A silence of a regular resource is longer than that many stretches, and than that many times its second-longest. */
const LEAST_SILENCE = 4;
/** Stretches in which a resource must be met before its silence says anything. */
const LEAST_MET = 24;
const TIMES_LONGER = 3;
/** More losses than this are left to the whole: a log that changes all the time has no parts. */
const MOST_LOSSES = 50;

/** Losses of one log, in the order of time. */
export function lossesOf(kinds: readonly ObservedKind[]): Loss[] {
  const counted = kinds.filter((kind) => kind.stretches !== null && kind.resource !== null);
  const byTarget = Map.groupBy(counted, (kind) => targetKey(kind));
  const total = sum(counted);
  const busy = new Uint32Array(STRETCHES).map((_, at) => at).filter((at) => (total[at] as number) > 0);
  const found = [...byTarget.values()].flatMap((same) => [...goneOf(same, busy), ...thinnedOf(same)]);
  return found.sort((a, b) => a.from - b.from || a.to - b.to || (a.reason < b.reason ? -1 : 1)).slice(0, MOST_LOSSES);
}

/** Events of kinds by stretch. */
export function sum(kinds: readonly ObservedKind[]): Uint32Array {
  const total = new Uint32Array(STRETCHES);
  for (const { stretches } of kinds)
    for (let at = 0; at < STRETCHES; at++)
      total[at] = (total[at] as number) + ((stretches as Uint32Array)[at] as number);
  return total;
}

/** A resource of regular use that was not recorded at all for a while, in stretches in which others were: `busy` has their numbers. */
function goneOf(kinds: readonly ObservedKind[], busy: Uint32Array): Loss[] {
  const all = sum(kinds);
  const counts = busy.map((stretch) => all[stretch] as number);
  const silences = runs(counts, (count) => count === 0).sort(
    (a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from,
  );
  const [longest, second] = silences;
  if (longest === undefined) return [];
  const length = longest.to - longest.from + 1;
  const met = counts.filter((count) => count > 0).length;
  const others = second === undefined ? 0 : second.to - second.from + 1;
  const isRegular = met >= LEAST_MET && met >= REGULAR * (counts.length - length);
  if (!isRegular || length < LEAST_SILENCE || length < others * TIMES_LONGER) return [];
  const [from, to] = [busy[longest.from] as number, busy[longest.to] as number];
  const subject = kinds[0] as ObservedKind;
  const key = targetKey(subject);
  const reason = `${nameOf(subject)} not recorded, though regular otherwise`;
  return [{ from, to, kind: 'gone', reason, matches: (kind) => targetKey(kind) === key }];
}

/** Events that lost their bodies or answers for a while, by verb: each has a share of its own. */
function thinnedOf(kinds: readonly ObservedKind[]): Loss[] {
  return [...Map.groupBy(kinds, (kind) => kind.verb).values()].flatMap((same) => [
    ...lossesIn(same, 'requestBody', (kind) => kind.hasRequestBody, 'no request bodies of'),
    ...lossesIn(same, 'responseBody', (kind) => kind.hasResponseBody, 'no response bodies of'),
    ...lossesIn(same, 'answer', (kind) => kind.stage !== 'RequestReceived', 'no answers to requests for'),
  ]);
}

function lossesIn(
  kinds: readonly ObservedKind[],
  kind: Loss['kind'],
  isWhole: (kind: ObservedKind) => boolean,
  words: string,
): Loss[] {
  const whole = kinds.filter(isWhole);
  if (whole.length === 0 || whole.length === kinds.length) return [];
  const all = sum(kinds);
  const kept = sum(whole);
  const subject = kinds[0] as ObservedKind;
  const key = targetKey(subject);
  const matches = (other: LossSubject) =>
    targetKey(other) === key && classOf(other, other.verb) === classOf(subject, subject.verb) && isSame(other, subject);
  return thinned(all, kept).map((run) => ({
    ...run,
    kind,
    matches,
    reason: `${words} ${nameOf(subject)} (${subject.verb ?? 'no verb'})`,
  }));
}

/** Runs of stretches whose events have all lost something that a share of the others has. */
export function thinned(all: Uint32Array, kept: Uint32Array): Run[] {
  return runs(all, (count, at) => count === 0 || kept[at] === 0).flatMap(({ from, to }) => {
    const inside = count(all, from, to);
    const outside = count(all, 0, STRETCHES - 1) - inside;
    const share = outside === 0 ? 0 : count(kept, 0, STRETCHES - 1) / outside;
    const chance = share >= 1 ? Number.NEGATIVE_INFINITY : inside * Math.log(1 - share);
    if (inside < LEAST_EVENTS || chance > LIKELIHOOD) return [];
    const [first, last] = trimmed(all, from, to);
    return [{ from: first, to: last }];
  });
}

/** A verb that was never met shares the fate of its class only as a whole; what was met has its own. */
const isSame = (a: LossSubject, b: LossSubject): boolean => a.verb === b.verb;

export interface Run {
  readonly from: number;
  readonly to: number;
}

function runs(counts: Uint32Array, holds: (count: number, at: number) => boolean): Run[] {
  const found: Run[] = [];
  let from = -1;
  for (let at = 0; at <= counts.length; at++) {
    const isIn = at < counts.length && holds(counts[at] as number, at);
    if (isIn && from < 0) from = at;
    if (isIn || from < 0) continue;
    found.push({ from, to: at - 1 });
    from = -1;
  }
  return found;
}

function count(counts: Uint32Array, from: number, to: number): number {
  let total = 0;
  for (let at = from; at <= to; at++) total += counts[at] as number;
  return total;
}

/** Without the stretches at both ends in which there was nothing to lose. */
function trimmed(counts: Uint32Array, from: number, to: number): [number, number] {
  let [first, last] = [from, to];
  while (first < last && counts[first] === 0) first++;
  while (last > first && counts[last] === 0) last--;
  return [first, last];
}
