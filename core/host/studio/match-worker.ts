import { parentPort } from 'node:worker_threads';
import { type PackedBlock, unpackNow } from '../../store/unpack-block.ts';
import { BlockMatcher, type MatchTask, type OpenEvents } from './block-matcher.ts';

/** What the thread is told; a task holds until the next one. */
export type MatchAsk =
  | { readonly kind: 'task'; readonly task: MatchTask }
  | { readonly kind: 'block'; readonly id: number; readonly block: PackedBlock; readonly events: OpenEvents };

/** `verdicts`: those of the events, decided. */
export type MatchTell =
  | { readonly id: number; readonly ok: true; readonly verdicts: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** A thread that matches events of stored blocks with the rules of a text that is being written. */
let matcher: BlockMatcher | Error = new Error('no rules were given');

function compile(task: MatchTask): BlockMatcher | Error {
  try {
    return new BlockMatcher(task);
  } catch (error) {
    return error as Error;
  }
}

function answer({ id, block, events }: MatchAsk & { kind: 'block' }): MatchTell {
  try {
    if (matcher instanceof Error) throw matcher;
    matcher.decide(unpackNow(block), events);
    return { id, ok: true, verdicts: events.verdicts };
  } catch (error) {
    return { id, ok: false, message: (error as Error).stack ?? String(error) };
  }
}

parentPort?.on('message', (ask: MatchAsk) => {
  if (ask.kind === 'task') {
    matcher = compile(ask.task);
    return;
  }
  const told = answer(ask);
  parentPort?.postMessage(told, told.ok ? [told.verdicts.buffer] : []);
});
