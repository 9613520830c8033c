import type { Problem } from '../contract/fault.ts';
import { FIELD_STYLES, type FieldStyle } from '../contract/rows.ts';
import { FIELD_ALIASES } from '../event/aliases.ts';
import { DERIVED_FIELDS, derivedField } from '../event/derived.ts';
import { EVENT_FIELDS, isEventField } from '../event/event-fields.ts';
import { mapped } from '../event/mapping/field-mapping.ts';
import { MAPPINGS, styleOf } from '../event/mapping/mappings.ts';
import { nearestName, type SigmaDocument, type SigmaRule } from '../sigma/sigma.ts';

const KNOWN: readonly string[] = [
  ...EVENT_FIELDS.map(({ name }) => name).filter((name) => !name.endsWith('.')),
  ...DERIVED_FIELDS.map(({ name }) => name),
  ...Object.keys(FIELD_ALIASES),
];

/**
 * Warnings about what no audit event has: a field (a rule that asks for one never fires, or its filter never filters), or a log
 * source of another style.
 */
export function fieldProblems(document: SigmaDocument, mapping?: FieldStyle): Problem[] {
  if (document.kind === 'rule' && !document.applies) return sourceProblems(document);
  const names = namesOf(document);
  return names.flatMap((name) => {
    const why = faultOf(name, mapping);
    return why === null
      ? []
      : [{ path: document.path, severity: 'warning' as const, ...why, ...placeOf(document, name) }];
  });
}

function sourceProblems({ path, logsource, ...document }: SigmaRule): Problem[] {
  const { product, service } = logsource;
  const style = FIELD_STYLES.find((one) =>
    MAPPINGS[one].sources.some((source) => source.product === product && source.service === service),
  );
  if (style === undefined) return [];
  const message = `The log source is one of ${MAPPINGS[style].title}: without its mapping the rule is left out`;
  const at = placeOf(document, 'logsource');
  return [{ path, severity: 'warning', code: 'logsource/unknown', message, suggestion: `--mapping ${style}`, ...at }];
}

function namesOf(document: SigmaDocument): readonly string[] {
  if (document.kind === 'rule') return document.applies ? document.fieldNames() : [];
  return document.kind === 'correlation' ? document.groupBy.filter((name) => !document.aliases.has(name)) : [];
}

function faultOf(
  name: string,
  mapping: FieldStyle | undefined,
): Pick<Problem, 'code' | 'message' | 'suggestion'> | null {
  if (name === '' || isEventField(name) || Object.hasOwn(FIELD_ALIASES, name) || derivedField(name)) return null;
  if (mapping && mapped(MAPPINGS[mapping], name)) return null;
  const style = styleOf(name);
  if (style && style !== mapping) {
    const message = `\`${name}\` is a name of ${MAPPINGS[style].title}: no audit event has such a field`;
    return { code: 'field/unknown', message, suggestion: `--mapping ${style}` };
  }
  const suggestion = nearestName(name, KNOWN);
  const message = `No audit event has a field \`${name}\`${mapping ? `, and the mapping ${mapping} does not know it` : ''}`;
  return { code: 'field/unknown', message, ...(suggestion && { suggestion }) };
}

/** Where the name stands as a key of a selection; the document's first line if it is nowhere to be found. */
function placeOf(document: Pick<SigmaDocument, 'text' | 'line'>, name: string): { line: number; column: number } {
  const lines = document.text.split('\n');
  for (const [index, text] of lines.entries()) {
    const column = text.indexOf(name);
    const before = text[column - 1] ?? ' ';
    const after = text[column + name.length] ?? ':';
    if (column >= 0 && /[\s"'{,[-]/.test(before) && /[|:"'\s,\]]/.test(after))
      return { line: document.line + index, column: column + 1 };
  }
  return { line: document.line, column: 1 };
}
