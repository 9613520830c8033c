import { CaseError } from '../../fault.ts';
import type { TriedRule } from '../../host/rules-api.ts';
import { jsonText, visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { count, counted } from '../words.ts';
import { addMappingOption, type RulesFlags } from './import-options.ts';

interface TryFlags extends RulesFlags {
  readonly cases?: string;
  readonly sigmahq?: string;
}

export const rulesTry: CommandDefinition = {
  name: 'try',
  summary: 'match a rule against loose events',
  description: `Matches the rules of one file against events, one a line. With --cases it runs a file of conformance cases and
prints a line for each, refusals among them.`,
  examples: [
    { command: 'rules try rule.yml events.jsonl', does: 'which of these events match' },
    { command: 'rules try --cases cases.jsonl --json', does: 'conformance cases' },
  ],
  define(command) {
    command
      .argument('[rule]', 'a file of rules')
      .argument('[events]', 'events, one JSON object a line')
      .option('--cases <file>', 'a file of conformance cases')
      .option('--sigmahq <folder>', "a copy of SigmaHQ's rules, for cases that name one of them");
    addMappingOption(command);
  },
  async run(call) {
    const flags = call.options<TryFlags>();
    return flags.cases === undefined ? tryOne(call) : tryCases(flags.cases, flags.sigmahq, call);
  },
};

async function tryOne(call: Call): Promise<ExitCode> {
  const [rule, events] = call.args;
  if (rule === undefined || events === undefined) {
    throw new CaseError('usage', 'A rule and a file of events are needed.', { hint: 'See: decklog rules try --help' });
  }
  const { tryRule } = await import('../../host/rules.ts');
  const tried = tryRule(rule, events, call.options<TryFlags>().mapping);
  if (call.isJson) await call.json(tried);
  else for (const line of lines(tried)) await call.out.line(line);
  return EXIT.done;
}

function lines(tried: TriedRule): string[] {
  if ('alerts' in tried) {
    const shown = tried.alerts.map(
      ({ events, group }) => `alert: lines ${events.map((index) => index + 1).join(', ')} ${jsonText(group)}`,
    );
    return [...shown, `${counted(tried.alerts.length, 'alert')}.`];
  }
  const matching = tried.matches.flatMap((matches, index) => (matches ? [index + 1] : []));
  const which =
    matching.length === 0 ? '' : `: ${matching.slice(0, 100).join(', ')}${matching.length > 100 ? ', ...' : ''}`;
  return [visible(`${count(matching.length)} of ${counted(tried.matches.length, 'event')} match${which}.`)];
}

async function tryCases(path: string, sigmahq: string | undefined, call: Call): Promise<ExitCode> {
  if (call.args.length > 0)
    throw new CaseError('usage', '--cases takes no rule beside it.', { hint: 'Leave one of them out.' });
  const { runCases } = await import('../../host/rules.ts');
  for (const result of runCases(path, sigmahq)) {
    call.context.signal.throwIfAborted();
    await call.out.machine(`${jsonText(result)}\n`);
  }
  return EXIT.done;
}
