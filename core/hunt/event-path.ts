import type { AuditEvent } from '../event/audit-event.ts';
import { asObject, asText, entriesOf } from '../event/value.ts';

/** Asked about each value at the end of a path: a scalar, null, or an object. */
export type ValueTest = (value: unknown) => boolean;

/**
 * Whether some value at the end of the path passes. A list on the way or at the end means any of its elements; any run of
 * steps may be one key that holds dots, and all such readings count.
 */
export function somewhere(event: AuditEvent, steps: readonly string[], test: ValueTest): boolean {
  return follow(event, steps, 0, test);
}

function follow(value: unknown, steps: readonly string[], from: number, test: ValueTest): boolean {
  if (Array.isArray(value)) return value.some((element) => follow(element, steps, from, test));
  if (from === steps.length) return test(value);
  const object = asObject(value);
  if (object === undefined) return false;
  let key = '';
  for (let next = from; next < steps.length; next++) {
    key += next === from ? steps[next] : `.${steps[next]}`;
    if (Object.hasOwn(object, key) && follow(object[key], steps, next + 1, test)) return true;
  }
  return false;
}

/** Whether the value, or some element of it, passes. */
export function within(value: unknown, test: ValueTest): boolean {
  return value !== undefined && follow(value, [], 0, test);
}

/** Whether some key or scalar at any depth passes. */
export function anywhere(value: unknown, test: (text: string) => boolean): boolean {
  if (Array.isArray(value)) return value.some((element) => anywhere(element, test));
  const text = asText(value);
  if (text !== undefined) return test(text);
  return entriesOf(value).some(([key, inner]) => test(key) || anywhere(inner, test));
}
