import { createHash } from 'node:crypto';
import { formatTime, parseTime } from '../../event/time.ts';
import { asList, asObject, asText, own } from '../../event/value.ts';
import { CaseError } from '../../fault.ts';
import { parseJson } from '../../json.ts';
import type { Pack } from '../pack.ts';
import { type Cell, type Cells, DAY_US, HOUR_US } from './cells.ts';
import { cleanCount, type Prior } from './judge.ts';
import type { LinkedBaseline } from './link-baselines.ts';
import { hourProfile } from './spike.ts';

/** What a file of habits says of itself. */
export interface BaselineAbout {
  readonly from: string;
  readonly to: string;
  /** Baselines that it teaches. */
  readonly rules: number;
  /** Identities and other groups that it knows. */
  readonly groups: number;
  /** SHA-256 over all of it but this. */
  readonly sha256: string;
}

/** Habits that were read, for the baselines of a pack. */
export interface ReadBaseline {
  readonly about: BaselineAbout;
  /** By number of the baseline, by JSON of the group-by values. */
  readonly priors: ReadonlyMap<number, ReadonlyMap<string, Prior>>;
  /** Titles of baselines in the file that are not, or not the same, in the pack: nothing of them was taken. */
  readonly passedOver: readonly string[];
}

const FORMAT = 'decklog-baseline';
const VERSION = 1;

/** Tells apart what was learnt by rules of one id but other text. */
const definitionOf = ({ document, rules }: LinkedBaseline): string =>
  sha256([document.text, ...rules.map(({ text }) => text)].join('\n---\n'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes the habits that a case shows as a file for another case. The same habits give the same bytes. */
export function writeBaseline(
  pack: Pack,
  cells: readonly Cells[],
  period: { readonly fromUs: number; readonly toUs: number },
): { readonly text: string; readonly about: BaselineAbout } {
  const rules = pack.baselines.flatMap((linked, index) => {
    const groups = groupsOf(linked, cells[index] as Cells);
    const { id, key, title } = linked.document;
    return groups.length === 0 ? [] : [{ id: id ?? key, title, definition: definitionOf(linked), groups }];
  });
  const from = formatTime(period.fromUs);
  const to = formatTime(period.toUs);
  const body = { format: FORMAT, version: VERSION, from, to, rules };
  const hash = sha256(JSON.stringify(body));
  const groups = rules.reduce((sum, rule) => sum + rule.groups.length, 0);
  return {
    text: `${JSON.stringify({ ...body, sha256: hash }, null, 1)}\n`,
    about: { from, to, rules: rules.length, groups, sha256: hash },
  };
}

/** The groups of all clusters together: a file is about habits, whatever a cluster is called. */
function groupsOf(linked: LinkedBaseline, cells: Cells) {
  const clean = [...cells.byGroup()].flatMap(([, own]) => own.filter((cell) => cleanCount(cell) > 0));
  const groups = Map.groupBy(clean, (cell) => JSON.stringify(JSON.parse(cell.group).slice(1)));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]) => ({ group: JSON.parse(group) as string[], ...priorOf(linked, own) }));
}

function priorOf({ baseline }: LinkedBaseline, cells: readonly Cell[]) {
  const isSpike = baseline.type === 'spike';
  const bucketUs = isSpike ? HOUR_US : DAY_US;
  const buckets = cells.map(({ bucket }) => bucket);
  const days = new Set(buckets.map((bucket) => Math.floor((bucket * bucketUs) / DAY_US)));
  const first = buckets.reduce((a, b) => Math.min(a, b));
  const last = buckets.reduce((a, b) => Math.max(a, b));
  return {
    events: cells.reduce((sum, cell) => sum + cleanCount(cell), 0),
    days: days.size,
    from: formatTime(first * bucketUs),
    to: formatTime((last + 1) * bucketUs),
    terms: isSpike ? [] : termsOf(cells),
    ...(isSpike && { hours: hourProfile(cells, baseline) }),
  };
}

function termsOf(cells: readonly Cell[]): [string, number][][] {
  const parts = cells.map(({ parts: own }) => own.length).reduce((a, b) => Math.max(a, b), 0);
  return Array.from({ length: parts }, (_, part) => {
    const counts = new Map<string, number>();
    for (const cell of cells) {
      for (const term of cell.parts[part] ?? []) counts.set(term, (counts.get(term) ?? 0) + cleanCount(cell));
    }
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  });
}

/** Reads a file of habits for the baselines of a pack. Raises `baseline/invalid` where it is none or was changed. */
export function readBaseline(path: string, text: string, pack: Pack): ReadBaseline {
  const document = documentOf(path, text);
  const { sha256: said, ...body } = document;
  if (body['format'] !== FORMAT || body['version'] !== VERSION)
    throw invalid(path, 'It is no file of habits of this version', 'Make one with `decklog baseline export`.');
  if (sha256(JSON.stringify(body)) !== said)
    throw invalid(path, 'It is not as it was written: its hash differs', 'Get the file again.');
  const priors = new Map<number, ReadonlyMap<string, Prior>>();
  const passedOver: string[] = [];
  let groups = 0;
  for (const rule of asList(body['rules'])) {
    const index = pack.baselines.findIndex(
      (linked) =>
        (linked.document.id ?? linked.document.key) === own(rule, 'id') &&
        definitionOf(linked) === own(rule, 'definition'),
    );
    if (index < 0) passedOver.push(asText(own(rule, 'title')) ?? '');
    else {
      const known = new Map(asList(own(rule, 'groups')).map((group) => readGroup(path, group)));
      groups += known.size;
      priors.set(index, known);
    }
  }
  const about = {
    from: asText(body['from']) ?? '',
    to: asText(body['to']) ?? '',
    rules: priors.size,
    groups,
    sha256: String(said),
  };
  return { about, priors, passedOver };
}

function documentOf(path: string, text: string): Record<string, unknown> {
  try {
    const document = asObject(parseJson(text));
    if (document !== undefined) return document;
  } catch (cause) {
    throw invalid(path, 'It is no JSON', 'Make one with `decklog baseline export`.', cause);
  }
  throw invalid(path, 'It is no file of habits', 'Make one with `decklog baseline export`.');
}

function invalid(path: string, why: string, hint: string, cause?: unknown): CaseError {
  return new CaseError('baseline/invalid', `The baseline ${path} cannot be used. ${why}.`, { hint, cause });
}

/** The hash tells that nothing was changed, not that what was written is sound. */
function readGroup(path: string, raw: unknown): [string, Prior] {
  const [events, days] = [own(raw, 'events'), own(raw, 'days')];
  const [fromUs, toUs] = [parseTime(own(raw, 'from')), parseTime(own(raw, 'to'))];
  const group = own(raw, 'group');
  const isSound = typeof events === 'number' && typeof days === 'number' && fromUs !== null && toUs !== null;
  if (!isSound || !Array.isArray(group)) throw invalid(path, 'A group in it is not as it should be', 'Make it again.');
  const hours = own(raw, 'hours');
  const terms = asList(own(raw, 'terms')).map((part) => asList(part).map(readTerm));
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const prior = {
    events,
    days,
    fromUs,
    toUs,
    terms,
    ...(Array.isArray(hours) && { hours: hours.map((hour) => asList(hour).filter(isNumber)) }),
  };
  return [JSON.stringify(group), prior];
}

function readTerm(raw: unknown): readonly [string, number] {
  const [term, events] = asList(raw);
  return [asText(term) ?? '', typeof events === 'number' ? events : 0];
}

/** What several files teach: where two know one group, the first one counts. */
export function joinPriors(read: readonly ReadBaseline[]): ReadBaseline['priors'] {
  const joined = new Map<number, Map<string, Prior>>();
  for (const { priors } of read) {
    for (const [index, groups] of priors) {
      const known = joined.get(index) ?? new Map<string, Prior>();
      joined.set(index, known);
      for (const [group, prior] of groups) if (!known.has(group)) known.set(group, prior);
    }
  }
  return joined;
}
