import { formatTime } from '../event/time.ts';
import { samePlaces, shortPath } from '../report/citations.ts';
import type { ReportMark } from '../report/model.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { StoredMark } from '../store/marks.ts';
import type { Session } from './api.ts';
import { eventOf, toRow } from './event-rows.ts';
import { type Names, targetOf } from './mark-places.ts';

/** What people have starred, tagged and noted, the oldest first, each event with its place. */
export function marksOf(store: CaseStore, session: Session): ReportMark[] {
  const byKey = <T extends { readonly key: string }>(items: readonly T[]) =>
    new Map(items.map((item) => [item.key, item]));
  const names: Names = { alerts: byKey(session.alerts({})), incidents: byKey(session.incidents()) };
  return store.marks.list().map((mark) => {
    const { kind, text, examiner, time } = mark;
    return { kind, text, examiner, time: formatTime(time), ...(eventMark(mark, store) ?? otherMark(mark, names)) };
  });
}

function eventMark({ event: id }: StoredMark, store: CaseStore): Pick<ReportMark, 'on' | 'place'> | null {
  const fields = id === null ? undefined : store.events.get(id);
  if (fields === undefined) return null;
  const row = toRow(fields, eventOf(store.events, fields.id), store.events);
  const { sha256, offset, length, inner } = row.evidence;
  const place = { auditID: row.auditID, sha256, path: shortPath(samePlaces(row)), offset, length, inner };
  return { on: `${row.time} ${row.summary}`, place };
}

function otherMark(mark: StoredMark, names: Names): Pick<ReportMark, 'on' | 'place'> {
  const { title } = targetOf({ ...mark, event: null }, names, () => {
    throw new Error('only marks of events ask for an event');
  });
  return { on: `${mark.targetKind} ${title}`, place: null };
}
