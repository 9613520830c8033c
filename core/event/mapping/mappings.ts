import { ecs } from './ecs.ts';
import { falco } from './falco.ts';
import type { FieldMapping } from './field-mapping.ts';
import { panther } from './panther.ts';

/** Styles of field names that other collections use. */
export const FIELD_STYLES = ['ecs', 'falco', 'panther'] as const;
export type FieldStyle = (typeof FIELD_STYLES)[number];

export const MAPPINGS: Readonly<Record<FieldStyle, FieldMapping>> = { ecs, falco, panther };

/** The style that a field name can only belong to, if there is one. */
export function styleOf(name: string): FieldStyle | undefined {
  return FIELD_STYLES.find((style) => MAPPINGS[style].marks.some((mark) => name.startsWith(mark)));
}
