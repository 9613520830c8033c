import type { IndicatorKind } from '../../contract/rows.ts';
import { asList, asText, own } from '../../event/value.ts';
import { IndicatorCollector } from './collector.ts';
import type { Indicator, ReadIndicators } from './indicator.ts';
import { addressOrNetwork, dayOf, indicatorOf, refang } from './kind-of.ts';

/** A bundle of STIX 2: its indicators. Null where the document is none. */
export function readStix(document: unknown): ReadIndicators | null {
  if (own(document, 'type') !== 'bundle' || !Array.isArray(own(document, 'objects'))) return null;
  const collector = new IndicatorCollector();
  const objects = asList(own(document, 'objects'));
  let date: string | null = null;
  for (const object of objects) {
    if (own(object, 'type') !== 'indicator') continue;
    const day = dayOf(own(object, 'modified')) ?? dayOf(own(object, 'valid_from'));
    if (day !== null && (date === null || day > date)) date = day;
    collector.take(readIndicator(object));
  }
  const makers = objects.filter((object) => own(object, 'type') === 'identity');
  const origin = [...new Set(makers.flatMap((maker) => asText(own(maker, 'name')) ?? []))].join(', ');
  return collector.result({ format: 'stix', date, origin });
}

/** What an indicator object stands for, or why for nothing. */
function readIndicator(object: unknown): Indicator[] | string {
  if (own(object, 'revoked') === true) return 'revoked';
  const language = asText(own(object, 'pattern_type')) ?? 'stix';
  if (language !== 'stix') return `in the pattern language ${language.slice(0, 40)}`;
  const note = asText(own(object, 'name')) ?? asText(own(object, 'description')) ?? '';
  const until = dayOf(own(object, 'valid_until'));
  const found = patternIndicators(asText(own(object, 'pattern')) ?? '', { note, until });
  if (found === null) return 'a pattern that asks for more than one thing at once';
  return found.length > 0 ? found : 'a pattern about what stands in no audit log';
}

/** Paths of observed objects that an audit log can show. */
const PATHS: readonly (readonly [path: RegExp, kind: IndicatorKind])[] = [
  [/^ipv[46]-addr:value$/, 'address'],
  [/^network-traffic:(src|dst)_ref\.value$/, 'address'],
  [/^network-traffic:extensions\.'http-request-ext'\.request_header\.'User-Agent'$/i, 'agent'],
  [/^user-account:(user_id|account_login)$/, 'user'],
  [/^file:hashes\.'?SHA-?256'?$/i, 'digest'],
  [/^x-container(-image)?:(name|value|image)$/, 'image'],
];

const LITERAL = String.raw`'(?:[^'\\]|\\.)*'`;
const COMPARISON = new RegExp(
  String.raw`([a-z0-9-]+:(?:[\w.-]|'[^']*'|\[\*\])+)\s*(=|IN|ISSUBSET|LIKE)\s*(\((?:\s*${LITERAL}\s*,?)*\s*\)|${LITERAL})`,
  'gy',
);

/** Comparisons of a pattern that are joined by OR only; null where one of them alone would not be meant. */
function patternIndicators(pattern: string, more: { note: string; until: string | null }): Indicator[] | null {
  const rest = { at: 0 };
  const found: Indicator[] = [];
  for (let first = true; rest.at < pattern.length || first; first = false) {
    rest.at = skip(pattern, rest.at, /[\s[\]()]*/y);
    if (rest.at >= pattern.length) break;
    if (!first) {
      if (!/OR\b/y.test(pattern.slice(rest.at, rest.at + 3))) return null;
      rest.at = skip(pattern, rest.at + 2, /[\s[\]()]*/y);
    }
    COMPARISON.lastIndex = rest.at;
    const match = COMPARISON.exec(pattern);
    if (match === null) return null;
    rest.at = COMPARISON.lastIndex;
    found.push(...comparisonIndicators(match[1] ?? '', match[2] ?? '', match[3] ?? '', more));
  }
  return found;
}

function skip(text: string, from: number, what: RegExp): number {
  what.lastIndex = from;
  return what.test(text) ? what.lastIndex : from;
}

function comparisonIndicators(
  path: string,
  operator: string,
  values: string,
  more: { note: string; until: string | null },
) {
  const kind = PATHS.find(([known]) => known.test(path))?.[1];
  if (kind === undefined) return [];
  const literals = [...values.matchAll(new RegExp(LITERAL, 'g'))].map(([text]) =>
    text.slice(1, -1).replace(/\\(.)/g, '$1'),
  );
  return literals.flatMap((literal) => {
    const value = operator === 'LIKE' ? literal.replaceAll('%', '*') : literal;
    const actual = kind === 'address' ? addressOrNetwork(refang(value)) : kind;
    return indicatorOf(actual, value, more) ?? [];
  });
}
