import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ColumnTexts, Dispatch, emptyKey, fillKey } from '../detect/dispatch.ts';
import type { Pack } from '../detect/pack.ts';
import { addCosts, noCosts, type RuleCosts } from '../detect/rule-costs.ts';
import type { HitColumns } from '../event/hit-columns.ts';
import type { Shape } from '../ingest/block.ts';
import type { ScanPool } from '../scan/pool.ts';
import type { ScannedBlock } from '../scan/scan-block.ts';
import { type CaseStore, placeKey } from '../store/case-store.ts';
import type { ColumnReader } from '../store/column-reader.ts';
import type { HitSpool, SpooledHit } from '../store/hit-spool.ts';
import type { KeptVerdicts } from '../store/verdicts.ts';
import type { CallContext } from './api.ts';
import { giveBack } from './give-back.ts';
import { Meter } from './meter.ts';

/** Events that meet rules. */
export interface Matched {
  readonly hits: readonly SpooledHit[];
  readonly events: number;
  /** Null unless the pool measures. */
  readonly costs: RuleCosts | null;
  /** Of how many events the case had kept what they meet. */
  readonly kept: number;
}

/** Workers that read again, and where hits are put away. */
export interface MatchTools {
  readonly pool: ScanPool;
  readonly spool: HitSpool;
}

/** What one block yields, and how far that brings the run. */
interface Piece {
  readonly bytes: number;
  readonly events: number;
  readonly costs: RuleCosts | null;
  readonly hits: HitColumns;
  /** The event of a hit, by its number; none where the record stands for another. */
  readonly eventOf: (at: number) => number | undefined;
}

/**
 * Matches the events of a case of which nothing is kept with the rules that the pool was given. The columns of the case are asked
 * first, and only the records that they leave open are read again.
 */
export async function matchStored(
  pack: Pack,
  store: CaseStore,
  { pool, spool }: MatchTools,
  { signal, progress }: CallContext,
  kept: KeptVerdicts | null = null,
): Promise<Matched> {
  const meter = new Meter('detecting', progress);
  meter.total = store.glance().rawBytes;
  const hits: SpooledHit[] = kept === null ? [] : [...kept.hits];
  const waiting: Promise<Piece>[] = [];
  const costs = noCosts(pack.rules.length);
  let isProfiled = false;
  const take = async () => {
    const piece = (await waiting.shift()) as Piece;
    for (let at = 0; at < piece.hits.row.length; at++) {
      const event = piece.eventOf(at);
      if (event !== undefined) hits.push(spool.put(event, piece.hits, at));
    }
    if (piece.costs !== null) addCosts(costs, piece.costs);
    isProfiled ||= piece.costs !== null;
    meter.bytes += piece.bytes;
    meter.events += piece.events;
    meter.report();
    giveBack();
  };
  const reader = new BlockMatcher(store, pool, candidatesOf(store.columnReader(), pack, kept?.isOpen));
  for (const block of reader.blocks()) {
    signal.throwIfAborted();
    const piece = reader.match(block);
    piece.catch(() => {});
    waiting.push(piece);
    if (waiting.length > pool.size * 2) await take();
    await nextTurn();
  }
  while (waiting.length > 0) await take();
  meter.bytes = meter.total;
  meter.events = store.glance().events;
  meter.report(true);
  return { hits, events: meter.events, costs: isProfiled ? costs : null, kept: kept?.lastEvent ?? 0 };
}

/** Events by block that columns do not clear of all rules, in the order of their ids. */
type Candidates = ReadonlyMap<number, { readonly ids: number[]; readonly isPlain: boolean }>;

/** Goes over the columns a batch at a time: those of a search take memory for each event. */
function candidatesOf(reader: ColumnReader, pack: Pack, isOpen: (event: number) => boolean = () => true): Candidates {
  const dispatch = new Dispatch(pack.rules, textsOf(reader));
  const found = new Map<number, { ids: number[]; isPlain: boolean }>();
  const key = emptyKey();
  for (const batch of reader.batches()) {
    for (let row = 0; row < batch.count; row++) {
      if (!isOpen(batch.firstEvent + row)) continue;
      const { form, format, flags } = reader.reading(batch.reading[row] as number);
      if (dispatch.verdict(fillKey(key, batch, row, flags)) === null) continue;
      const block = batch.block[row] as number;
      let inBlock = found.get(block);
      if (inBlock === undefined) {
        inBlock = { ids: [], isPlain: true };
        found.set(block, inBlock);
      }
      inBlock.isPlain &&= form === 'verbatim' && format === 'k8s-audit-jsonl';
      inBlock.ids.push(batch.firstEvent + row);
    }
  }
  for (const { ids } of found.values()) ids.sort((a, b) => a - b);
  return found;
}

const textsOf = (reader: ColumnReader): ColumnTexts => ({
  operation: (id) => reader.operation(id),
  actor: (id) => reader.actor(id),
  answer: (id) => reader.answer(id),
  text: (id) => reader.text(id),
  addresses: (id) => reader.address(id),
});

type PackedBlock = ReturnType<CaseStore['packedBlocks']> extends Generator<infer Block> ? Block : never;

/** Has the workers read what is left open in a block. */
class BlockMatcher {
  readonly #store: CaseStore;
  readonly #pool: ScanPool;
  readonly #candidates: Candidates;

  constructor(store: CaseStore, pool: ScanPool, candidates: Candidates) {
    this.#store = store;
    this.#pool = pool;
    this.#candidates = candidates;
  }

  /** Those with candidates. */
  blocks(): Generator<PackedBlock> {
    return this.#store.packedBlocks((id) => this.#candidates.has(id));
  }

  async match(block: PackedBlock): Promise<Piece> {
    const { ids, isPlain } = this.#candidates.get(block.id) as { ids: number[]; isPlain: boolean };
    const shape = JSON.parse(block.shape) as Shape;
    const isByLine = isPlain && shape.kind === 'lines' && shape.encoding === 'utf-8' && shape.open === '';
    const { data, offset, length } = block;
    const lines = isByLine ? this.#placesOf(block.id, ids) : null;
    const { scanned } = await this.#pool.scanPacked({ data, offset, length, shape, lines });
    const { hits, costs } = scanned;
    const eventOf = lines === null ? byPlace(scanned, this.#store, block) : (at: number) => ids[hits.row[at] as number];
    return { bytes: length, events: ids.length, costs, hits, eventOf };
  }

  #placesOf(block: number, ids: readonly number[]): Int32Array {
    const places = new Int32Array(ids.length * 2);
    this.#store
      .records()
      .spans(block, ids)
      .forEach(({ start, length }, at) => {
        places[at * 2] = start;
        places[at * 2 + 1] = start + length;
      });
    return places;
  }
}

function byPlace({ hits, columns }: ScannedBlock, store: CaseStore, { id, firstEvent }: PackedBlock): Piece['eventOf'] {
  if (hits.row.length === 0) return () => undefined;
  const events = store.eventsOfBlock(id, firstEvent);
  return (at) => events.get(placeKey(columns.start[hits.row[at] as number] as number, hits.inner?.[at] ?? null));
}
