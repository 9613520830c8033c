import { ANY, type Pattern, parsePattern } from './pattern.ts';

/** A value with placeholders: text that Sigma still has to read, and names between percent signs. */
export type PlaceholderPart = { readonly text: string } | { readonly name: string };

const NAME = /%([\w.-]+)%/y;

/** Splits a value at its placeholders; `\%` is a percent sign (Sigma rules, section Placeholders). */
export function splitPlaceholders(value: string): PlaceholderPart[] {
  const parts: PlaceholderPart[] = [];
  let text = '';
  for (let index = 0; index < value.length; index++) {
    NAME.lastIndex = index;
    const name = value[index] === '%' ? NAME.exec(value)?.[1] : undefined;
    if (name !== undefined) {
      parts.push({ text }, { name });
      text = '';
      index += name.length + 1;
    } else if (value[index] === '\\' && value[index + 1] === '%') {
      text += '%';
      index++;
    } else if (value[index] === '\\' && '\\*?'.includes(value[index + 1] ?? ' ')) {
      text += value.slice(index, index + 2);
      index++;
    } else text += value[index];
  }
  return [...parts, { text }].filter((part) => !('text' in part) || part.text !== '');
}

/** A pattern as a regular expression, for placeholders inside of one. */
export function patternSource(pattern: Pattern): string {
  const parts = pattern.map((part) => {
    if (typeof part === 'string') return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return part === ANY ? '.*' : '.';
  });
  return parts.join('');
}

/** Every combination of the alternatives, one of each. The caller has bounded their number. */
export function combinations<T>(alternatives: readonly (readonly T[])[]): T[][] {
  return alternatives.reduce<T[][]>((all, next) => all.flatMap((one) => next.map((item) => [...one, item])), [[]]);
}

export function readPlaceholderValue(value: string | number): Pattern {
  return parsePattern(String(value));
}
