import type { AuditEvent } from './audit-event.ts';
import { parseTime } from './time.ts';

/**
 * How two records stand to each other (decision 3): `other` events; the `same` one; the same one, of which the left or the
 * right copy is the fuller (the other lost fields on its way); or one key with contradicting content, a `conflict`.
 */
export type Agreement = 'other' | 'same' | 'left-fuller' | 'right-fuller' | 'conflict';

export function compareEvents(left: AuditEvent, right: AuditEvent): Agreement {
  if (JSON.stringify(keyOf(left)) !== JSON.stringify(keyOf(right))) return 'other';
  const leftInRight = isWithin(left, right, 0);
  const rightInLeft = isWithin(right, left, 0);
  if (leftInRight && rightInLeft) return 'same';
  if (leftInRight) return 'right-fuller';
  return rightInLeft ? 'left-fuller' : 'conflict';
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

function keyOf(event: AuditEvent): unknown[] {
  return [
    event.auditID ?? null,
    event.stage ?? null,
    parseTime(event.requestReceivedTimestamp),
    parseTime(event.stageTimestamp),
    field(event.user, 'username') ?? null,
    event.verb ?? null,
    event.requestURI ?? null,
    field(event.responseStatus, 'code') ?? null,
  ];
}

const MAX_DEPTH = 250;

/** Whether all that `part` says, `whole` says too. */
function isWithin(part: unknown, whole: unknown, depth: number): boolean {
  if (part === whole) return true;
  if (depth > MAX_DEPTH || typeof part !== 'object' || typeof whole !== 'object' || part === null || whole === null)
    return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && part.length !== (whole as unknown[]).length) return false;
  return Object.keys(part).every(
    (key) => Object.hasOwn(whole, key) && isWithin(field(part, key), field(whole, key), depth + 1),
  );
}
