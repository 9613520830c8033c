import type { Preview, Share } from '../../contract/studio-calls.ts';
import type { SigmaRule } from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { EventIndex } from '../../store/event-index.ts';
import { linesOf } from '../event-lines.ts';
import { eventOf } from '../event-rows.ts';
import { type Hunting, huntingOf } from '../hunting.ts';
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
  const { source } = huntingOf(store);
  const { index } = source;
  const hasErrors = draft.problems.some(({ severity }) => severity === 'error');
  const matched = hasErrors ? [] : rulesToMatch(draft);
  const scan = scanOf(huntingOf(store), `${store.version} ${draft.path}\n${draft.text}`, matched);
  const isLate = () => performance.now() - started > FIRST_MS;
  await scan.decideUntil(() => until === 'first' && (isLate() || hasDecided(scan, SHOWN)), signal);
  const hits = scan.hits.toSorted((a, b) => a.row - b.row);
  const isProven = until === 'all' && scan.isComplete && hits.length <= MOST_PROVEN;
  const findings = isProven ? await findingsOfDraft(draft, rules, store, hits, signal) : null;
  const inOrder = decidedHits(scan);
  const shown = (inOrder.length > 0 ? inOrder : hits).slice(0, SHOWN);
  const rows = hits.map(({ row }) => row);
  return {
    problems: draft.problems,
    isExact: scan.isComplete && !hasErrors,
    events: hits.length,
    alerts: hasErrors ? null : (findings?.length ?? null),
    first: linesOf(
      shown.map(({ row }) => index.columns.id[row] as number),
      store,
    ),
    matched: shown.flatMap((hit) => matchedFields(hit, matched, store, index)),
    ...histogram(rows, index),
    identities: shares(rows, nameReader(index)),
    objects: shares(rows, objectReader(index)),
    read: scan.candidates,
    ofEvents: index.columns.count,
    ms: Math.round(performance.now() - started),
  };
}

let last: { readonly hunting: Hunting; readonly key: string; readonly scan: RuleScan } | null = null;

/** What was begun for the first matches is gone on with for the rest, and for the next question about the same text. */
function scanOf(hunting: Hunting, key: string, rules: readonly SigmaRule[]): RuleScan {
  if (last?.hunting === hunting && last.key === key) return last.scan;
  const scan = new RuleScan(hunting.source, rules);
  last = { hunting, key, scan };
  return scan;
}

function hasDecided({ hits, decidedTo }: RuleScan, wanted: number): boolean {
  let decided = 0;
  for (const { row } of hits) if (row < decidedTo && ++decided >= wanted) return true;
  return false;
}

/** In order; those before which everything is decided. */
function decidedHits(scan: RuleScan): RowHit[] {
  return scan.hits.filter(({ row }) => row < scan.decidedTo).sort((a, b) => a.row - b.row);
}

function matchedFields({ row, rules }: RowHit, all: readonly SigmaRule[], store: CaseStore, index: EventIndex) {
  const id = index.columns.id[row] as number;
  const event = eventOf(store.events, id);
  const found = rules.flatMap((rule) => all[rule]?.explain(event) ?? []).slice(0, MOST_MATCHED);
  return found.map(({ field, value }) => ({ event: id, field, value: String(value).slice(0, LONGEST) }));
}

function histogram(rows: readonly number[], { columns }: EventIndex): Pick<Preview, 'range' | 'bars'> {
  const times = rows.map((row) => columns.time[row] as number).filter((time) => !Number.isNaN(time));
  const all = columns.time.filter((time) => !Number.isNaN(time));
  const [from, to] = [all[0], all.at(-1)];
  if (from === undefined || to === undefined) return { range: null, bars: [] };
  const bars = new Array<number>(BARS).fill(0);
  const step = Math.max(1, (to - from + 1) / BARS);
  for (const time of times) {
    const bar = Math.min(BARS - 1, Math.floor((time - from) / step));
    bars[bar] = (bars[bar] as number) + 1;
  }
  return { range: { from, to }, bars };
}

/** Most frequent first. */
function shares(rows: readonly number[], read: (row: number) => string): Share[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = read(row);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, events]) => ({ name, events }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SHARES);
}

function nameReader(index: EventIndex): (row: number) => string {
  const { ids, read } = index.texts('user');
  const acted = index.texts('impersonatedUser');
  return (row) => acted.read(acted.ids[row] as number) ?? read(ids[row] as number) ?? '';
}

/** `namespace/resource/name`, as far as the columns tell. */
function objectReader(index: EventIndex): (row: number) => string {
  const columns = (['namespace', 'resource', 'name'] as const).map((column) => index.texts(column));
  return (row) =>
    columns
      .map(({ ids, read }) => read(ids[row] as number))
      .filter(Boolean)
      .join('/');
}
