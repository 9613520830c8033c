import type { LogSource, Metadata, Related, SigmaLevel, SigmaStatus } from './model.ts';
import { nearest } from './nearest-name.ts';
import type { Scope } from './scope.ts';
import { isDate } from './time-part.ts';
import { entryOf, isNull, type MapEntry, type MapNode, placeOf, toPlain } from './yaml-node.ts';

const LEVELS: readonly SigmaLevel[] = ['informational', 'low', 'medium', 'high', 'critical'];
const STATUSES: readonly SigmaStatus[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar'];

/** Attributes that Sigma defines for rules, correlations, filters and collections; all others are custom. */
const DEFINED = new Set([
  ...['title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date'],
  ...['modified', 'logsource', 'detection', 'fields', 'falsepositives', 'level', 'tags', 'scope'],
  ...['correlation', 'filter', 'action'],
]);

export interface DocumentText {
  readonly map: MapNode;
  readonly text: string;
  /** Place in the file, from 0. */
  readonly index: number;
}

/** Reads the attributes that all documents share, reporting every wrong one (Sigma rules, section File Structure). */
export function readMetadata(document: DocumentText, scope: Scope): Metadata {
  const { map, text, index } = document;
  const read = new AttributeReader(map, scope);
  const title = read.text('title') ?? read.missing('title') ?? '';
  const id = read.text('id');
  const name = read.text('name');
  const { path } = scope.report;
  return {
    key: id ?? name ?? `${path}#${index}`,
    id,
    name,
    title,
    taxonomy: read.taxonomy(),
    status: read.oneOf('status', STATUSES),
    description: read.text('description') ?? '',
    license: read.text('license') ?? '',
    author: read.text('author') ?? '',
    date: read.date('date'),
    modified: read.date('modified'),
    level: read.oneOf('level', LEVELS),
    tags: read.texts('tags'),
    references: read.texts('references'),
    falsepositives: read.texts('falsepositives'),
    fields: read.texts('fields'),
    scope: read.texts('scope'),
    related: read.related(),
    logsource: read.logsource(),
    custom: readCustom(map, scope),
    path,
    line: scope.report.place(map.at).line,
    text,
  };
}

function readCustom(map: MapNode, { options }: Scope): Record<string, unknown> {
  const kinds = new Set(options.kinds?.map((kind) => kind.attribute));
  const entries = map.entries.filter(({ key }) => !DEFINED.has(key) && !kinds.has(key));
  return toPlain({ ...map, entries }) as Record<string, unknown>;
}

/** Reads single attributes of a document. What is absent or null is null or empty; what is wrong is reported. */
class AttributeReader {
  readonly #map: MapNode;
  readonly #scope: Scope;

  constructor(map: MapNode, scope: Scope) {
    this.#map = map;
    this.#scope = scope;
  }

  text(key: string): string | null {
    const entry = this.#entry(key);
    if (!entry) return null;
    if (entry.value.kind === 'scalar' && typeof entry.value.value === 'string' && entry.value.value.trim() !== '') {
      return entry.value.value;
    }
    const source = entry.value.kind === 'scalar' ? entry.value.source : '';
    this.#wrong(entry, `\`${key}\` must be text`, source === '' ? undefined : `'${source}'`);
    return '';
  }

  texts(key: string): string[] {
    const entry = this.#entry(key);
    if (!entry) return [];
    if (entry.value.kind !== 'list') {
      const suggestion = entry.value.kind === 'scalar' ? `- ${entry.value.source}` : undefined;
      this.#wrong(entry, `\`${key}\` must be a list`, suggestion);
      return [];
    }
    return entry.value.items.flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string') return [item.value];
      const at = item.kind === 'scalar' && item.source === '' ? entry.keyAt : item.at;
      this.#error('rule/invalid-value', at, `\`${key}\` must be a list of texts`);
      return [];
    });
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T | null {
    const entry = this.#entry(key);
    if (!entry) return null;
    const given = entry.value.kind === 'scalar' ? entry.value.value : null;
    const found = values.find((value) => value === given);
    if (found) return found;
    const near = nearest(String(given), values);
    this.#wrong(entry, `\`${key}\` must be one of ${values.join(', ')}`, near && `\`${near}\``);
    return null;
  }

  /** A day of the calendar as `YYYY-MM-DD`; older rules write slashes. */
  date(key: string): string | null {
    const entry = this.#entry(key);
    if (!entry) return null;
    const match = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(entry.value.kind === 'scalar' ? entry.value.source : '');
    const [, year = '', separator = '', month = '', day = ''] = match ?? [];
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    const isWritten = match && (separator === '/' || month.length + day.length === 4);
    if (!isWritten || !isDate(Number(year), Number(month), Number(day))) {
      this.#wrong(entry, `\`${key}\` must be a date that exists, as YYYY-MM-DD`);
      return null;
    }
    if (separator === '/') {
      const message = `\`${key}\` is written with slashes, as before version 2`;
      this.#scope.report.warning({ code: 'rule/invalid-value', at: placeOf(entry), message, suggestion: date });
    }
    return date;
  }

  taxonomy(): string {
    const entry = this.#entry('taxonomy');
    const given = this.text('taxonomy') ?? 'sigma';
    const known = ['sigma', ...(this.#scope.options.taxonomies ?? [])];
    if (!entry || given === '' || known.includes(given)) return given;
    const message = `The taxonomy \`${given}\` is unknown here: its field names could mean anything`;
    const near = nearest(given, known);
    this.#error('rule/taxonomy', placeOf(entry), message, near && `\`${near}\``);
    return given;
  }

  related(): Related[] {
    const entry = this.#entry('related');
    if (!entry) return [];
    if (entry.value.kind === 'list') return entry.value.items.flatMap((item) => this.#relation(item, entry));
    this.#wrong(entry, '`related` must be a list of maps with `id` and `type`');
    return [];
  }

  #relation(item: MapEntry['value'], { keyAt }: MapEntry): Related[] {
    if (item.kind !== 'map') {
      const at = isNull(item) ? keyAt : item.at;
      this.#error('rule/invalid-value', at, '`related` must be a list of maps with `id` and `type`');
      return [];
    }
    const reader = new AttributeReader(item, this.#scope);
    const id = reader.text('id') ?? reader.#lacking('id');
    const type = reader.oneOf('type', RELATIONS) ?? (reader.#entry('type') ? null : reader.#lacking('type'));
    return id && type ? [{ id, type }] : [];
  }

  logsource(): LogSource {
    const entry = this.#entry('logsource');
    if (!entry) return {};
    if (entry.value.kind !== 'map') {
      this.#wrong(entry, '`logsource` must be a map of category, product and service');
      return {};
    }
    const reader = new AttributeReader(entry.value, this.#scope);
    const [category, product, service] = [reader.text('category'), reader.text('product'), reader.text('service')];
    return { ...(category && { category }), ...(product && { product }), ...(service && { service }) };
  }

  missing(key: string): null {
    this.#error('rule/missing', this.#map.at, `A \`${key}\` is missing`, `${key}: ...`);
    return null;
  }

  #lacking(key: string): null {
    this.#error('rule/invalid-value', this.#map.at, `A relation needs a \`${key}\``);
    return null;
  }

  #entry(key: string): MapEntry | undefined {
    const entry = entryOf(this.#map, key);
    return entry && isNull(entry.value) ? undefined : entry;
  }

  #wrong(entry: MapEntry, message: string, suggestion?: string): void {
    this.#error('rule/invalid-value', placeOf(entry), message, suggestion);
  }

  #error(code: string, at: number, message: string, suggestion?: string): void {
    this.#scope.report.error({ code, at, message, suggestion });
  }
}

/** The log source must be there and say something (Sigma rules, section LogSource). */
export function requireLogsource(map: MapNode, logsource: LogSource, { report }: Scope): void {
  const entry = entryOf(map, 'logsource');
  if (!entry || isNull(entry.value)) {
    const at = entry?.keyAt ?? map.at;
    report.error({ code: 'rule/missing', at, message: 'A `logsource` is missing', suggestion: 'logsource: ...' });
  } else if (entry.value.kind === 'map' && Object.keys(logsource).length === 0 && !hasSource(entry.value)) {
    const message = '`logsource` says nothing about category, product or service';
    report.error({ code: 'rule/missing', at: entry.keyAt, message });
  }
}

function hasSource(map: MapNode): boolean {
  return map.entries.some(({ key, value }) => ['category', 'product', 'service'].includes(key) && !isNull(value));
}

/** Whether every attribute of `inner` that `outer` names has the same value. */
export function liesWithin(inner: LogSource, outer: LogSource): boolean {
  const keys = ['category', 'product', 'service'] as const;
  return keys.every((key) => outer[key] === undefined || outer[key].toLowerCase() === inner[key]?.toLowerCase());
}
