import { setTimeout } from 'node:timers/promises';
import type { Preview, Share } from '../../contract/studio-calls.ts';
import { groupsOf } from '../../hunt/groups.ts';
import type { RowMask } from '../../hunt/row-mask.ts';
import type { SigmaRule } from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { EventIndex } from '../../store/event-index.ts';
import { linesOf } from '../event-lines.ts';
import { eventOf } from '../event-rows.ts';
import { findingsOfDraft, rulesToMatch } from './draft-findings.ts';
import type { DraftRules, StudioRules } from './draft-rules.ts';
import { type RowHit, RuleScan } from './rule-scan.ts';

/** Matches shown. */
const SHOWN = 20;
const BARS = 60;
const MOST_SHARES = 8;
const MOST_MATCHED = 8;
const LONGEST = 400;
/** After this time (ms) an answer that is to be quick says what was found so far. */
const FIRST_MS = 200;
/** Events from which alerts are still made while somebody types. */
const MOST_PROVEN = 5_000;

/** What the rules of a text find in the case: the events that a run would find. */
export async function preview(
  draft: DraftRules,
  rules: StudioRules,
  until: 'first' | 'count' | 'all',
  store: CaseStore,
  signal: AbortSignal,
): Promise<Preview> {
  const started = performance.now();
  const index = store.index();
  const hasErrors = draft.problems.some(({ severity }) => severity === 'error');
  const matched = hasErrors ? [] : rulesToMatch(draft);
  const scan = scanOf(draft, rules, matched, store);
  if (until === 'first') await decideSome(scan, signal);
  else await scan.decideUntil(() => false, signal);
  const isProven = until === 'all' && scan.isComplete && scan.count <= MOST_PROVEN;
  const findings = isProven ? await findingsOfDraft(draft, rules, store, [...scan.hits()], signal) : null;
  const inOrder = [...take(scan.hits(scan.decidedTo), SHOWN)];
  const shown = inOrder.length > 0 ? inOrder : [...take(scan.hits(), SHOWN)];
  return {
    problems: draft.problems,
    isExact: scan.isComplete && !hasErrors,
    events: scan.count,
    alerts: hasErrors ? null : (findings?.length ?? null),
    first: linesOf(
      shown.map(({ row }) => index.columns.id[row] as number),
      store,
    ),
    matched: shown.flatMap((hit) => matchedFields(hit, matched, store, index)),
    ...histogram(scan.met, index),
    ...sharesOf(scan.met, index),
    read: scan.candidates,
    ofEvents: index.columns.count,
    ms: Math.round(performance.now() - started),
  };
}

let last: {
  readonly index: EventIndex;
  readonly rules: StudioRules;
  readonly key: string;
  readonly scan: RuleScan;
} | null = null;

/**
 * What was begun for the first matches is gone on with for the rest, and for the next question about the same text, as long as
 * the rules, filters and lists that it may refer to are the ones that were read then.
 */
function scanOf(draft: DraftRules, rules: StudioRules, matched: readonly SigmaRule[], store: CaseStore): RuleScan {
  const index = store.index();
  const key = `${draft.path}\n${draft.text}`;
  if (last?.index === index && last.rules === rules && last.key === key) return last.scan;
  const scan = new RuleScan(store, matched, rules.textsFor(draft, matched));
  last = { index, rules, key, scan };
  return scan;
}

/** Until enough is there to be shown, or `FIRST_MS` are over; blocks that threads have by then are decided behind the answer. */
async function decideSome(scan: RuleScan, signal: AbortSignal): Promise<void> {
  const late = new AbortController();
  const isEnough = () => late.signal.aborted || hasDecided(scan, SHOWN);
  await Promise.race([
    scan.decideUntil(isEnough, signal).finally(() => late.abort()),
    setTimeout(FIRST_MS, undefined, { signal: late.signal }).then(
      () => late.abort(),
      () => undefined,
    ),
  ]);
}

const hasDecided = (scan: RuleScan, wanted: number): boolean =>
  scan.count >= wanted && [...take(scan.hits(scan.decidedTo), wanted)].length === wanted;

function* take<T>(all: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const one of all) {
    if (left-- <= 0) return;
    yield one;
  }
}

function matchedFields({ row, rules }: RowHit, all: readonly SigmaRule[], store: CaseStore, index: EventIndex) {
  const id = index.columns.id[row] as number;
  const event = eventOf(store.events, id);
  const found = rules.flatMap((rule) => all[rule]?.explain(event) ?? []).slice(0, MOST_MATCHED);
  return found.map(({ field, value }) => ({ event: id, field, value: String(value).slice(0, LONGEST) }));
}

function histogram(met: RowMask, { columns: { time } }: EventIndex): Pick<Preview, 'range' | 'bars'> {
  const [from, to] = [time.find((each) => !Number.isNaN(each)), time.at(-1)];
  if (from === undefined || to === undefined) return { range: null, bars: [] };
  const bars = new Array<number>(BARS).fill(0);
  const step = Math.max(1, (to - from + 1) / BARS);
  for (let row = 0; row < met.length; row++) {
    const at = time[row] as number;
    if (met[row] === 0 || Number.isNaN(at)) continue;
    const bar = Math.min(BARS - 1, Math.floor((at - from) / step));
    bars[bar] = (bars[bar] as number) + 1;
  }
  return { range: { from, to }, bars };
}

function sharesOf(met: RowMask, index: EventIndex): Pick<Preview, 'identities' | 'objects'> {
  const identities = groupsOf(index, 'identity');
  const { namespace, name, operation } = index.columns;
  const resources = groupsOf(index, 'resource');
  const [width, depth] = [resources.names.length, index.terms.last + 1];
  const resourceOf = (row: number) => resources.keyOf[operation[row] as number] as number;
  return {
    identities: shares(
      met,
      (row) => identities.keyOf[identities.ids[row] as number] as number,
      (row) => identities.names[identities.keyOf[identities.ids[row] as number] as number] ?? '',
    ),
    objects: shares(
      met,
      (row) => ((name[row] as number) * width + resourceOf(row)) * depth + (namespace[row] as number),
      (row) =>
        [
          index.terms.text(namespace[row] as number),
          resources.names[resourceOf(row)],
          index.terms.text(name[row] as number),
        ]
          .filter(Boolean)
          .join('/'),
    ),
  };
}

/** Most frequent first. Rows with the same key have the same name. */
function shares(met: RowMask, keyOf: (row: number) => number, nameOf: (row: number) => string): Share[] {
  const groups = new Map<number, { readonly row: number; events: number }>();
  for (let row = 0; row < met.length; row++) {
    if (met[row] === 0) continue;
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { row, events: 1 });
    else group.events++;
  }
  const most = [...groups.values()].sort((a, b) => b.events - a.events);
  const least = most[MOST_SHARES - 1]?.events ?? 0;
  return most
    .filter(({ events }) => events >= least)
    .map(({ row, events }) => ({ name: nameOf(row), events }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SHARES);
}
