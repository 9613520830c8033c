import { FIELD_STYLES, type FieldStyle } from '../../contract/rows.ts';
import { ecs } from './ecs.ts';
import { falco } from './falco.ts';
import type { FieldMapping } from './field-mapping.ts';
import { panther } from './panther.ts';

export const MAPPINGS: Readonly<Record<FieldStyle, FieldMapping>> = { ecs, falco, panther };

/** The style that a field name can only belong to, if there is one. */
export function styleOf(name: string): FieldStyle | undefined {
  return FIELD_STYLES.find((style) => MAPPINGS[style].marks.some((mark) => name.startsWith(mark)));
}
