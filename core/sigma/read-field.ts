import { FieldPath } from './field-path.ts';
import { textOf } from './scalar.ts';

const known = new Map<string, FieldPath>();

/** The texts of all scalars at a path, read as rules read it. What a dispatch table by `SigmaRule.requires` has to look up, folded. */
export function readField(event: unknown, name: string): string[] {
  let path = known.get(name);
  if (!path) {
    path = new FieldPath(name);
    if (known.size < 1_000) known.set(name, path);
  }
  const texts: string[] = [];
  path.some(event, (value) => {
    const text = textOf(value);
    if (text !== null) texts.push(text);
    return false;
  });
  return texts;
}
