/** JSON text with two spaces a level, character for character the same otherwise: numbers keep all their digits. */
export function indented(json: string): string {
  let out = '';
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at] as string;
    if (character === '"') {
      const end = endOfText(json, at);
      out += json.slice(at, end);
      at = end - 1;
    } else if (character === '{' || character === '[') {
      const close = character === '{' ? '}' : ']';
      if (json[at + 1] === close) {
        out += character + close;
        at++;
      } else out += character + newLine(++depth);
    } else if (character === '}' || character === ']') out += newLine(--depth) + character;
    else if (character === ',') out += `,${newLine(depth)}`;
    else if (character === ':') out += ': ';
    else out += character;
  }
  return out;
}

const newLine = (depth: number): string => `\n${'  '.repeat(depth)}`;

function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"' && at < json.length) at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
