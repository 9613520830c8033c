import type { AuditEvent } from '../../event/audit-event.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { type Hunting, huntingOf } from '../hunting.ts';

/** An event that proves alerts, with the rules that raised them. */
export interface ProvenEvent {
  readonly event: AuditEvent;
  readonly rules: readonly string[];
}

/** Events that a draft is tried on where all would take too long. */
export interface SampledEvents {
  /** From all over the case. */
  readonly usual: readonly AuditEvent[];
  readonly proven: readonly ProvenEvent[];
  /** How many there are that prove alerts. */
  readonly allProven: number;
  /** Titles of the rules that raised alerts, by id. */
  readonly titles: ReadonlyMap<string, string>;
}

const USUAL = 400;
const USUAL_BLOCKS = 8;
const PROVEN = 600;

const samples = new WeakMap<CaseStore, { readonly version: number; readonly sampled: SampledEvents }>();

/** Read once for each version of the case; the same case gives the same events. */
export async function sampledEvents(store: CaseStore, signal: AbortSignal): Promise<SampledEvents> {
  const { version } = store;
  const known = samples.get(store);
  if (known?.version === version) return known.sampled;
  const hunting = huntingOf(store);
  const alerts = new Map(store.findings.list().map(({ id, rule }) => [id, rule]));
  const rulesByRow = new Map<number, Set<string>>();
  for (const { id, rows } of hunting.proofs()) {
    const rule = alerts.get(id)?.id;
    if (rule === undefined) continue;
    for (const row of rows) {
      const rules = rulesByRow.get(row) ?? new Set();
      rulesByRow.set(row, rules.add(rule));
    }
  }
  const rows = spread(
    [...rulesByRow.keys()].sort((a, b) => a - b),
    PROVEN,
  );
  const proven: ProvenEvent[] = [];
  await readRows(hunting, rows, signal, (row, event) => {
    proven.push({ event, rules: [...(rulesByRow.get(row) ?? [])].sort() });
  });
  const usual: AuditEvent[] = [];
  await readRows(hunting, usualRows(hunting), signal, (_row, event) => usual.push(event));
  const titles = new Map([...alerts.values()].map(({ id, title }) => [id, title]));
  const sampled = { usual, proven, allProven: rulesByRow.size, titles };
  samples.set(store, { version, sampled });
  return sampled;
}

/** Rows of a few blocks from all over the case. */
function usualRows({ source }: Hunting): number[] {
  const { block, count } = source.index.columns;
  const byBlock = Map.groupBy(
    Array.from({ length: count }, (_, row) => row),
    (row) => block[row] as number,
  );
  const blocks = spread(
    [...byBlock.keys()].sort((a, b) => a - b),
    USUAL_BLOCKS,
  );
  return blocks.flatMap((id) => spread(byBlock.get(id) ?? [], USUAL / USUAL_BLOCKS));
}

/** Each block is unpacked once. */
async function readRows(
  { source }: Hunting,
  rows: readonly number[],
  signal: AbortSignal,
  take: (row: number, event: AuditEvent) => void,
): Promise<void> {
  const { id, block } = source.index.columns;
  const byBlock = [...Map.groupBy(rows, (row) => block[row] as number)].sort(([a], [b]) => a - b);
  for (const [blockId, members] of byBlock) {
    signal.throwIfAborted();
    const unpacked = await source.records.block(blockId);
    for (const row of members) take(row, source.event(id[row] as number, unpacked));
  }
}

/** Some of the items, evenly taken. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)] as T);
}
