import type { TestedRules } from '../../host/rules-api.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { problemText } from '../fault-text.ts';
import { count, counted } from '../words.ts';
import { addMappingOption, type RulesFlags } from './import-options.ts';

export const rulesTest: CommandDefinition = {
  name: 'test',
  summary: "run the rules' own tests",
  description: `Runs the tests that stand beside rules, in NAME.test.yml: events that must match and near misses that must not.
Without a path: those of the shipped rules. Exits with 1 if one fails.`,
  examples: [{ command: 'rules test my-rules', does: 'all tests of a folder' }],
  define(command) {
    command.argument('[path...]', 'files and folders');
    addMappingOption(command);
  },
  async run(call) {
    const { testRules } = await import('../../host/rules.ts');
    const tested = testRules(call.args, call.options<RulesFlags>().mapping);
    if (call.isJson) await call.json(tested);
    else await show(tested, call);
    return tested.ok ? EXIT.done : EXIT.failed;
  },
};

async function show({ results, problems, untested }: TestedRules, call: Call): Promise<void> {
  const failed = results.filter((result) => !result.ok);
  for (const problem of problems) await call.out.line(problemText(problem));
  for (const { path, kind, name, reason } of failed)
    await call.out.line(visible(`${path}: ${kind} "${name}": ${reason}`));
  const rules = new Set(results.map((result) => result.path)).size;
  const bare = untested.length === 0 ? '' : `; ${counted(untested.length, 'rule')} without a test`;
  const passed = counted(results.length - failed.length, 'test');
  await call.out.line(`${passed} of ${counted(rules, 'rule')} passed, ${count(failed.length)} failed${bare}.`);
}
