/** One coloured piece of a line of YAML: key, string, number, comment, or plain. */
export interface YamlPart {
  readonly kind: 'k' | 's' | 'n' | 'c' | '';
  readonly text: string;
}

/** Colours a line for reading; it need not understand all of YAML. */
export function yamlParts(line: string): readonly YamlPart[] {
  const comment = /^\s*#/.test(line) ? 0 : line.search(/\s#/);
  const code = comment >= 0 ? line.slice(0, comment) : line;
  const rest: YamlPart[] = comment >= 0 ? [{ kind: 'c', text: line.slice(comment) }] : [];
  const key = /^(\s*(?:- )*)([^\s:'"#][^:'"]*?|'[^']*'|"[^"]*")(:)(?=\s|$)/.exec(code);
  if (key === null) return [...valueParts(code), ...rest].filter((part) => part.text !== '');
  const [whole, lead = '', name = '', colon = ''] = key;
  return [
    { kind: '' as const, text: lead },
    { kind: 'k' as const, text: name },
    { kind: '' as const, text: colon },
    ...valueParts(code.slice(whole.length)),
    ...rest,
  ].filter((part) => part.text !== '');
}

function valueParts(text: string): readonly YamlPart[] {
  const match = /^(\s*(?:- )*)(.*)$/s.exec(text);
  const lead = match?.[1] ?? '';
  const value = match?.[2] ?? '';
  return [
    { kind: '', text: lead },
    { kind: /^-?[\d.]+$|^(true|false|null)$/.test(value) ? 'n' : 's', text: value },
  ];
}
