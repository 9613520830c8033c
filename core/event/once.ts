import type { AuditEvent } from './audit-event.ts';

/** Under this key an event object that stands for one line after the other says which it is now. Others have none. */
export const LINE = Symbol('line');

/** The same function, asked once about each event: many rules ask one event for the same, one event after the other. */
export function oncePerEvent<T>(read: (event: AuditEvent) => T): (event: AuditEvent) => T {
  let last: AuditEvent | null = null;
  let lastLine: unknown;
  let value: T;
  return (event) => {
    const line = (event as { readonly [LINE]?: number })[LINE];
    if (event !== last || line !== lastLine) {
      value = read(event);
      last = event;
      lastLine = line;
    }
    return value;
  };
}
