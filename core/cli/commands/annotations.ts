import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Option } from 'commander';
import type { MergeOutcome } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { jsonText, visible } from '../../text.ts';
import type { CommandDefinition, GroupDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { writePieces } from '../output-file.ts';
import { counted } from '../words.ts';

const exportMarks: CommandDefinition = {
  name: 'export',
  summary: 'stars, tags, notes, verdicts and decisions, as a file',
  description: `Writes what people have put on a case and decided about its alerts to a JSON file, without any evidence: for another
examiner who works on a copy of the case.`,
  examples: [{ command: 'annotations export northwind.decklog -o mia.json', does: 'for annotations merge' }],
  define(command) {
    command.argument('<case>', 'the case file').requiredOption('-o, --output <file>', 'where to');
  },
  async run(call) {
    const [path = ''] = call.args;
    const { output } = call.options<{ readonly output: string }>();
    const file = await call.withCase(path, 'read', (session) => session.exportAnnotations());
    await writePieces(output, Readable.from([`${jsonText(file, 1)}\n`]));
    const { marks, decisions } = file;
    if (call.isJson) await call.json({ path: output, marks: marks.length, decisions: decisions.length });
    else
      await call.out.line(
        `Wrote ${counted(marks.length, 'mark')} and ${counted(decisions.length, 'decision')} to ${output}.`,
      );
    return EXIT.done;
  },
};

const merge: CommandDefinition = {
  name: 'merge',
  summary: "bring another examiner's annotations in",
  description: `Brings marks and decisions of another examiner's copy into a case, as one action. What both have is there once. Where they
contradict each other (an edited note, two verdicts, two decisions) both sides are shown, and ours stay unless --take theirs
says otherwise. Alerts and events are found by their lasting names: the same evidence and rules are needed on both sides.`,
  examples: [
    { command: 'annotations merge northwind.decklog mia.json', does: 'ours count where both say something else' },
    { command: 'annotations merge northwind.decklog mia.json --take theirs', does: 'theirs count there' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<file>', 'made by annotations export')
      .addOption(new Option('--take <side>', 'who counts in a conflict').choices(['ours', 'theirs']).default('ours'));
  },
  async run(call) {
    const [path = '', file = ''] = call.args;
    const { take } = call.options<{ readonly take: 'ours' | 'theirs' }>();
    const json = read(file);
    const outcome = await call.withCase(path, 'write', (session) => session.mergeAnnotations(json, take));
    if (call.isJson) await call.json(outcome);
    else for (const line of lines(outcome, take)) await call.out.line(line);
    return EXIT.done;
  },
};

export const annotations: GroupDefinition = {
  name: 'annotations',
  summary: "share marks and decisions with another examiner's copy",
  commands: [exportMarks, merge],
};

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const hint = 'Name a file that annotations export has made.';
    throw new CaseError('usage', 'The file of annotations cannot be read.', { at: { path }, hint, cause });
  }
}

function lines({ added, decided, same, unknown, conflicts }: MergeOutcome, take: string): string[] {
  const shown = conflicts.flatMap(({ about, ours, theirs }) => [
    `Conflict on ${visible(about)}`,
    `  ours    ${visible(ours)}`,
    `  theirs  ${visible(theirs)}`,
  ]);
  return [
    ...shown,
    ...unknown.map((what) => `Not in this case: ${visible(what)}`),
    `${counted(added, 'mark')} and ${counted(decided, 'decision')} came in; ${counted(same, 'annotation')} both had.`,
    ...(conflicts.length === 0 ? [] : [`${counted(conflicts.length, 'conflict')}: ${take} count.`]),
  ];
}
