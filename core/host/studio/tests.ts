import { parseDocument, stringify, YAMLSeq } from 'yaml';
import type { TestedText } from '../../contract/studio-calls.ts';
import { runRuleTests } from '../../detect/rule-tests.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { CaseError } from '../../fault.ts';
import { parseYaml } from '../../sigma/sigma.ts';
import { anonymise } from './anonymise.ts';
import type { StudioRules } from './draft-rules.ts';

/** Runs the tests of a text as they stand beside it. */
export function testText(rules: StudioRules, path: string, text: string, tests: string): TestedText {
  if (tests.trim() === '') return { results: [], problems: [] };
  const testPath = path.replace(/(\.ya?ml)?$/, '.test.yml');
  const { results, problems } = runRuleTests({
    rule: { path, text },
    tests: { path: testPath, text: tests },
    options: rules.options,
    others: rules.others(path),
  });
  return { results: results.map(({ kind, name, ok, reason }) => ({ kind, name, ok, reason })), problems };
}

/** Adds an event as a test, as an example; the rest of the text stays as it is written. */
export function withTest(tests: string, kind: 'match' | 'miss', name: string, event: AuditEvent): string {
  const error =
    tests.trim() === '' ? undefined : parseYaml('', tests).problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    throw new CaseError('usage', `The tests cannot be read: ${error.message}.`, {
      hint: 'Mend them first.',
      at: { line: error.line, column: error.column },
    });
  }
  const document = parseDocument(tests, { version: '1.2' });
  const entry = { name, event: anonymise(event) };
  if (document.contents === null) return stringify({ [kind]: [entry] });
  const list = document.get(kind);
  if (list instanceof YAMLSeq) list.add(document.createNode(entry));
  else document.set(kind, [entry]);
  return document.toString({ lineWidth: 0 });
}
