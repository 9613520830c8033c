import type { ListedRule } from '../../host/rules-api.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { LEVEL_STYLES } from '../paint.ts';
import { type Column, tableLines } from '../table.ts';
import { counted } from '../words.ts';
import { addRulesOption, type RulesFlags } from './import-options.ts';

interface ListFlags extends RulesFlags {
  readonly needs?: true;
}

export const rulesList: CommandDefinition = {
  name: 'list',
  summary: 'shipped rules with level, ATT&CK, Defender id and what they need',
  examples: [
    { command: 'rules list', does: 'all rules' },
    { command: 'rules list --needs', does: 'with what a log must hold for each to be able to fire' },
  ],
  define(command) {
    command.option('--needs', 'what a log must hold for the rule to be able to fire');
    addRulesOption(command);
  },
  async run(call) {
    const { needs, rules, mapping } = call.options<ListFlags>();
    const { listRules } = await import('../../host/rules.ts');
    const listed = listRules(rules ?? [], mapping);
    if (call.isJson) await call.json(listed);
    else for (const line of lines(listed, needs === true, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function lines(listed: readonly ListedRule[], withNeeds: boolean, call: Call): string[] {
  const paint = (cell: string, row: number) => call.paint(cell, ...LEVEL_STYLES[listed[row]?.level ?? 'informational']);
  const columns: Column[] = [
    { head: 'Level', paint },
    { head: 'Title', least: 30 },
    { head: 'ATT&CK', least: 10 },
    ...(withNeeds ? [{ head: 'Needs', least: 30 }] : [{ head: 'Defender', least: 10 }, { head: 'Id' }]),
  ];
  const rows = listed.map((rule) => [
    rule.level,
    rule.title,
    rule.attack.join(' '),
    ...(withNeeds ? [needsText(rule)] : [rule.defender ?? '', rule.id]),
  ]);
  return [...tableLines(columns, rows, call.width), '', `${counted(listed.length, 'rule')}.`];
}

function needsText({ needs }: ListedRule): string {
  return [
    `level ${needs.level}`,
    ...(needs.bodies ? ['bodies'] : []),
    needs.resources.length === 0 ? 'any resource' : needs.resources.join(' '),
    ...(needs.stages.length === 0 ? [] : [`stage ${needs.stages.join(' or ')}`]),
    ...(needs.annotations.length === 0 ? [] : [`annotation ${needs.annotations.join(' ')}`]),
  ].join(', ');
}
