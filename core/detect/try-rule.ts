import { FIELD_ALIASES, VALUE_ALIASES } from '../event/aliases.ts';
import { CaseError } from '../fault.ts';
import { parseJson } from '../json.ts';
import { type LogSource, type SigmaOptions, type TryResult, tryRules } from '../sigma/sigma.ts';

/** A conformance case (test/fixtures/sigma/README.md). Its rule is text, or a file of SigmaHQ's collection. */
export interface ConformanceCase {
  readonly id: string;
  readonly rule: string;
  readonly events: readonly unknown[];
  readonly placeholders: Readonly<Record<string, readonly (string | number)[]>>;
  readonly source: LogSource;
  readonly ruleFile: string | null;
}

export type CaseResult = ({ readonly id: string } & TryResult) | { readonly id: string; readonly skipped: true };

/** Gives the text of a file of SigmaHQ's collection, or null where there is none. */
export type CollectionReader = (path: string) => string | null;

const AUDIT_SOURCE: LogSource = { category: 'application', product: 'kubernetes', service: 'audit' };

/** Reads one line of a file of cases. Integers stay exact. */
export function parseCase(line: string, number: number): ConformanceCase {
  const raw = parseLine(line, number);
  const { id, rule, events, placeholders, source, ruleFile } = raw;
  if (typeof id !== 'string' || !Array.isArray(events)) {
    throw new CaseError('usage', `Line ${number} is no case: it needs an \`id\` and a list of \`events\`.`, {
      at: { line: number },
    });
  }
  return {
    id,
    rule: typeof rule === 'string' ? rule : '',
    events,
    placeholders: isMap(placeholders) ? (placeholders as ConformanceCase['placeholders']) : {},
    source: isMap(source) ? (source as LogSource) : AUDIT_SOURCE,
    ruleFile: typeof ruleFile === 'string' ? ruleFile : null,
  };
}

/** Runs a case. Those about SigmaHQ's files run with the aliases, all others without. */
export function runCase(one: ConformanceCase, readCollection: CollectionReader): CaseResult {
  const { id, ruleFile, events, placeholders, source } = one;
  const text = one.rule === '' && ruleFile !== null ? readCollection(ruleFile) : one.rule;
  if (text === null) return { id, skipped: true };
  const aliases = ruleFile === null ? {} : { aliases: { fields: FIELD_ALIASES, values: VALUE_ALIASES } };
  const options: SigmaOptions = { placeholders, source, ...aliases };
  return { id, ...tryRules(text, events, options, ruleFile ?? 'rule.yml') };
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const raw = parseJson(line);
    if (isMap(raw)) return raw;
  } catch (error) {
    throw new CaseError('usage', `Line ${number} is not JSON.`, { at: { line: number }, cause: error });
  }
  throw new CaseError('usage', `Line ${number} is no case: a case is a JSON object.`, { at: { line: number } });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
