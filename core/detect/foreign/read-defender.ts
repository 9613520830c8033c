import type { ForeignFacts, ForeignShape } from '../../contract/foreign-rows.ts';
import type { Level } from '../../contract/rows.ts';
import { formatTime, parseTime } from '../../event/time.ts';
import { CaseError } from '../../fault.ts';
import { entitiesOf } from './defender-entities.ts';
import { type Fields, isObject, type Said, saidBy } from './defender-fields.ts';

/** Alerts of a file, and how they stood there. */
export interface ReadAlerts {
  readonly shape: ForeignShape;
  readonly alerts: readonly ForeignFacts[];
}

export const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ALERTS = 100_000;

const LEVELS: Readonly<Record<string, Level>> = {
  informational: 'informational',
  low: 'low',
  medium: 'medium',
  high: 'high',
};
/** The vendor's own slip, and the prefix of its first years. */
const MISSPELT: Readonly<Record<string, string>> = { K8S_AbnormalMiAcitivty: 'K8S_AbnormalMiActivity' };

/**
 * Reads an export of Defender for Cloud: what its alerts API answers (one alert, a list, or `{value: []}`), alerts as they are sent to
 * Event Hubs, or rows of the SecurityAlert table; as one JSON document or a JSON value a line. Raises `foreign/invalid` with the place of
 * the first alert that is none: a file counts as a whole or not at all.
 */
export function readDefender(bytes: Uint8Array): ReadAlerts {
  if (bytes.length > MOST_BYTES) throw invalid('The file is larger than 64 MiB.', 'Export a shorter stretch of time.');
  const found = documentsOf(textOf(bytes)).flatMap(({ line, value }) =>
    alertsIn(value).map((alert) => ({ line, alert })),
  );
  if (found.length === 0) throw invalid('The file holds no alert.', 'Export alerts of Defender for Cloud as JSON.');
  if (found.length > MOST_ALERTS)
    throw invalid(`The file holds more than ${MOST_ALERTS} alerts.`, 'Export a shorter stretch of time.');
  const read = found.map(({ line, alert }, index) => readAlert(alert, { number: index + 1, line }));
  return { shape: read[0]?.shape as ForeignShape, alerts: read.map(({ facts }) => facts) };
}

const invalid = (message: string, hint: string, line?: number): CaseError =>
  new CaseError('foreign/invalid', message, { hint, ...(line !== undefined && { at: { line } }) });

/** Text in UTF-8, or in UTF-16 with a mark in front. */
function textOf(bytes: Uint8Array): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(bytes);
}

interface Document {
  /** Counts from 1; unset where the file is one document. */
  readonly line?: number;
  readonly value: unknown;
}

function documentsOf(text: string): Document[] {
  if (/[\0-\x08]/.test(text.slice(0, 1000)))
    throw invalid('The file is no text.', 'Unpack it, if it is packed; alerts are read as JSON.');
  try {
    return [{ value: JSON.parse(text) }];
  } catch {
    const lines = text.split(/\r?\n/).map((line, index) => ({ line: index + 1, text: line }));
    const written = lines.filter((line) => line.text.trim() !== '');
    if (written.length < 2) throw invalid('The file is no JSON.', 'Export the alerts again, as JSON.');
    return written.map(({ line, text: one }) => ({ line, value: parsedLine(one, line) }));
  }
}

function parsedLine(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`Line ${line} is no JSON.`, 'Export the alerts again, as JSON or JSON lines.', line);
  }
}

/** Alerts in lists and in the wrappers of the API and of Event Hubs. */
function alertsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(alertsIn);
  if (!isObject(value)) return [value];
  const wrapped = value['value'] ?? value['records'];
  return Array.isArray(wrapped) ? wrapped.flatMap(alertsIn) : [value];
}

interface Where {
  readonly number: number;
  readonly line: number | undefined;
}

function readAlert(value: unknown, where: Where): { shape: ForeignShape; facts: ForeignFacts } {
  const said = isObject(value) ? saidBy(value) : null;
  if (said === null)
    throw invalid(
      `${placeText(where)} is no alert of Defender for Cloud: it has neither AlertType nor properties.alertType.`,
      'Choose an export of alerts: from the alerts API, from Event Hubs, or from the SecurityAlert table.',
      where.line,
    );
  return { shape: said.shape, facts: factsOf(said, where) };
}

const placeText = ({ number, line }: Where): string => `Alert ${number}${line === undefined ? '' : ` (line ${line})`}`;

function factsOf(said: Said, where: Where): ForeignFacts {
  const { fields } = said;
  const firstTime = timeOf(fields, 'start', where);
  const lastTime = fields.text('end') === null ? firstTime : timeOf(fields, 'end', where);
  const type = needed(fields, 'type', where);
  return {
    key: needed(fields, 'key', where),
    type: canonicalType(type),
    title: fields.text('title') ?? type,
    description: fields.text('description') ?? '',
    level: levelOf(fields, where),
    status: fields.text('status') ?? '',
    firstTime,
    // One whose clock ran back has no length.
    lastTime: [firstTime, lastTime].sort().at(-1) as string,
    tactics: fields.list('tactics').map(kebab),
    attack: [...fields.list('techniques'), ...fields.list('subTechniques')],
    ...entitiesOf(fields),
  };
}

function needed(fields: Fields, name: 'key' | 'type' | 'start' | 'end', where: Where): string {
  const text = fields.text(name);
  if (text !== null) return text;
  const hint = 'Export the alerts again with all their fields.';
  throw invalid(`${placeText(where)} has no ${fields.nameOf(name)}.`, hint, where.line);
}

function timeOf(fields: Fields, name: 'start' | 'end', where: Where): string {
  const text = needed(fields, name, where);
  const time = parseTime(text);
  if (time !== null) return formatTime(time);
  const hint = 'Times are to stand as in 2026-03-04T05:06:07Z.';
  throw invalid(`${placeText(where)}: ${fields.nameOf(name)} is no time: ${text.slice(0, 60)}.`, hint, where.line);
}

function levelOf(fields: Fields, where: Where): Level {
  const text = fields.text('level') ?? 'Informational';
  const level = LEVELS[text.toLowerCase()];
  if (level !== undefined) return level;
  const hint = 'It is to be Informational, Low, Medium or High.';
  throw invalid(`${placeText(where)}: ${fields.nameOf('level')} is ${text.slice(0, 60)}.`, hint, where.line);
}

function canonicalType(type: string): string {
  const today = type.replace(/^AKS_/, 'K8S_');
  return MISSPELT[today] ?? today;
}

/** `PrivilegeEscalation` as `privilege-escalation`. */
const kebab = (word: string): string => word.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
