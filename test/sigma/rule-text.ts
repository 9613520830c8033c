import { linkRules, parseRules, type SigmaOptions, type SigmaRule } from '../../core/sigma/sigma.ts';

/** A whole rule around the lines of its detection. The first line of `detection` is line 5 of the text. */
export function ruleText(detection: string): string {
  const lines = detection.trim().split('\n');
  return [
    'title: Test',
    'logsource:',
    '  product: kubernetes',
    'detection:',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** Compiles a rule that must be sound. */
export function compile(detection: string, options: SigmaOptions = {}): SigmaRule {
  const { documents, problems } = parseRules('rule.yml', ruleText(detection), options);
  const [rule] = linkRules(documents).rules;
  if (!rule) throw new Error(problems.map(({ line, code, message }) => `${line} ${code} ${message}`).join('\n'));
  return rule;
}

/** Compiles one comparison such as `verb|contains: x`. */
export function item(line: string, options: SigmaOptions = {}): SigmaRule {
  return compile(`s:\n  ${line}\ncondition: s`, options);
}

/** The errors of a detection as `line:column code`. */
export function errors(detection: string, options: SigmaOptions = {}): string[] {
  const { problems } = parseRules('rule.yml', ruleText(detection), options);
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, code }) => `${line}:${column} ${code}`);
}
