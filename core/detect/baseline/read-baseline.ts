import { LEVELS, type Level } from '../../contract/rows.ts';
import {
  type DocumentKind,
  entryOf,
  isNull,
  type MapEntry,
  type MapNode,
  type ProblemReporter,
  placeOf,
  type Reference,
  type YamlNode,
} from '../../sigma/sigma.ts';
import { BASELINE_TYPES, type Baseline, type BaselineType } from './baseline.ts';

/** The document kind `baseline`, beside Sigma's own. */
export const BASELINE_KIND: DocumentKind = {
  attribute: 'baseline',
  read: ({ entry, report }) => {
    if (entry.value.kind === 'map') return new BaselineReader(entry, entry.value, report).read();
    report.error({ code: 'baseline/invalid-value', at: placeOf(entry), message: '`baseline` must be a map' });
    return null;
  },
};

const KEYS = [
  'type',
  'rules',
  'group-by',
  'fields',
  'at-least',
  'learn',
  'minimum',
  'exclude-rules-at',
  'threshold',
  'least',
  'peers',
  'returning',
  'generate',
];

const DAY_US = 86_400_000_000;
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000_000, d: DAY_US, w: 7 * DAY_US };
const DEFAULT_SHARE = 0.01;
const DEFAULT_DEVIATIONS = 6;
const DEFAULT_LEAST = 20;

class BaselineReader {
  readonly #entry: MapEntry;
  readonly #map: MapNode;
  readonly #report: ProblemReporter;

  constructor(entry: MapEntry, map: MapNode, report: ProblemReporter) {
    this.#entry = entry;
    this.#map = map;
    this.#report = report;
  }

  read(): Baseline | null {
    const before = this.#report.errors;
    for (const { key, keyAt } of this.#map.entries) {
      if (!KEYS.includes(key)) this.#error(keyAt, `A baseline has no \`${key}\`: ${KEYS.join(', ')}`);
    }
    const type = this.#type();
    const fields = this.#texts('fields');
    if (type !== null && type !== 'spike' && fields.length === 0)
      this.#error(this.#entry.keyAt, `\`${type}\` needs \`fields\``);
    const rules = this.#references('rules');
    if (rules.length === 0) this.#error(this.#entry.keyAt, 'The baseline names no `rules`');
    const baseline: Baseline = {
      type: type ?? 'new_terms',
      rules,
      groupBy: this.#texts('group-by'),
      fields,
      atLeast: this.#number('at-least', 0, fields.length),
      learnUs: this.#duration(),
      minimum: this.#minimum(),
      excludeRulesAt: this.#level(),
      threshold: this.#number('threshold', type === 'rare' ? DEFAULT_SHARE : DEFAULT_DEVIATIONS, 1e9),
      least: this.#number('least', DEFAULT_LEAST, 1e9),
      peers: this.#texts('peers')[0] ?? null,
      isReturning: this.#flag('returning'),
      generate: this.#flag('generate'),
    };
    return type === null || this.#report.errors > before ? null : baseline;
  }

  #type(): BaselineType | null {
    const given = this.#scalar('type');
    const type = BASELINE_TYPES.find((known) => known === given) ?? null;
    if (type === null) this.#error(this.#at('type'), `\`type\` must be one of ${BASELINE_TYPES.join(', ')}`);
    return type;
  }

  #references(key: string): Reference[] {
    return this.#items(key).flatMap((item) => {
      const text = textOf(item);
      return text === null ? [] : [{ text, ...this.#report.place(item.at) }];
    });
  }

  #texts(key: string): string[] {
    return this.#items(key).flatMap((item) => textOf(item) ?? []);
  }

  /** One text or a list of them. */
  #items(key: string): readonly YamlNode[] {
    const entry = entryOf(this.#map, key);
    if (!entry || isNull(entry.value)) return [];
    const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    if (items.some((item) => textOf(item) === null))
      this.#error(placeOf(entry), `\`${key}\` must be a text or a list of texts`);
    return items;
  }

  #duration(): number {
    const [, count = '0', unit = ''] = /^(\d{1,4})([hdw])$/.exec(String(this.#scalar('learn'))) ?? [];
    const duration = Number(count) * (UNITS[unit] ?? 0);
    if (duration === 0) this.#error(this.#at('learn'), '`learn` must be a number above zero and a letter: h, d or w');
    return duration;
  }

  #minimum(): Baseline['minimum'] {
    const entry = entryOf(this.#map, 'minimum');
    if (entry?.value.kind !== 'map') {
      this.#error(this.#at('minimum'), '`minimum` must be a map of `days` and `events`');
      return { days: 1, events: 1 };
    }
    const [days, events] = ['days', 'events'].map((key) => {
      const value = entryOf(entry.value as MapNode, key)?.value;
      const number = value?.kind === 'scalar' ? value.value : null;
      if (typeof number === 'number' && number > 0) return number;
      this.#error(placeOf(entry), `\`minimum\` needs \`${key}\`, a number above zero`);
      return 1;
    });
    return { days: days ?? 1, events: events ?? 1 };
  }

  #level(): Level {
    const given = this.#scalar('exclude-rules-at') ?? 'medium';
    const level = LEVELS.find((known) => known === given);
    if (level === undefined)
      this.#error(this.#at('exclude-rules-at'), `\`exclude-rules-at\` must be one of ${LEVELS.join(', ')}`);
    return level ?? 'medium';
  }

  #number(key: string, fallback: number, most: number): number {
    const value = this.#scalar(key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value > 0 && value <= most) return value;
    this.#error(this.#at(key), `\`${key}\` must be a number above zero, at most ${most}`);
    return fallback;
  }

  #flag(key: string): boolean {
    const value = this.#scalar(key);
    if (value !== undefined && typeof value !== 'boolean')
      this.#error(this.#at(key), `\`${key}\` must be true or false`);
    return value === true;
  }

  #scalar(key: string): unknown {
    const value = entryOf(this.#map, key)?.value;
    return value?.kind === 'scalar' && value.value !== null ? value.value : undefined;
  }

  #at(key: string): number {
    const entry = entryOf(this.#map, key);
    return entry === undefined ? this.#entry.keyAt : placeOf(entry);
  }

  #error(at: number, message: string): void {
    this.#report.error({ code: 'baseline/invalid-value', at, message });
  }
}

const textOf = (node: YamlNode): string | null =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '' ? node.value : null;
