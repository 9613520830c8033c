import type { Outcome } from '../contract/rows.ts';
import type { AuditEvent } from './audit-event.ts';
import { asText, own } from './value.ts';

/** The HTTP status of the answer, or null before there is one. */
export function codeOf(event: AuditEvent): number | null {
  const text = asText(own(event.responseStatus, 'code'));
  if (text === undefined || !/^[1-9]\d{2}$/.test(text)) return null;
  return Number(text);
}

/** A connection that closed before any answer is recorded with code 200 and this message. */
const CLOSED_EARLY = 'Connection closed early';

/**
 * What became of a request, judged by this one event: `succeeded` (2xx, redirects and 304, 101 of exec and attach),
 * `attempted` (refused with 401 or 403, or no answer seen), `failed` (any other answer, or a panic of the server).
 */
export function outcomeOf(event: AuditEvent): Outcome {
  if (event.stage === 'Panic') return 'failed';
  const code = codeOf(event);
  if (code === null || code === 401 || code === 403) return 'attempted';
  if (own(event.responseStatus, 'message') === CLOSED_EARLY) return 'attempted';
  return code === 101 || (code >= 200 && code < 400) ? 'succeeded' : 'failed';
}
