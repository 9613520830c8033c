import { NumberText } from './parse-exact.ts';

/** One line of pretty JSON. */
export interface JsonLine {
  readonly depth: number;
  /** Steps from the root, array indices included; unique for opening and value lines. */
  readonly path: string;
  readonly key: string | null;
  readonly kind: 'open' | 'close' | 'string' | 'number' | 'word' | 'folded';
  readonly text: string;
  readonly hasComma: boolean;
  readonly isMarked: boolean;
  /** Field as a query names it: array steps left out. Null for lines that hold no value. */
  readonly field: string | null;
}

/** A field that made a rule fire, with the value that did, or undefined where any value counts. */
export interface Mark {
  readonly field: string;
  readonly value: unknown;
}

/** Lines of a value; folded paths take one line. */
export function jsonLines(
  value: unknown,
  marks: readonly Mark[] = [],
  folded: ReadonlySet<string> = new Set(),
  prefix = '',
): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  const byField = new Map<string, unknown[]>();
  for (const mark of marks)
    byField.set(mark.field.toLowerCase(), [...(byField.get(mark.field.toLowerCase()) ?? []), mark.value]);
  const isMarked = (field: string, item: unknown): boolean =>
    (byField.get(field.toLowerCase()) ?? []).some((wanted) => agrees(wanted, item));
  const walk = (
    item: unknown,
    key: string | null,
    path: string,
    field: string,
    depth: number,
    hasComma: boolean,
  ): void => {
    if (item === null || typeof item !== 'object' || item instanceof NumberText) {
      lines.push({ depth, path, key, ...scalar(item), hasComma, isMarked: isMarked(field, item), field });
      return;
    }
    const isList = Array.isArray(item);
    const entries: [string, unknown][] = isList
      ? item.map((each, index) => [String(index), each])
      : Object.entries(item);
    const [open, close] = isList ? ['[', ']'] : ['{', '}'];
    const marked = isMarked(field, item);
    if (entries.length === 0 || folded.has(path)) {
      const inside = entries.length === 0 ? '' : ` … ${entries.length} `;
      lines.push({
        depth,
        path,
        key,
        kind: entries.length === 0 ? 'word' : 'folded',
        text: `${open}${inside}${close}`,
        hasComma,
        isMarked: marked,
        field,
      });
      return;
    }
    lines.push({ depth, path, key, kind: 'open', text: open, hasComma: false, isMarked: marked, field });
    for (const [index, [name, each]] of entries.entries()) {
      const deeper = isList ? field : field === '' ? name : `${field}.${name}`;
      walk(each, isList ? null : name, `${path}/${name}`, deeper, depth + 1, index < entries.length - 1);
    }
    lines.push({
      depth,
      path: `${path}/`,
      key: null,
      kind: 'close',
      text: close,
      hasComma,
      isMarked: false,
      field: null,
    });
  };
  walk(value, null, '', prefix, 0, false);
  return lines;
}

function agrees(wanted: unknown, item: unknown): boolean {
  if (wanted === undefined || wanted === null || typeof wanted === 'object')
    return item === null || typeof item !== 'object' || !Array.isArray(item);
  return item !== null && String(item instanceof NumberText ? item.text : item) === String(wanted);
}

function scalar(item: unknown): { readonly kind: JsonLine['kind']; readonly text: string } {
  if (item instanceof NumberText) return { kind: 'number', text: item.text };
  if (typeof item === 'number') return { kind: 'number', text: String(item) };
  if (typeof item === 'string') return { kind: 'string', text: item };
  return { kind: 'word', text: String(item) };
}
