import type { EventLine } from '../contract/event-calls.ts';
import { writeOf } from '../event/body.ts';
import { groupsOf } from '../hunt/groups.ts';
import { stringifyJson } from '../json.ts';
import type { CaseStore } from '../store/case-store.ts';
import { linesOf } from './event-lines.ts';
import { eventOf } from './event-rows.ts';
import { huntingOf } from './hunting.ts';
import { indented } from './indented-json.ts';

const WRITES: ReadonlySet<string | null> = new Set(['create', 'update', 'patch']);
/** Writes without a body that are passed over before the search is given up. */
const MOST_PASSED = 500;

/** The last write of the same object before an event whose body was recorded, with the object as it then was known. */
export function previousWrite(
  id: number,
  store: CaseStore,
  signal: AbortSignal,
): { event: EventLine; object: string } | null {
  const { index } = huntingOf(store).source;
  const objects = groupsOf(index, 'object');
  const verbs = index.texts('verb');
  const row = index.rowOf(id);
  const key = objects.keyOf[objects.ids[row] as number];
  if (row < 0 || key === undefined || objects.names[key] === null) return null;
  let passed = 0;
  for (let at = row - 1; at >= 0 && passed < MOST_PASSED; at--) {
    if (objects.keyOf[objects.ids[at] as number] !== key || !WRITES.has(verbs.read(verbs.ids[at] as number))) continue;
    signal.throwIfAborted();
    passed++;
    const other = index.columns.id[at] as number;
    const write = writeOf(eventOf(store.events, other));
    const object = write?.effect ?? write?.intent;
    const [event] = object === undefined ? [] : linesOf([other], store);
    if (event !== undefined) return { event, object: indented(stringifyJson(object)) };
  }
  return null;
}
