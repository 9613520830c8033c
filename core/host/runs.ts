import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { BaselineAbout } from '../detect/baseline/baseline-file.ts';
import type { RuleFiles } from '../detect/load-rules.ts';
import { parseTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import { ScanPool } from '../scan/pool.ts';
import type { CaseStore } from '../store/case-store.ts';
import { asFault } from '../store/connection.ts';
import { HitSpool } from '../store/hit-spool.ts';
import type { ImportWriter } from '../store/import-writer.ts';
import type { KeptVerdicts } from '../store/verdicts.ts';
import type { CallContext, DetectOptions, DetectOutcome, ImportOptions, ImportOutcome } from './api.ts';
import { compileRules, finishRun, forgetGaps, habitsOf, type LoadedRules } from './detection.ts';
import { compareRecords, Importer } from './import-evidence.ts';
import { type Matched, type MatchTools, matchStored } from './match-stored.ts';
import { parseBound } from './time-bound.ts';
import { verdictKey } from './verdict-key.ts';

/** The long work on a case: each in one transaction, with parse workers of its own. */
export interface Run<Files = RuleFiles> {
  readonly store: CaseStore;
  readonly examiner: string;
  readonly files: Files;
}

/** Which part of a case is learnt from, and the file that it goes to. */
export interface BaselinePeriod {
  readonly from?: string;
  readonly to?: string;
  readonly file: string;
}

const now = () => Date.now() * 1000;

/** Imports evidence and runs the rules, if there are any. The case is as before if it comes to no end. */
export async function importRun(
  run: Run<RuleFiles | null>,
  paths: readonly string[],
  { options, context }: { readonly options: ImportOptions; readonly context: CallContext },
): Promise<{ readonly firstEvidence: number; readonly timing: ImportOutcome['timing'] }> {
  const { store, examiner, files } = run;
  const started = performance.now();
  // The workers compile the rules for themselves, at the same time as this thread does.
  const pool = new ScanPool({ rules: files?.set ?? null });
  const spool = spoolBeside(store);
  let writer: ImportWriter | null = null;
  try {
    const rules = files === null ? null : compileRules(files);
    writer = store.beginImport(compareRecords, spool);
    const importer = new Importer(writer, pool, options, context, folderOf(store));
    const { firstEvidence, events } = await importer.import(paths);
    // The workers have matched all that a fresh case holds: what comes now has their memory.
    if (writer.isFresh) await pool.close();
    const hits = writer.finish({ examiner, time: now(), detail: detailOf(paths, options, events) });
    store.forgetIndex();
    context.signal.throwIfAborted();
    const read = performance.now();
    if (rules !== null) {
      const key = verdictKey(rules.set);
      const kept = store.verdicts.read(key, spool);
      const matched =
        matchedOnTheWay(writer, { hits, events }, kept) ??
        (await matchedIn(store, rules, { pool, spool }, context, kept));
      store.verdicts.keep(key, matched.hits);
      finishRun(store, rules, matched, examiner, now());
    }
    writer.commit();
    return { firstEvidence, timing: timingOf(started, read, events) };
  } catch (error) {
    writer?.rollBack();
    forgetGaps(store);
    throw asFault(error, store.path);
  } finally {
    store.forgetIndex();
    spool.close();
    await pool.close();
  }
}

const folderOf = (store: CaseStore): string => dirname(resolve(store.path));

/** Hits of a large log are put away where the case has its place too; a case that is only read may lie where nothing can be written. */
const spoolBeside = (store: CaseStore): HitSpool => new HitSpool(store.isReadOnly ? tmpdir() : folderOf(store));

const detailOf = (paths: readonly string[], options: ImportOptions, events: number) => ({
  paths: paths.map((path) => options.names?.[path] ?? path),
  label: options.label ?? null,
  cluster: options.cluster ?? null,
  events,
});

/**
 * Runs rules over what the case holds. Its events are matched again unless the case keeps what the very same rules have met in the
 * very same evidence.
 */
export async function detectRun(
  { store, examiner, files }: Run,
  { profile = false, again = false }: Pick<DetectOptions, 'profile' | 'again'>,
  context: CallContext,
): Promise<Pick<DetectOutcome, 'profile' | 'timing'>> {
  const started = performance.now();
  const key = verdictKey(files.set);
  const spool = spoolBeside(store);
  const kept = profile || again ? null : store.verdicts.read(key, spool);
  const pool = kept?.isCurrent ? null : new ScanPool({ rules: files.set, profile });
  try {
    const rules = compileRules(files);
    const matched =
      pool === null ? asKept(kept as KeptVerdicts) : await matchedIn(store, rules, { pool, spool }, context, kept);
    context.signal.throwIfAborted();
    const found = store.change(() => {
      if (!kept?.isCurrent) store.verdicts.keep(key, matched.hits);
      return finishRun(store, rules, matched, examiner, now());
    });
    return { profile: found.profile, timing: timingOf(started, started, found.events) };
  } finally {
    spool.close();
    await pool?.close();
  }
}

/** What the rules meet; what comes afterwards has the workers' memory. */
async function matchedIn(
  store: CaseStore,
  { pack }: LoadedRules,
  tools: MatchTools,
  context: CallContext,
  kept: KeptVerdicts | null,
): Promise<Matched> {
  const matched = await matchStored(pack, store, tools, context, kept);
  await tools.pool.close();
  return matched;
}

/** What the workers have matched while they read, with what was kept of all that stood there before; null where something lies between. */
function matchedOnTheWay(
  { isFresh, before }: ImportWriter,
  { hits, events }: Pick<Matched, 'hits' | 'events'>,
  kept: KeptVerdicts | null,
): Matched | null {
  if (isFresh) return { hits, events, costs: null, kept: 0 };
  if (kept?.lastEvent !== before.lastEvent || kept.lastBlock !== before.lastBlock) return null;
  return { hits: [...kept.hits, ...hits], events: before.lastEvent + events, costs: null, kept: before.lastEvent };
}

const asKept = ({ hits, lastEvent }: KeptVerdicts): Matched => ({
  hits,
  events: lastEvent,
  costs: null,
  kept: lastEvent,
});

/** The habits that a case shows, as a file for another case. */
export async function learningRun(
  { store, examiner, files }: Run,
  { from, to, file }: BaselinePeriod,
  context: CallContext,
): Promise<{ text: string; about: BaselineAbout }> {
  const { firstTime, lastTime } = store.glance();
  const fromUs = from === undefined ? parseTime(firstTime) : parseBound(from, 'from');
  const toUs = to === undefined ? parseTime(lastTime) : parseBound(to, 'to');
  if (fromUs === null || toUs === null)
    throw new CaseError('baseline/invalid', 'The case holds no events to learn from.', {
      hint: 'Import evidence first.',
    });
  const pool = new ScanPool({ rules: files.set });
  const spool = spoolBeside(store);
  try {
    const made = await habitsOf(compileRules(files), store, { pool, spool }, context, { fromUs, toUs });
    const detail = { file, ...made.about };
    const action = { examiner, time: now(), name: 'baseline/export', detail, changed: [] };
    if (!store.isReadOnly) store.change(() => store.record(action));
    return made;
  } finally {
    spool.close();
    await pool.close();
  }
}

/** `read`: when the evidence was read and rules began. */
function timingOf(started: number, read: number, events: number): ImportOutcome['timing'] {
  const ended = performance.now();
  return {
    readMs: Math.round(read - started),
    detectMs: Math.round(ended - read),
    totalMs: Math.round(ended - started),
    eventsPerSecond: Math.round(events / Math.max(0.001, (ended - started) / 1000)),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
