import type { Completion, CompletionOption, Facet } from '../contract/hunt-calls.ts';
import { FIELD_LIST } from './field-list.ts';
import { type Token, tokensOf } from './tokens.ts';

const MOST = 30;
const WORDS = ['and', 'or', 'not'];

/**
 * What may be written at a place of a query. `valuesOf` gives the values of a field that hold a text, most frequent first, or
 * null where they are not counted.
 */
export function completionAt(
  query: string,
  cursor: number,
  valuesOf: (field: string, search: string) => Facet | null,
): Completion {
  const tokens = tokensOf(query);
  const token = tokens.find(({ from, to, kind }) => kind !== 'bracket' && from <= cursor && cursor <= to);
  const field = fieldBefore(tokens, cursor);
  if (field !== null && token?.kind !== 'field') return valueCompletion(query, cursor, token, field, valuesOf);
  const from = token?.from ?? cursor;
  const typed = query.slice(from, cursor).toLowerCase();
  const fields = FIELD_LIST.filter(({ name }) => name.toLowerCase().includes(typed))
    .sort((a, b) => rank(a.name, typed) - rank(b.name, typed))
    .slice(0, MOST)
    .map(
      ({ name, about }): CompletionOption => ({
        ...{ kind: 'field', label: name, count: null, detail: about },
        text: token?.kind === 'field' ? name : `${name}:`,
      }),
    );
  const words = WORDS.filter((word) => typed !== '' && word.startsWith(typed)).map(
    (word): CompletionOption => ({ kind: 'word', label: word, text: `${word} `, count: null, detail: null }),
  );
  return { from, to: token?.to ?? cursor, options: [...fields, ...words] };
}

const rank = (name: string, typed: string): number => (name.toLowerCase().startsWith(typed) ? 0 : 1);

/** The field whose value stands, or would stand, at the cursor. */
function fieldBefore(tokens: readonly Token[], cursor: number): string | null {
  const before = tokens.filter(({ from }) => from < cursor);
  const last = before.at(-1);
  if (last === undefined) return null;
  if (last.kind === 'operator' || (last.kind === 'value' && cursor <= last.to)) return last.field;
  const open = before.findLastIndex(({ kind, to }) => kind === 'bracket' && to <= cursor);
  const isInList = open > 0 && before[open - 1]?.kind === 'operator' && open + 1 >= before.length;
  return isInList ? (before[open - 1]?.field ?? null) : null;
}

function valueCompletion(
  query: string,
  cursor: number,
  token: Token | undefined,
  field: string,
  valuesOf: (field: string, search: string) => Facet | null,
): Completion {
  const isValue = token?.kind === 'value';
  const from = isValue ? token.from : cursor;
  const typed = query.slice(from, cursor).replaceAll(/["*\\]/g, '');
  const facet = valuesOf(field, typed);
  const options = (facet?.values ?? []).flatMap(({ text, count, condition }): CompletionOption[] =>
    text === null || text === ''
      ? []
      : [{ kind: 'value', label: text, text: condition.slice(field.length + 1), count, detail: null }],
  );
  return { from, to: isValue ? token.to : cursor, options };
}
