import type { EventLine } from '../contract/event-calls.ts';
import type { CaseStore } from '../store/case-store.ts';
import { linesOf, type MoreFields } from './event-lines.ts';

/** Blocks of which events are read together: fewer than the reader keeps. */
const BLOCKS_AT_ONCE = 16;

/** Events as lists show them, in the order of the ids. Their blocks are unpacked beside each other, off this thread. */
export async function readLines(ids: readonly number[], store: CaseStore, more?: MoreFields): Promise<EventLine[]> {
  const byBlock = Map.groupBy(ids, (id) => store.events.blockOf(id) ?? 0);
  const blocks = [...byBlock.keys()].filter((block) => block !== 0);
  const lines = new Map<number, EventLine>();
  for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) {
    const batch = blocks.slice(at, at + BLOCKS_AT_ONCE);
    await Promise.all(batch.map((block) => store.events.unpack(block)));
    const members = batch.flatMap((block) => byBlock.get(block) ?? []);
    for (const line of linesOf(members, store, more)) lines.set(line.id, line);
  }
  return ids.flatMap((id) => lines.get(id) ?? []);
}
