import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadBaseline } from '../../detect/baseline/baseline-file.ts';
import { EventMapper } from '../../detect/map.ts';
import { controllersOf, type Pack } from '../../detect/pack.ts';
import { holdsOf } from '../../scan/matcher.ts';
import type { SigmaRule } from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { Finding } from '../../store/findings.ts';
import type { EventHit } from '../../store/hit-spool.ts';
import { BASELINE_FOLDER, readBaselineFiles } from '../baseline-files.ts';
import { alertsFrom } from '../detection.ts';
import { eventOf } from '../event-rows.ts';
import { huntingOf } from '../hunting.ts';
import { KnownEvents } from '../proven-hit.ts';
import { type DraftRules, rulesBelow, type StudioRules } from './draft-rules.ts';
import type { RowHit } from './rule-scan.ts';

const PAUSE_AFTER_MS = 12;

/** Rules that have to be matched for a text: its own, and those that its correlations join or its baselines look at. */
export function rulesToMatch({ rules, correlations, baselines, linked }: DraftRules): SigmaRule[] {
  const learnt = baselines.flatMap((one) => (one.isColumnar ? [] : one.rules));
  return [...new Set([...rules, ...rulesBelow(correlations, linked), ...learnt])];
}

/** The alerts that a run would raise for the rules of a text, from the events that meet `rulesToMatch`. */
export async function findingsOfDraft(
  draft: DraftRules,
  rules: StudioRules,
  store: CaseStore,
  hits: readonly RowHit[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const pack = packOf(draft, rules);
  const mapper = new EventMapper(pack);
  const { id: ids } = huntingOf(store).source.index.columns;
  const proven: EventHit[] = [];
  let turn = performance.now();
  // Read as they are kept: each block is unpacked once.
  for (const { row, rules: met } of hits.toSorted((a, b) => (ids[a.row] as number) - (ids[b.row] as number))) {
    const event = ids[row] as number;
    const kept = mapper.keptOf(met, eventOf(store.events, event));
    if (kept !== null) proven.push({ event, rules: met, holds: holdsOf(kept), proof: JSON.stringify(kept) });
    if (performance.now() - turn < PAUSE_AFTER_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    turn = performance.now();
  }
  const baselines = draft.baselines.map(({ document }) => document);
  const own = new Set([...draft.rules, ...draft.correlations, ...baselines].map(({ id, key }) => id ?? key));
  const readers = { events: new KnownEvents(store.events), activity: store.columnReader() };
  const { findings } = alertsFrom(pack, proven, readers, taughtTo(pack, store));
  return findings.filter(({ rule }) => own.has(rule.id));
}

/** What other cases have taught the run before: a draft is judged with the same knowledge. */
function taughtTo(pack: Pack, store: CaseStore): ReadBaseline[] {
  if (pack.baselines.length === 0) return [];
  return readBaselineFiles(
    pack,
    store.findings.rules().filter(({ path }) => path.startsWith(BASELINE_FOLDER)),
  );
}

function packOf(draft: DraftRules, { files, options }: StudioRules): Pack {
  const { lists, settings } = files.set;
  return {
    ...{ rules: rulesToMatch(draft), linked: draft.linked, baselines: draft.baselines },
    ...{ documents: draft.documents, problems: [], lists },
    ...(settings && { settings }),
    options,
    isController: controllersOf(lists),
  };
}
