import type { Fault, Place, Problem } from '../contract/fault.ts';
import { jsonText, visible } from '../text.ts';
import type { Paint } from './paint.ts';

/** A fault as one line for machines. */
export function faultJson(fault: Fault): string {
  return `${jsonText({ fault })}\n`;
}

/** A fault for people: what and where in one sentence, the place in a query or a rule, what to do next. */
export function faultText(fault: Fault, query: string | undefined, paint: Paint): string {
  const pointed = fault.code === 'query/invalid' && query !== undefined ? pointer(query, fault.at) : [];
  const problems = (fault.problems ?? []).map(problemText);
  const hint = fault.hint === undefined ? [] : [visible(fault.hint)];
  const place = pointed.length > 0 ? '' : placeText(fault.at, fault.message);
  const sentence = `${paint('decklog:', 'red')} ${visible(fault.message)}${place}`;
  return [sentence, ...pointed, ...problems, ...hint].map((line) => `${line}\n`).join('');
}

/** One diagnostic of a rule, as compilers write them. */
export function problemText(problem: Problem): string {
  const { path, line, column, severity, code, message, suggestion } = problem;
  const text = `${path}:${line}:${column}: ${severity}: ${message} (${code})`;
  return visible(suggestion ? `${text} Write: ${suggestion}` : text);
}

/** The line of the query and a caret below the place. */
function pointer(query: string, at: Place | undefined): string[] {
  const line = query.split('\n')[(at?.line ?? 1) - 1] ?? '';
  const before = visible(line.slice(0, (at?.column ?? 1) - 1));
  return [`  ${visible(line)}`, `  ${' '.repeat(before.length)}^`];
}

function placeText(at: Place | undefined, message: string): string {
  if (at === undefined) return '';
  const path = at.path !== undefined && !message.includes(at.path) ? [visible(at.path)] : [];
  const line = at.line === undefined ? [] : [`line ${at.line}`];
  const column = at.column === undefined ? [] : [`column ${at.column}`];
  const offset = at.offset === undefined ? [] : [`byte ${at.offset}`];
  const parts = [...path, ...line, ...column, ...offset];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
