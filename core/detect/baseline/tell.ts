import type { Baseline } from './baseline.ts';
import type { Learned, Report } from './judge.ts';
import { termValues } from './observe.ts';

/** Terms that one sentence names. */
const MOST_NAMED = 3;

/** Why a report was made, in one or two sentences: what is new, and what was known since when and from how much. */
export function explain(baseline: Baseline, reports: readonly Report[]): string {
  const first = reports[0] as Report;
  const whose = groupText(baseline, first.group);
  const { learned } = first;
  const since = `${numberText(learned.events)} requests on ${plural(learned.days, 'day')} since ${dateOf(learned.fromUs)}`;
  if (first.spike !== undefined) {
    const top = reports.reduce((a, b) => ((b.spike?.count ?? 0) > (a.spike?.count ?? 0) ? b : a)).spike;
    const what = baseline.fields.length === 0 ? 'requests' : `different values of ${baseline.fields.join(', ')}`;
    return `${numberText(top?.count ?? 0)} ${what} in one hour by ${whose}; at that time of day ${numberText(top?.usual ?? 0)} are usual and ${numberText(top?.most ?? 0)} the most ever seen, from ${since}`;
  }
  const fresh = named(
    baseline,
    reports.flatMap((report) => report.fresh.flat()),
  );
  if (first.share !== undefined)
    return `${fresh} is rare for ${whose}: ${(first.share * 100).toPrecision(2)} % of ${since}`;
  if (baseline.isReturning) return `${fresh} is back: silent since ${dateOf(learned.toUs)}, before that ${since}`;
  return `New for ${whose}: ${fresh}. Known ${isAre(learned.known)} ${knownText(baseline, learned)}, learnt from ${since}`;
}

const isAre = (count: number) => (count === 1 ? 'is' : 'are');

function knownText(baseline: Baseline, { known, values }: Learned): string {
  if (known === 0) return 'none';
  const shown = named(baseline, values);
  return known > MOST_NAMED ? `${numberText(known)} such as ${shown.replace(/ and \d+ more$/, '')}` : shown;
}

function named(baseline: Baseline, terms: readonly string[]): string {
  const different = [...new Set(terms)];
  const texts = different.slice(0, MOST_NAMED).map((term) => termText(baseline, term));
  const more = different.length - texts.length;
  return texts.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** A term as people read it: empty parts are left out. */
export function termText(baseline: Baseline, term: string): string {
  const text = termValues(baseline, term)
    .filter((value) => value !== '')
    .join(' ');
  return text === '' ? '(nobody)' : text;
}

function groupText({ groupBy }: Baseline, group: string): string {
  const values = (JSON.parse(group) as (string | null)[]).slice(1);
  return groupBy.length === 0 ? 'this cluster' : values.map((value) => value || '(nobody)').join(' ');
}

const numberText = (value: number) => Math.round(value).toLocaleString('en-US');
const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
const dateOf = (us: number) => new Date(us / 1000).toISOString().slice(0, 10);
