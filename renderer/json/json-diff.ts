import { NumberText } from './parse-exact.ts';

/** One line of a difference; unchanged parts that are long are folded into a line that counts them. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ' | '…';
  readonly depth: number;
  readonly text: string;
}

/** What changed between two JSON values, by structure: keys, and elements of lists that bear a name, are matched by it. */
export function jsonDiff(before: unknown, after: unknown): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  compare(before, after, '', 0, lines);
  return lines;
}

/** True where both hold the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function compare(before: unknown, after: unknown, label: string, depth: number, lines: DiffLine[]): void {
  if (isSame(before, after)) {
    lines.push({ sign: ' ', depth, text: `${label}${brief(after)}` });
    return;
  }
  const a = entriesOf(before);
  const b = entriesOf(after);
  if (a === null || b === null || Array.isArray(before) !== Array.isArray(after)) {
    whole('-', before, label, depth, lines);
    whole('+', after, label, depth, lines);
    return;
  }
  const [open, close] = Array.isArray(after) ? ['[', ']'] : ['{', '}'];
  lines.push({ sign: ' ', depth, text: `${label}${open}` });
  children(a, b, Array.isArray(after), depth + 1, lines);
  lines.push({ sign: ' ', depth, text: close });
}

function children(
  a: ReadonlyMap<string, unknown>,
  b: ReadonlyMap<string, unknown>,
  isList: boolean,
  depth: number,
  lines: DiffLine[],
): void {
  let same = 0;
  const flush = (): void => {
    if (same > 0) lines.push({ sign: '…', depth, text: `${same} unchanged` });
    same = 0;
  };
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const label = isList ? '' : `${JSON.stringify(name)}: `;
    if (a.has(name) && b.has(name) && isSame(a.get(name), b.get(name))) {
      same++;
      continue;
    }
    flush();
    if (!a.has(name)) whole('+', b.get(name), label, depth, lines);
    else if (!b.has(name)) whole('-', a.get(name), label, depth, lines);
    else compare(a.get(name), b.get(name), label, depth, lines);
  }
  flush();
}

function whole(sign: '+' | '-', value: unknown, label: string, depth: number, lines: DiffLine[]): void {
  if (value === undefined) return;
  const entries = entriesOf(value);
  if (entries === null || entries.size === 0) {
    lines.push({ sign, depth, text: `${label}${brief(value)}` });
    return;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  lines.push({ sign, depth, text: `${label}${open}` });
  for (const [name, each] of entries)
    whole(sign, each, Array.isArray(value) ? '' : `${JSON.stringify(name)}: `, depth + 1, lines);
  lines.push({ sign, depth, text: close });
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (value === null || typeof value !== 'object' || value instanceof NumberText) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((each) =>
    each !== null && typeof each === 'object' && typeof each.name === 'string' ? `name ${each.name}` : null,
  );
  const areNames = names.every((name) => name !== null) && new Set(names).size === names.length;
  return new Map(value.map((each, index) => [areNames ? (names[index] as string) : String(index), each]));
}

function brief(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value) && value.length > 0) return `[ … ${value.length} ]`;
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0)
    return `{ … ${Object.keys(value).length} }`;
  return JSON.stringify(value) ?? 'undefined';
}

function sorted(value: unknown): unknown {
  if (value instanceof NumberText) return { number: value.text };
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
