import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident bytes below which nothing is given back: it costs a look at all that lives. */
const LEAST = 400 * 1024 * 1024;
/** As many times what was left the last time; less where a process comes near to what it may take. */
const GROWN = 1.2;
const MUCH = 560 * 1024 * 1024;
const GROWN_OF_MUCH = 1.06;

type Collect = (options: {
  readonly type: 'major';
  readonly execution: 'sync';
  readonly flavor: 'last-resort';
}) => void;

let collect: Collect | undefined;
let left = 0;

/**
 * Gives memory back that is used no more, between two parts of a long work that does not wait for anything: V8 keeps the pages of
 * what it has collected for itself until its thread rests, and a run over a large case may hold twice of what it needs.
 */
export function giveBack(): void {
  const resident = process.memoryUsage.rss();
  if (resident < LEAST || resident < left * (resident < MUCH ? GROWN : GROWN_OF_MUCH)) return;
  collect ??= collector();
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  left = process.memoryUsage.rss();
}

/** The only call that empties the pool of pages at once is that of a V8 whose collector is exposed. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
