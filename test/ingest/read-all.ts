import type { Block, ReadEvent, TextEnd } from '../../core/ingest/block.ts';
import { type CutOptions, cutBlocks } from '../../core/ingest/cut.ts';
import { readBlock } from '../../core/ingest/read-block.ts';

/** One thing that reading said, with its place in the member. */
export interface Said {
  readonly kind: 'event' | 'skipped' | 'malformed';
  readonly offset: number;
  readonly length: number;
  readonly reason?: string;
  readonly auditID?: string | null;
  readonly read?: ReadEvent;
}

export interface Reading {
  readonly said: Said[];
  readonly nearMisses: string[];
  readonly limits: string[];
  readonly blocks: Block[];
  readonly end: TextEnd;
}

export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Cuts and reads all of a member's bytes. */
export async function readAll(bytes: Buffer, options: CutOptions & { chunkBytes?: number } = {}): Promise<Reading> {
  const reading = { said: [] as Said[], nearMisses: [] as string[], limits: [] as string[], blocks: [] as Block[] };
  const cut = cutBlocks(chunksOf(bytes, options.chunkBytes ?? 65_536), options);
  for (;;) {
    const next = await cut.next();
    if (next.done) return { ...reading, end: next.value };
    reading.blocks.push(next.value);
    readInto(next.value, reading);
  }
}

export function readInto(block: Block, reading: Pick<Reading, 'said' | 'nearMisses' | 'limits'>): void {
  const place = (start: number, end: number) => ({ offset: block.offset + start, length: end - start });
  readBlock(block, {
    event: (read) =>
      reading.said.push({ kind: 'event', ...place(read.start, read.end), auditID: String(read.event.auditID), read }),
    skipped: (start, end, reason) => reading.said.push({ kind: 'skipped', ...place(start, end), reason }),
    malformed: (start, end, reason, auditID) =>
      reading.said.push({ kind: 'malformed', ...place(start, end), reason, auditID }),
    nearMiss: (name) => reading.nearMisses.push(name),
    limit: (hit) => reading.limits.push(hit),
  });
}

export function eventsOf(reading: Reading): ReadEvent[] {
  return reading.said.flatMap((item) => (item.read === undefined ? [] : [item.read]));
}
