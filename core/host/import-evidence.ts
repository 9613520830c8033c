import { createHash } from 'node:crypto';
import type { LimitHit } from '../contract/limits.ts';
import type { Gap, Progress } from '../contract/rows.ts';
import { compareEvents } from '../event/agree.ts';
import { cutBlocks } from '../ingest/cut.ts';
import type { Block, TextEnd } from '../ingest/block.ts';
import type { Member, Source } from '../ingest/member.ts';
import { openMembers } from '../ingest/open.ts';
import { findSources } from '../ingest/source.ts';
import type { PoolResult, ScanPool } from '../scan/pool.ts';
import type { ImportWriter, RecordPlace } from '../store/import-writer.ts';
import type { CallContext, ImportOptions } from './api.ts';
import { Meter } from './meter.ts';
import { readPlace } from './read-place.ts';
import { ServerNames } from './server-names.ts';

/** What an import found, beyond what it wrote. */
export interface Imported {
  readonly firstEvidence: number;
  readonly events: number;
}

/**
 * Reads evidence into a case: streams are unpacked, hashed and cut here, scanned by the pool, and written in the order of
 * the evidence. The caller owns the transaction of `writer`.
 */
export class Importer {
  readonly #writer: ImportWriter;
  readonly #pool: ScanPool;
  readonly #options: ImportOptions;
  readonly #context: CallContext;
  readonly #meter: Meter;
  readonly #spoolFolder: string;
  #firstEvidence = 0;
  #servers = new ServerNames([]);

  constructor(writer: ImportWriter, pool: ScanPool, options: ImportOptions, context: CallContext, spoolFolder: string) {
    this.#writer = writer;
    this.#pool = pool;
    this.#options = options;
    this.#context = context;
    this.#spoolFolder = spoolFolder;
    this.#meter = new Meter('reading', (report: Progress) => context.progress(report));
  }

  async import(paths: readonly string[]): Promise<Imported> {
    const { sources, rejected } = await findSources([...paths]);
    this.#servers = new ServerNames(paths);
    this.#meter.total = sources.reduce((sum, source) => sum + (source.bytes ?? 0), 0);
    for (const source of sources) await this.#importSource(source);
    if (rejected.length > 0) this.#noteRejected(paths, rejected);
    this.#meter.report(true);
    return { firstEvidence: this.#firstEvidence, events: this.#meter.events };
  }

  async #importSource(source: Source): Promise<void> {
    this.#meter.file = source.path;
    const file = this.#writer.beginFile(source.path);
    let digest: { sha256: Buffer; bytes: number } | null = null;
    const members = openMembers(this.#metered(source), {
      passwords: this.#options.passwords,
      signal: this.#context.signal,
      spoolFolder: this.#spoolFolder,
      onSourceEnd: (end) => {
        digest = { sha256: Buffer.from(end.sha256, 'hex'), bytes: end.bytes };
      },
    });
    for await (const member of members) await this.#importMember(file, member);
    const end = digest as { sha256: Buffer; bytes: number } | null;
    if (end === null) throw new Error(`${source.path} was read without its hash`);
    this.#writer.endFile(file, end.sha256, end.bytes);
  }

  /** The same source, counting its bytes as they are read. */
  #metered(source: Source): Source {
    const meter = this.#meter;
    const read = async function* () {
      for await (const chunk of source.read()) {
        meter.bytes += chunk.length;
        meter.report();
        yield chunk;
      }
    };
    return { ...source, path: source.path, bytes: source.bytes, read, ...(source.readAt && { readAt: source.readAt }) };
  }

  async #importMember(file: number, member: Member): Promise<void> {
    const id = this.#writer.beginEvidence(file, {
      path: member.path,
      containers: member.containers,
      server: this.#options.server ?? this.#servers.of(member.path),
      cluster: this.#options.cluster ?? null,
      label: this.#options.label ?? null,
    });
    this.#firstEvidence ||= id;
    const hash = createHash('sha256');
    const seen = { bytes: 0, nearMisses: new Set<string>(), limit: null as LimitHit | null };
    const text = member.kind === 'leaf' ? await this.#readLeaf(member, hash, seen) : null;
    const { end } = member;
    this.#writer.endEvidence({
      sha256: hash.digest(),
      bytes: seen.bytes,
      encoding: text?.encoding ?? 'binary',
      nearMiss: seen.nearMisses.values().next().value ?? null,
      limitHit: end.limitHit ?? text?.limitHit ?? seen.limit,
      rejectedMembers: member.kind === 'archive' || end.rejected.length > 0 ? end.rejected : null,
      warnings: [...end.warnings, ...(text?.warnings ?? [])],
      gaps: (text?.holes ?? []).map(holeAsGap),
    });
  }

  async #readLeaf(member: Member, hash: ReturnType<typeof createHash>, seen: { bytes: number; nearMisses: Set<string>; limit: LimitHit | null }): Promise<TextEnd> {
    const hashed = async function* () {
      for await (const chunk of member.read()) {
        hash.update(chunk);
        seen.bytes += chunk.length;
        yield chunk;
      }
    };
    const waiting: { block: Block; result: Promise<PoolResult> }[] = [];
    const take = async () => {
      const { block, result } = waiting.shift() as (typeof waiting)[number];
      this.#write(block, await result, seen);
    };
    const blocks = cutBlocks(hashed(), { signal: this.#context.signal });
    for (;;) {
      const next = await blocks.next();
      if (next.done) {
        while (waiting.length > 0) await take();
        return next.value;
      }
      this.#context.signal.throwIfAborted();
      const result = this.#pool.scan(next.value, true);
      result.catch(() => {});
      waiting.push({ block: next.value, result });
      if (waiting.length > this.#pool.size * 2) await take();
    }
  }

  #write(block: Block, { worker, scanned, bytes }: PoolResult, seen: { nearMisses: Set<string>; limit: LimitHit | null }): void {
    for (const name of scanned.nearMisses) seen.nearMisses.add(name);
    seen.limit ??= scanned.limits[0]?.hit ?? null;
    this.#meter.events += this.#writer.addBlock({ ...scanned, worker, offset: block.offset, shape: JSON.stringify(block.shape), bytes });
    this.#meter.report();
  }

  /** Links, devices and the like that were met while walking folders: a ledger line of their own. */
  #noteRejected(paths: readonly string[], rejected: readonly { path: string; reason: string }[]): void {
    const nothing = createHash('sha256').digest();
    const file = this.#writer.beginFile(paths.join(', '));
    this.#writer.endFile(file, nothing, 0);
    const id = this.#writer.beginEvidence(file, { path: paths.join(', '), containers: [], server: null, cluster: null, label: this.#options.label ?? null });
    this.#firstEvidence ||= id;
    this.#writer.endEvidence({ sha256: nothing, bytes: 0, encoding: 'binary', nearMiss: null, limitHit: null, rejectedMembers: rejected, warnings: [], gaps: [] });
  }
}

/** A hole in the bytes has no time of its own: offsets are what is known. */
function holeAsGap({ offset, length }: { offset: number; length: number }): Gap {
  return { from: '', to: '', reason: `${length} NUL bytes at offset ${offset}` };
}

/** Compares two records by what their events say. */
export function compareRecords(left: RecordPlace, right: RecordPlace): ReturnType<typeof compareEvents> {
  const a = readPlace(left);
  const b = readPlace(right);
  return a === null || b === null ? 'other' : compareEvents(a.event, b.event);
}
