import type { RedactionProfile } from '../../contract/report.ts';
import type { Redactor } from './redactor.ts';

/** Texts of an event that the API server writes, mostly from lists of its own. */
const KEPT = new Set([
  'kind',
  'apiVersion',
  'level',
  'auditID',
  'stage',
  'verb',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'resource',
  'subresource',
  'apiGroup',
  'creationTimestamp',
  'deletionTimestamp',
  'operation',
]);
/** Objects whose keys are chosen by people. */
const OPEN = new Set([
  'data',
  'stringData',
  'binaryData',
  'labels',
  'annotations',
  'matchLabels',
  'nodeSelector',
  'extra',
  'parameters',
  'capacity',
  'allocatable',
  'options',
]);
/** Parts of an event that hold what clients sent: the profile `strict` leaves them out. */
const BODIES = ['requestObject', 'responseObject', 'annotations'];

/** An audit event with pseudonyms in keys and values, wherever they lie. */
export function redactEvent(event: object, redactor: Redactor, profile: RedactionProfile): object {
  const parts = Object.entries(event).filter(([key]) => profile !== 'strict' || !BODIES.includes(key));
  return object(Object.fromEntries(parts), redactor, false) as object;
}

function any(value: unknown, key: string, redactor: Redactor): unknown {
  if (typeof value === 'string') return KEPT.has(key) ? redactor.word(value) : redactor.name(value);
  if (Array.isArray(value)) return value.map((item) => any(item, key, redactor));
  return typeof value === 'object' && value !== null ? object(value, redactor, OPEN.has(key)) : value;
}

/** Keys of a schema are words such as `nodeName`; any other key may be a name. */
function object(value: object, redactor: Redactor, isOpen: boolean): unknown {
  const entries = Object.entries(value).map(([key, item]) => {
    const shown = !isOpen && /^[a-z][A-Za-z0-9]*$/.test(key) ? key : redactor.text(key);
    return [shown, isOpen && typeof item === 'string' ? redactor.name(item) : any(item, key, redactor)] as const;
  });
  return Object.fromEntries(entries);
}
