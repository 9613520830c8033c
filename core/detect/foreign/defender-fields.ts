import type { ForeignShape } from '../../contract/foreign-rows.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an alert is asked for, and how each shape calls it; the first that is there counts. */
const NAMES = {
  type: { rest: ['alertType'], 'event-hub': ['AlertType'], table: ['AlertType'] },
  key: { rest: ['systemAlertId'], 'event-hub': ['SystemAlertId'], table: ['SystemAlertId'] },
  title: { rest: ['alertDisplayName'], 'event-hub': ['AlertDisplayName'], table: ['DisplayName', 'AlertName'] },
  description: { rest: ['description'], 'event-hub': ['Description'], table: ['Description'] },
  level: { rest: ['severity'], 'event-hub': ['Severity'], table: ['AlertSeverity'] },
  status: { rest: ['status'], 'event-hub': ['Status'], table: ['Status'] },
  start: { rest: ['startTimeUtc'], 'event-hub': ['StartTimeUtc'], table: ['StartTime'] },
  end: { rest: ['endTimeUtc'], 'event-hub': ['EndTimeUtc'], table: ['EndTime'] },
  tactics: { rest: ['intent'], 'event-hub': ['Intent'], table: ['Tactics'] },
  techniques: { rest: ['techniques'], 'event-hub': ['Techniques'], table: ['Techniques'] },
  subTechniques: { rest: ['subTechniques'], 'event-hub': ['SubTechniques'], table: ['SubTechniques'] },
  compromised: { rest: ['compromisedEntity'], 'event-hub': ['CompromisedEntity'], table: ['CompromisedEntity'] },
  resource: { rest: ['azureResourceId'], 'event-hub': ['AzureResourceId'], table: ['ResourceId'] },
  entities: { rest: ['entities'], 'event-hub': ['Entities'], table: ['Entities'] },
  properties: { rest: ['extendedProperties'], 'event-hub': ['ExtendedProperties'], table: ['ExtendedProperties'] },
} as const satisfies Record<string, Record<ForeignShape, readonly string[]>>;

export type FieldName = keyof typeof NAMES;

/** An alert as it was said, in one of the shapes. */
export interface Said {
  readonly shape: ForeignShape;
  readonly fields: Fields;
}

/** The shape of an object, and its fields; null where it is no alert. */
export function saidBy(value: Json): Said | null {
  const inner = value['properties'];
  if (isObject(inner) && 'alertType' in inner) return said('rest', { systemAlertId: value['name'], ...inner });
  if ('AlertSeverity' in value && 'AlertType' in value) return said('table', value);
  return 'AlertType' in value ? said('event-hub', value) : null;
}

const said = (shape: ForeignShape, value: Json): Said => ({ shape, fields: new Fields(shape, value) });

/** Reads the fields of an alert by what they mean. */
export class Fields {
  readonly #shape: ForeignShape;
  readonly #value: Json;

  constructor(shape: ForeignShape, value: Json) {
    this.#shape = shape;
    this.#value = value;
  }

  /** How the file calls a field. */
  nameOf(field: FieldName): string {
    return NAMES[field][this.#shape][0];
  }

  /** A text that says something, or null. */
  text(field: FieldName): string | null {
    const value = this.#raw(field);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  }

  /** Words of a list, or of a text with commas between them; what means nothing is left out. */
  list(field: FieldName): string[] {
    const value = this.json(field);
    const words = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
    const texts = words.filter((word) => typeof word === 'string').map((word) => word.trim());
    return [...new Set(texts)].filter((word) => word !== '' && word !== 'Unknown');
  }

  /** A value; the table keeps lists and objects as JSON texts. */
  json(field: FieldName): unknown {
    const value = this.#raw(field);
    if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }

  #raw(field: FieldName): unknown {
    const names: readonly string[] = NAMES[field][this.#shape];
    return names.map((name) => this.#value[name]).find((value) => value !== undefined && value !== null);
  }
}
