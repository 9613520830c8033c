import type { EventLine, MarkGlance } from '../contract/event-calls.ts';
import { LEVELS } from '../contract/rows.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { summarise } from '../event/summary.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventFields } from '../store/event-reader.ts';
import { eventOf } from './event-rows.ts';
import { fieldsOf } from './mark-places.ts';

const NO_MARKS: MarkGlance = { isStarred: false, tags: [], notes: 0 };

const levels = new WeakMap<CaseStore, { readonly version: number; readonly byEvent: ReadonlyMap<number, number> }>();

/** Levels of the alerts that events prove, read once a version of the case. */
function levelsOf(store: CaseStore): ReadonlyMap<number, number> {
  const { version } = store;
  const known = levels.get(store);
  if (known?.version === version) return known.byEvent;
  const byEvent = store.findings.levelByEvent();
  levels.set(store, { version, byEvent });
  return byEvent;
}

/** Values beyond the columns that a list asks for. */
export type MoreFields = (fields: EventFields, event: AuditEvent) => readonly (string | null)[];

/** Events as lists show them, in the order of the ids. */
export function linesOf(ids: readonly number[], store: CaseStore, more?: MoreFields): EventLine[] {
  const marks = store.marks.eventGlances(ids);
  const byEvent = levelsOf(store);
  return ids.map((id) => {
    const fields = fieldsOf(id, store);
    const event = eventOf(store.events, id);
    const level = byEvent.get(id);
    return {
      ...plainLine(fields),
      summary: summarise(event),
      alertLevel: level === undefined ? null : (LEVELS[level] ?? null),
      marks: marks.get(id) ?? NO_MARKS,
      more: more?.(fields, event) ?? [],
    };
  });
}

function plainLine(fields: EventFields): Omit<EventLine, 'summary' | 'alertLevel' | 'marks' | 'more'> {
  const { id, time, stageTime, auditID, user, impersonatedUser, apiGroup, resource, subresource } = fields;
  const { namespace, name, code, decision, sourceIPs, userAgent, cluster, server, flags } = fields;
  return {
    ...{ id, time, stageTime, auditID, impersonatedUser, apiGroup, resource, subresource },
    ...{ namespace, name, code, decision, userAgent, cluster, server, flags },
    stage: fields.stage ?? '',
    level: fields.level ?? '',
    verb: fields.verb ?? '',
    user: user ?? '',
    sourceIPs: sourceIPs === null ? [] : JSON.parse(sourceIPs),
  };
}
