import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_RULES } from '../detect/load-rules.ts';
import { readRuleText } from '../detect/read-rule-text.ts';
import type { RuleSource } from '../detect/rule-set.ts';
import { CaseError } from '../fault.ts';
import { parseJson } from '../json.ts';

/** The text of a file of rules that was named on the command line. */
export function readRule(path: string): string {
  try {
    return readRuleText(path);
  } catch (cause) {
    throw new CaseError('rule/unreadable', 'The rule cannot be read.', {
      at: { path },
      hint: 'Check the path.',
      cause,
    });
  }
}

/** The text of a file that was named on the command line. */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CaseError('rule/unreadable', `${what} cannot be read.`, { at: { path }, hint: 'Check the path.', cause });
  }
}

/** Events of a file of JSON lines. */
export function readEvents(path: string): unknown[] {
  const lines = readText(path, 'The file of events').split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseEvent(line, path, index + 1)]));
}

function parseEvent(text: string, path: string, line: number): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const hint = 'Give one JSON object a line.';
    throw new CaseError('usage', 'An event is not JSON.', { at: { path, line }, hint, cause });
  }
}

/** The tests that stand beside a rule, if there are any. A shipped rule is named from `rules/` on. */
export function testsBeside(rule: RuleSource): RuleSource | null {
  const shown = rule.path.replace(/\.ya?ml$/, '.test.yml');
  const isShipped = !existsSync(rule.path) && rule.path.startsWith('rules/');
  const path = isShipped ? join(SHIPPED_RULES, shown.slice('rules/'.length)) : shown;
  return existsSync(path) ? { path: shown, text: readRuleText(path) } : null;
}
