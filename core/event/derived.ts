import type { AuditEvent } from './audit-event.ts';
import { accessRows } from './derived/access.ts';
import type { DerivedField, FieldNeeds } from './derived/field.ts';
import { networkRows } from './derived/network.ts';
import { podRows } from './derived/pod.ts';
import { actorRows, connectionRows } from './derived/request.ts';

/** Every derived field, by subject; docs/fields.md is made from it. */
export const DERIVED_FIELDS: readonly DerivedField[] = [
  ...actorRows,
  ...connectionRows,
  ...podRows,
  ...accessRows,
  ...networkRows,
].map(([name, type, needs, read, description]) => ({ name: `decklog.${name}`, type, needs, read, description }));

const byName: ReadonlyMap<string, DerivedField> = new Map(DERIVED_FIELDS.map((field) => [field.name, field]));

/** The reader of a derived field, or undefined for any other name. Readers never throw, whatever an event holds. */
export function derivedField(name: string): ((event: AuditEvent) => unknown) | undefined {
  return byName.get(name)?.read;
}

/** What a derived field needs from the log, or undefined for any other name. */
export function derivedFieldNeeds(name: string): FieldNeeds | undefined {
  return byName.get(name)?.needs;
}
