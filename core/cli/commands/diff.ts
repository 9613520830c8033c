import type { CaseDifferences } from '../../contract/rows.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { counted } from '../words.ts';

/** Differences of one kind that people are shown. */
const MOST = 20;
/** Longest text of one side. */
const MOST_CHARACTERS = 200;

export const diff: CommandDefinition = {
  name: 'diff',
  summary: 'compare two cases',
  description: `Compares two cases, such as two examiners' copies: evidence by hashes, rules by their texts, alerts by their keys, and what
people decided, hid, listed and marked. Ids and paths of the cases do not matter. It also says how their logs of actions
stand to each other. Whether each case is whole is told by verify.`,
  examples: [{ command: 'diff ours.decklog theirs.decklog', does: 'what one has and the other has not' }],
  exits: [EXIT.differs],
  define(command) {
    command.argument('<case>', 'one case').argument('<other>', 'the other');
  },
  async run(call) {
    const [left = '', right = ''] = call.args;
    const found = await call.withCase(left, 'read', (one) =>
      call.withCase(right, 'read', (other) => one.differences(other)),
    );
    if (call.isJson) await call.json(found);
    else for (const line of lines(found, call)) await call.out.line(line);
    return found.isSame ? EXIT.done : EXIT.differs;
  },
};

function lines({ isSame, history, differences }: CaseDifferences, call: Call): string[] {
  const log = historyLine(history);
  if (isSame) return ['The two cases hold the same.', log];
  const kinds = Map.groupBy(differences, ({ kind }) => kind);
  const shown = [...kinds].flatMap(([kind, same]) => [
    call.paint(`${kind} (${same.length})`, 'bold'),
    ...same
      .slice(0, MOST)
      .flatMap(({ name, left, right }) => [`  ${visible(name)}`, side('<', left), side('>', right)]),
    ...(same.length > MOST ? [`  and ${same.length - MOST} more: --json has them all`] : []),
    '',
  ]);
  return [...shown, `${counted(differences.length, 'difference')}.`, log];
}

function side(mark: string, text: string | null): string {
  if (text === null) return `    ${mark} (not there)`;
  const short = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return `    ${mark} ${visible(short)}`;
}

function historyLine({ relation, common, left, right }: CaseDifferences['history']): string {
  switch (relation) {
    case 'same':
      return `Their logs of actions are the same, ${counted(common, 'action')}.`;
    case 'unrelated':
      return 'Their logs of actions have nothing in common: neither is a copy of the other.';
    case 'left is longer':
      return `The first is the second and ${counted(left, 'action')} more.`;
    case 'right is longer':
      return `The second is the first and ${counted(right, 'action')} more.`;
    case 'parted':
      return `They were one for ${counted(common, 'action')}; then the first went on for ${left}, the second for ${right}.`;
  }
}
