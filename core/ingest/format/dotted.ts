import { parseJson } from '../../json.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** Fields of an event that stand alone in a row of columns, with or without a prefix such as `kubernetes.audit.`. */
const EVENT_FIELDS =
  /(?:^|\.)(?:auditID|requestURI|stageTimestamp|requestReceivedTimestamp|objectRef\.\w+|user\.username)$/;
/** Maps whose keys hold dots themselves: what follows the prefix is one key. */
const MAPS = ['annotations', 'user.extra', 'impersonatedUser.extra'];
const NUMBERS = new Set(['responseStatus.code']);

/** Whether a row selects fields of an audit event by dotted names. */
export function isDotted(row: JsonObject): boolean {
  return Object.keys(row).filter((name) => EVENT_FIELDS.test(name)).length >= 2;
}

/** Builds a partial event from dotted column names; list indexes appear as steps (`sourceIPs.0`). */
export function rebuildFromFields(row: JsonObject): JsonObject {
  const prefix = prefixOf(row);
  const event: Record<string, unknown> = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  for (const [name, value] of Object.entries(row)) {
    if (!name.startsWith(prefix) || value === '' || value === null || name.startsWith('@')) continue;
    const path = name.slice(prefix.length);
    place(event, stepsOfName(path), NUMBERS.has(path) ? Number(value) : expand(value));
  }
  return event;
}

function prefixOf(row: JsonObject): string {
  const name = Object.keys(row).find((key) => EVENT_FIELDS.test(key)) ?? '';
  return name.replace(EVENT_FIELDS, '') === '' ? '' : `${name.replace(EVENT_FIELDS, '')}.`;
}

function stepsOfName(name: string): string[] {
  const map = MAPS.find((prefix) => name.startsWith(`${prefix}.`));
  if (map === undefined) return name.split('.');
  const rest = name.slice(map.length + 1);
  const index = map === 'annotations' ? null : /^(.*)\.(\d+)$/.exec(rest);
  return index === null ? [...map.split('.'), rest] : [...map.split('.'), index[1]!, index[2]!];
}

function place(target: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  let at: Record<string, unknown> = target;
  for (const [index, key] of steps.slice(0, -1).entries()) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    const isList = /^\d{1,4}$/.test(steps[index + 1]!);
    const made = isObject(next) || Array.isArray(next) ? next : isList ? [] : {};
    define(at, key, made);
    at = made as Record<string, unknown>;
  }
  define(at, steps.at(-1)!, value);
}

/** Sets an own member, whatever its name. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Columns hold lists and objects as JSON text. */
export function expand(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}
