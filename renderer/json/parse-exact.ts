/** A number whose digits JavaScript would lose, as it is written. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Parses JSON and keeps every digit. Raises SyntaxError. */
export function parseExact(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source;
    return typeof value === 'number' && source !== undefined && String(value) !== source
      ? new NumberText(source)
      : value;
  };
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}
