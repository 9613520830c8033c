/** Where in a rule a cursor stands, told by indentation alone, so that it works while the text is half written. */
export interface YamlContext {
  /** Keys from the top to the one whose value is written; `''` steps are left out. */
  readonly path: readonly string[];
  /** `key`: a key is being written; `value`: a value of the last key of the path. */
  readonly kind: 'key' | 'value';
  /** What stands of the key or value before the cursor, without a quote. */
  readonly typed: string;
  /** Column, from 1, where it begins. */
  readonly start: number;
  /** Column after the word under the cursor. */
  readonly end: number;
  /** Line, from 1, of the document's first line. */
  readonly from: number;
}

export function yamlContext(text: string, line: number, column: number): YamlContext {
  const lines = text.split('\n');
  const current = (lines[line - 1] ?? '').slice(0, column - 1);
  const from = lines.slice(0, line).findLastIndex((each) => /^---\s*$/.test(each)) + 2;
  const rest = (lines[line - 1] ?? '').slice(column - 1);
  const own = /^(\s*)((?:- +)*-?)( *)(.*)$/.exec(current) ?? [];
  const [, spaces = '', dashes = '', gap = '', body = ''] = own;
  const indent = spaces.length + dashes.length + gap.length;
  const parents = parentsOf(lines.slice(from - 1, line - 1), dashes === '' ? indent : spaces.length + 1);
  const pair = /^((?:"[^"]*"|'[^']*'|[^:\s"'][^:]*?))\s*:(?:\s+(.*))?$/.exec(body);
  const end = (length: number) => column + length;
  if (pair === null || (pair[2] === undefined && !/:\s*$/.test(body))) {
    // A list item without a colon may be a value of the list's key, or the first key of a map.
    const isValue = dashes !== '' && parents.length > 0;
    const typed = body.replace(/^["']/, '');
    return {
      path: parents,
      kind: isValue ? 'value' : 'key',
      typed,
      start: column - typed.length,
      end: end(/^[^\s:,\]}"']*/.exec(rest)?.[0].length ?? 0),
      from,
    };
  }
  const value = (pair[2] ?? '').split(/[[,]\s*/).at(-1) ?? '';
  const typed = value.replace(/^["']/, '');
  return {
    path: [...parents, unquoted(pair[1] ?? '')],
    kind: 'value',
    typed,
    start: column - typed.length,
    end: end(/^[^\s,\]}"']*/.exec(rest)?.[0].length ?? 0),
    from,
  };
}

/** Keys of the maps that something beginning at this column lies in, the outermost first. */
function parentsOf(before: readonly string[], column: number): string[] {
  const parents: string[] = [];
  let within = column;
  for (const text of before.toReversed()) {
    const { dash, at, key } = readLine(text);
    if (key === null || at >= within) continue;
    parents.unshift(key);
    // A list may stand as far left as the key that it belongs to.
    within = dash === null ? at : dash + 1;
    if (within === 0) break;
  }
  return parents;
}

/** Columns, from 0, of a line's first dash and of its key. */
function readLine(text: string): { dash: number | null; at: number; key: string | null } {
  const [, spaces = '', dashes = '', body = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(text) ?? [];
  const key = /^((?:"[^"]*"|'[^']*'|[^:\s"'#][^:]*?))\s*:(\s|$)/.exec(body)?.[1];
  return {
    dash: dashes === '' ? null : spaces.length,
    at: spaces.length + dashes.length,
    key: key === undefined ? null : unquoted(key),
  };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');
