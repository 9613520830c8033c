import type { EventLine } from '../contract/event-calls.ts';
import type { MarkTarget } from '../contract/mark-calls.ts';
import type { EntityKind, EntityRef } from '../contract/scope.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { MarkPlace, StoredMark } from '../store/marks.ts';

/** What names an event for good: the same in another copy of the case. */
export function eventName(fields: Pick<EventFields, 'auditID' | 'stage' | 'time' | 'stageTime'>): string {
  return JSON.stringify([fields.auditID, fields.stage, fields.time, fields.stageTime]);
}

export const entityName = ({ kind, name }: EntityRef): string => `${kind} ${name}`;

/** The lasting place that a page's target means. Raises `event/unknown`, `alert/unknown`, `incident/unknown`. */
export function placeOf(target: MarkTarget, store: CaseStore): MarkPlace {
  switch (target.kind) {
    case 'event':
      return { kind: 'event', name: eventName(fieldsOf(target.id, store)), event: target.id };
    case 'alert':
      return { kind: 'alert', name: store.findings.get(target.id).key, event: null };
    case 'incident':
      return { kind: 'incident', name: store.findings.incidents.get(target.id).key, event: null };
    case 'entity':
      return { kind: 'entity', name: entityName(target.entity), event: null };
    case 'time':
      return { kind: 'time', name: `${target.from} ${target.to}`, event: null };
  }
}

/** The columns of an event that must be there. */
export function fieldsOf(id: number, store: CaseStore): EventFields {
  const fields = store.events.get(id);
  if (fields !== undefined) return fields;
  throw new CaseError('event/unknown', `There is no event ${id} in this case.`);
}

/** Ids of alerts and incidents by their lasting names. */
export interface Names {
  readonly alerts: ReadonlyMap<string, { readonly id: number; readonly title: string }>;
  readonly incidents: ReadonlyMap<string, { readonly id: number; readonly title: string }>;
}

/** What a stored mark stands on now, and in words; null where that is in the case no more. */
export function targetOf(
  mark: StoredMark,
  names: Names,
  lineOf: (event: number) => EventLine,
): { readonly target: MarkTarget | null; readonly title: string } {
  const { targetKind, target: name } = mark;
  switch (targetKind) {
    case 'event':
      if (mark.event === null) return { target: null, title: name };
      return { target: { kind: 'event', id: mark.event }, title: lineOf(mark.event).summary };
    case 'alert':
    case 'incident': {
      const found = (targetKind === 'alert' ? names.alerts : names.incidents).get(name);
      if (found === undefined) return { target: null, title: `an ${targetKind} that the last run did not find` };
      return { target: { kind: targetKind, id: found.id }, title: found.title };
    }
    case 'entity': {
      const space = name.indexOf(' ');
      const entity = { kind: name.slice(0, space) as EntityKind, name: name.slice(space + 1) };
      return { target: { kind: 'entity', entity }, title: entity.name };
    }
    case 'time': {
      const [from = 0, to = 0] = name.split(' ').map(Number);
      return { target: { kind: 'time', from, to }, title: new Date(from / 1000).toISOString() };
    }
  }
}
