import type { CorrelationType, Limit, Metadata, Reference, SigmaCorrelation } from './model.ts';
import { nearest } from './nearest-name.ts';
import type { Scope } from './scope.ts';
import { entryOf, isNull, type MapEntry, type MapNode, placeOf, type YamlNode } from './yaml-node.ts';

const TYPES: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
];

/** Seconds of the units; `w`, `M` and `y` are known to engines only (Sigma correlations, section Time Selection). */
const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
};

const OPERATORS: readonly Limit['operator'][] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

/** Reads a correlation (Sigma correlations). The rules that it names are looked up when documents are linked. */
export function readCorrelation(metadata: Metadata, entry: MapEntry, scope: Scope): SigmaCorrelation | null {
  if (entry.value.kind === 'map') return new CorrelationReader(metadata, entry, entry.value, scope).read();
  const code = isNull(entry.value) ? 'correlation/missing' : 'correlation/invalid-value';
  scope.report.error({ code, at: placeOf(entry), message: '`correlation` must be a map' });
  return null;
}

class CorrelationReader {
  readonly #metadata: Metadata;
  readonly #entry: MapEntry;
  readonly #map: MapNode;
  readonly #scope: Scope;

  constructor(metadata: Metadata, entry: MapEntry, map: MapNode, scope: Scope) {
    this.#metadata = metadata;
    this.#entry = entry;
    this.#map = map;
    this.#scope = scope;
  }

  read(): SigmaCorrelation | null {
    const { report } = this.#scope;
    const before = report.errors;
    const type = this.#type();
    const rules = this.#rules();
    const parts = {
      groupBy: this.#texts('group-by').map(({ text }) => text),
      timespanUs: this.#timespan(),
      ...this.#condition(type, rules.length),
      ...this.#aliases(),
      generate: this.#generate(),
    };
    if (!type || report.errors > before) return null;
    return { ...this.#metadata, kind: 'correlation', type, rules, ...parts };
  }

  #type(): CorrelationType | null {
    const entry = this.#mandatory('type');
    if (!entry) return null;
    const given = entry.value.kind === 'scalar' ? entry.value.value : null;
    const type = TYPES.find((known) => known === given);
    if (type) return type;
    const near = nearest(String(given), TYPES);
    const message = `There is no correlation type \`${String(given)}\`: ${TYPES.join(', ')}`;
    this.#error('correlation/type', placeOf(entry), message, near && `\`${near}\``);
    return null;
  }

  #rules(): Reference[] {
    const entry = this.#mandatory('rules');
    if (!entry) return [];
    const rules = this.#texts('rules');
    if (rules.length === 0 && entry.value.kind === 'list' && entry.value.items.length === 0) {
      this.#error('correlation/invalid-value', entry.keyAt, '`rules` names no rule');
    }
    return rules;
  }

  /** One text or a list of them. */
  #texts(key: string): Reference[] {
    const entry = entryOf(this.#map, key);
    if (!entry || isNull(entry.value)) return [];
    const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    return items.flatMap((item) => {
      const text = textOf(item);
      const at = item === entry.value || isNull(item) ? placeOf(entry) : item.at;
      if (text !== null) return [{ text, ...this.#scope.report.place(at) }];
      this.#error('correlation/invalid-value', at, `\`${key}\` must be a text or a list of texts`);
      return [];
    });
  }

  #timespan(): number {
    const entry = this.#mandatory('timespan');
    if (!entry) return 0;
    const match = /^(\d{1,9})([smhdwMy])$/.exec(entry.value.kind === 'scalar' ? entry.value.source : '');
    const seconds = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0);
    if (seconds === 0) {
      const message = '`timespan` must be a number above zero and a letter: s, m, h, d, w, M (month) or y';
      this.#error('correlation/timespan', placeOf(entry), message, '`5m`');
    }
    return seconds * 1_000_000;
  }

  #condition(type: CorrelationType | null, ruleCount: number) {
    const entry = entryOf(this.#map, 'condition');
    const needsField = type?.startsWith('value_') ?? false;
    if (!entry || isNull(entry.value)) {
      const isOptional = type === null || type.startsWith('temporal');
      if (!isOptional) this.#missing('condition', entry);
      return { limits: [{ operator: 'gte', value: ruleCount } as const], valueFields: [], percentile: 50 };
    }
    if (entry.value.kind !== 'map') {
      this.#error('correlation/condition', placeOf(entry), '`condition` must be a map such as `gte: 10`');
      return { limits: [], valueFields: [], percentile: 50 };
    }
    const limits = this.#limits(entry, entry.value, type);
    if (type === 'temporal_ordered') this.#checkOrdered(entry, limits, ruleCount);
    const valueFields = this.#fields(entry, entry.value, type);
    const isLacking = needsField && !entryOf(entry.value, 'field');
    if (isLacking)
      this.#error('correlation/field-missing', entry.keyAt, `\`${type}\` needs a \`field\` in its condition`);
    return { limits, valueFields, percentile: this.#percentile(entry.value) };
  }

  #limits(entry: MapEntry, map: MapNode, type: CorrelationType | null): Limit[] {
    const others = ['field', ...(type === 'value_percentile' || type === null ? ['percentile'] : [])];
    const limits = map.entries.filter(({ key }) => !others.includes(key)).flatMap((limit) => this.#limit(limit));
    const hasOperator = map.entries.some(({ key }) => !others.includes(key));
    if (!hasOperator)
      this.#error('correlation/condition', entry.keyAt, `The condition has none of ${OPERATORS.join(', ')}`);
    return limits;
  }

  #limit(entry: MapEntry): Limit[] {
    const operator = OPERATORS.find((known) => known === entry.key);
    const value = entry.value.kind === 'scalar' ? entry.value.value : null;
    if (!operator) {
      const near = nearest(entry.key, OPERATORS);
      const message = `There is no operator \`${entry.key}\`: ${OPERATORS.join(', ')}`;
      this.#error('correlation/condition', entry.keyAt, message, near && `\`${near}\``);
    } else if (typeof value === 'number' || typeof value === 'bigint') return [{ operator, value: Number(value) }];
    else this.#error('correlation/condition', placeOf(entry), `\`${operator}\` needs a number`);
    return [];
  }

  /** An ordered sequence is whole or it is none: a condition can only ask for all of it. */
  #checkOrdered(entry: MapEntry, limits: readonly Limit[], count: number): void {
    const fewer = Array.from({ length: count }, (_, index) => index);
    if (meets(count, limits) && fewer.every((one) => !meets(one, limits))) return;
    const message = '`temporal_ordered` asks for all its rules in their order';
    this.#error('correlation/condition', entry.keyAt, message, 'Leave `condition` out, or use `temporal`');
  }

  #fields(entry: MapEntry, map: MapNode, type: CorrelationType | null): string[] {
    const field = entryOf(map, 'field');
    if (!field) return [];
    const items = field.value.kind === 'list' && type === 'value_count' ? field.value.items : [field.value];
    const texts = items.map(textOf).filter((text) => text !== null && text !== '');
    if (texts.length > 0 && texts.length === items.length) return texts as string[];
    const at = isNull(field.value) ? entry.keyAt : placeOf(field);
    this.#error(
      isNull(field.value) ? 'correlation/field-missing' : 'correlation/invalid-value',
      at,
      '`field` must be the name of a field',
    );
    return [];
  }

  #percentile(map: MapNode): number {
    const entry = entryOf(map, 'percentile');
    const value = entry?.value.kind === 'scalar' ? entry.value.value : null;
    if (!entry) return 50;
    if (typeof value === 'number' && value >= 0 && value <= 100) return value;
    this.#error('correlation/condition', placeOf(entry), '`percentile` must be a number from 0 to 100');
    return 50;
  }

  #aliases() {
    const entry = entryOf(this.#map, 'aliases');
    const aliases = new Map<string, Map<string, string>>();
    const aliasReferences: Reference[] = [];
    for (const [alias, keyAt, fields] of this.#maps(entry)) {
      const known = new Map<string, string>();
      for (const field of fields.entries) {
        const name = textOf(field.value);
        if (name === null)
          this.#error('correlation/invalid-value', placeOf(field), 'An alias stands for the name of a field');
        else known.set(field.key, name);
        aliasReferences.push({ text: field.key, ...this.#scope.report.place(field.keyAt) });
      }
      if (known.size === 0)
        this.#error('correlation/invalid-value', keyAt, `The alias \`${alias}\` stands for nothing`);
      aliases.set(alias, known);
    }
    return { aliases, aliasReferences };
  }

  #maps(entry: MapEntry | undefined): [string, number, MapNode][] {
    if (!entry || isNull(entry.value)) return [];
    const entries = entry.value.kind === 'map' ? entry.value.entries : [entry];
    return entries.flatMap((alias): [string, number, MapNode][] => {
      if (alias !== entry && alias.value.kind === 'map') return [[alias.key, alias.keyAt, alias.value]];
      this.#error(
        'correlation/invalid-value',
        placeOf(alias),
        '`aliases` must be a map of names to maps of rule to field',
      );
      return [];
    });
  }

  #generate(): boolean {
    const entry = entryOf(this.#map, 'generate');
    if (!entry || isNull(entry.value)) return false;
    if (entry.value.kind === 'scalar' && typeof entry.value.value === 'boolean') return entry.value.value;
    this.#error('correlation/invalid-value', placeOf(entry), '`generate` must be true or false');
    return false;
  }

  #mandatory(key: string): MapEntry | null {
    const entry = entryOf(this.#map, key);
    if (entry && !isNull(entry.value)) return entry;
    this.#missing(key, entry);
    return null;
  }

  #missing(key: string, entry: MapEntry | undefined): void {
    const at = entry?.keyAt ?? this.#entry.keyAt;
    this.#error('correlation/missing', at, `The correlation has no \`${key}\``, `${key}: ...`);
  }

  #error(code: string, at: number, message: string, suggestion?: string): void {
    this.#scope.report.error({ code, at, message, suggestion });
  }
}

function textOf(node: YamlNode): string | null {
  if (node.kind !== 'scalar') return null;
  if (typeof node.value === 'number' || typeof node.value === 'bigint') return node.source;
  return typeof node.value === 'string' ? node.value : null;
}

/** Whether a number keeps within all limits; two of them are a range. */
export function meets(value: number, limits: readonly Limit[]): boolean {
  return limits.every((limit) => meetsOne(value, limit));
}

function meetsOne(value: number, { operator, value: limit }: Limit): boolean {
  switch (operator) {
    case 'gt':
      return value > limit;
    case 'gte':
      return value >= limit;
    case 'lt':
      return value < limit;
    case 'lte':
      return value <= limit;
    case 'eq':
      return value === limit;
    case 'neq':
      return value !== limit;
  }
}
