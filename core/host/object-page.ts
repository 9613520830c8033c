import type { Res } from '../contract/calls.ts';
import type { ObjectStateLine } from '../contract/entity-calls.ts';
import type { HistoryState, ObjectHistory } from '../contract/rows.ts';
import { parseTime } from '../event/time.ts';
import type { CallScope, EngineReq } from './call-scope.ts';
import { type Hunting, huntingOf } from './hunting.ts';

const MOST_CHANGES = 40;
const MOST_CHARACTERS = 400;

/** The history that was told last: paging through it must not rebuild it. */
const told = new WeakMap<Hunting, { readonly object: string; readonly history: ObjectHistory }>();

/** One page of the states of an object, newest first. Raises `object/unknown`. */
export async function objectPage(
  { object, after, limit }: EngineReq<'objects/history'>,
  { store, session, signal, progress }: CallScope,
): Promise<Res<'objects/history'>> {
  const hunting = huntingOf(store);
  const known = told.get(hunting);
  const history = known?.object === object ? known.history : await session.history(object, { signal, progress });
  told.set(hunting, { object, history });
  const states = history.states.toReversed();
  const start = after === undefined ? 0 : states.findIndex(({ event }) => event === after) + 1;
  const page = states.slice(start, start + limit);
  return {
    rows: page.map(toLine),
    next: start + limit < states.length ? (page.at(-1)?.event ?? null) : null,
    total: states.length,
    exists: history.exists,
    notes: history.notes,
  };
}

function toLine({ time, changes, ...state }: HistoryState): ObjectStateLine {
  const { event, user, verb, code, summary, step, sureness, note } = state;
  return {
    ...{ event, user, verb, code, summary, step, sureness, note },
    time: time === null ? null : parseTime(time),
    changes: changes.slice(0, MOST_CHANGES).map((change) => ({
      path: change.path,
      before: shown(change.before),
      after: shown(change.after),
    })),
    moreChanges: Math.max(0, changes.length - MOST_CHANGES),
  };
}

function shown(value: unknown): string | null {
  const text = value === undefined ? null : (JSON.stringify(value) ?? null);
  return text === null || text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
