import { type Condition, parseCondition } from './condition-syntax.ts';
import { all, any, type Expression, not, selection } from './expression.ts';
import { SIGMA_LIMITS } from './limits.ts';
import { nearest } from './nearest-name.ts';
import type { Scope } from './scope.ts';
import { isNull, type MapEntry, placeOf, type YamlNode } from './yaml-node.ts';

export type Selections = ReadonlyMap<string, Expression>;

/** A condition with the place of its text. */
export interface WrittenCondition {
  readonly condition: Condition;
  readonly node: YamlNode;
  readonly at: number;
}

/** Parses a condition, or a list of them, which is joined by or. Null if one cannot be read. */
export function readConditions(entry: MapEntry, scope: Scope): WrittenCondition[] | null {
  const { value } = entry;
  const nodes = value.kind === 'list' && value.items.length > 0 ? value.items : [value];
  const read = nodes.map((node) => readCondition(node, value.kind === 'list' ? node.at : placeOf(entry), scope));
  return read.every((condition) => condition !== null) ? read : null;
}

function readCondition(node: YamlNode, at: number, { report }: Scope): WrittenCondition | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    const message = isNull(node) ? 'The condition is empty' : 'A condition is an expression of selections, as text';
    report.error({ code: 'condition/syntax', at, message });
    return null;
  }
  if (node.value.length > SIGMA_LIMITS.conditionLength) {
    report.error({
      code: 'yaml/limit',
      at,
      message: `A condition has at most ${SIGMA_LIMITS.conditionLength} characters`,
    });
    return null;
  }
  const condition = parseCondition(node.value);
  if (!('code' in condition)) return { condition, node, at };
  report.error({ ...condition, at: placeIn(node, at, condition.index) });
  return null;
}

function placeIn(node: YamlNode, at: number, index: number): number {
  return node.kind === 'scalar' && node.textAt >= 0 ? node.textAt + index : at;
}

/** Puts selections in place of their names. Reports names and patterns that fit nothing. */
export function buildCondition(written: WrittenCondition, selections: Selections, scope: Scope): Expression {
  const { condition, node, at } = written;
  const { line } = scope.report.place(at);
  let count = 0;
  const build = (part: Condition): Expression => {
    switch (part.kind) {
      case 'name':
        return join('all', part.name, [part.name], part);
      case 'of': {
        const names = count > SIGMA_LIMITS.conditionParts ? [] : namesOf(part.pattern, selections);
        count += names.length;
        const label = `${part.count === 'all' ? 'all' : '1'} of ${part.pattern}`;
        const isTooMuch = count > SIGMA_LIMITS.conditionParts;
        return join(part.count, label, names.length > 0 || isTooMuch ? names : [part.pattern], part);
      }
      case 'not':
        return not(build(part.part), { label: 'not', line });
      case 'all':
        return all(part.parts.map(build), { label: 'and', line });
      case 'any':
        return any(part.parts.map(build), { label: 'or', line });
    }
  };
  const join = (link: 'all' | 'any', label: string, names: readonly string[], { index }: Condition): Expression => {
    const parts = names.flatMap((name) => {
      const found = selections.get(name);
      if (!found) reportUnknown(name, placeIn(node, at, index), selections, scope);
      return found ? [selection(found, { label: name, line: found.line })] : [];
    });
    if (parts.length === 1) return parts[0] as Expression;
    return link === 'all' ? all(parts, { label, line }) : any(parts, { label, line });
  };
  const built = build(condition);
  if (count > SIGMA_LIMITS.conditionParts) {
    scope.report.error({
      code: 'yaml/limit',
      at,
      message: 'The patterns of this condition stand for too many selections',
    });
  }
  return built;
}

/** `them` leaves out names that begin with an underscore; a star in a pattern may stand anywhere. */
function namesOf(pattern: string, selections: Selections): string[] {
  const names = [...selections.keys()];
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  const pieces = pattern.split('*');
  return names.filter((name) => fits(name, pieces));
}

function fits(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0] as string;
  const last = pieces.at(-1) as string;
  if (pieces.length === 1) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}

function reportUnknown(name: string, at: number, selections: Selections, { report }: Scope): void {
  const what =
    name.includes('*') || name === 'them' ? `No selection fits \`${name}\`` : `There is no selection \`${name}\``;
  // Looking for a near name takes time, and nobody reads hundreds of suggestions.
  const near = report.errors < 100 ? nearest(name, [...selections.keys()]) : undefined;
  report.error({ code: 'condition/unknown-identifier', at, message: what, suggestion: near && `\`${near}\`` });
}
