import type { CheckedRules } from '../../host/rules-api.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { problemText } from '../fault-text.ts';
import { counted } from '../words.ts';
import { addMappingOption, type RulesFlags } from './import-options.ts';

export const rulesCheck: CommandDefinition = {
  name: 'check',
  summary: 'tell what is wrong with rules',
  description: 'Reads rules and tells every problem with its place. Exits with 1 if one of them is an error.',
  examples: [
    { command: 'rules check my-rules', does: 'a folder' },
    { command: 'rules check rule.yml --json', does: 'for an editor' },
  ],
  define(command) {
    command.argument('<path...>', 'files and folders');
    addMappingOption(command);
  },
  async run(call) {
    const { checkRules } = await import('../../host/rules.ts');
    const checked = checkRules(call.args, call.options<RulesFlags>().mapping);
    if (call.isJson) await call.json(checked.problems);
    else await show(checked, call);
    return checked.problems.some((problem) => problem.severity === 'error') ? EXIT.failed : EXIT.done;
  },
};

async function show({ rules, problems }: CheckedRules, call: Call): Promise<void> {
  for (const problem of problems) await call.out.line(problemText(problem));
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const found = `${counted(errors, 'error')} and ${counted(problems.length - errors, 'warning')}`;
  await call.out.line(`${counted(rules, 'rule')}: ${problems.length === 0 ? 'no problem' : found}.`);
}
