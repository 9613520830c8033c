import { Option } from 'commander';
import { type Alert, type EventRow, STATUSES, type Status } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { AlertProof, Session } from '../../host/api.ts';
import { parseJson } from '../../json.ts';
import { jsonText, visible, visibleLines } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { eventTable } from '../event-table.ts';
import { EXIT } from '../exit-code.ts';
import { alertLines, userQuery } from '../findings.ts';
import { LEVEL_STYLES } from '../paint.ts';
import { wholeNumber } from '../shared-options.ts';
import { count } from '../words.ts';

interface AlertFlags {
  readonly status?: Status;
  readonly reason?: string;
}

/** Events and matched fields that people are shown of one alert. */
const MOST = 20;

export const alertCommand: CommandDefinition = {
  name: 'alert',
  summary: 'one alert with its proof, or judge it',
  description: `Shows one alert: what happened, the events that prove it, why the rule fired, and what to do next. With --status
it records what you make of it; every status but open needs a reason, which goes into the log of actions.`,
  examples: [
    { command: 'alert northwind.decklog 12', does: 'alert 12 with its proof' },
    {
      command: 'alert northwind.decklog 12 --status benign --reason "rollout 4711, confirmed by the team"',
      does: 'judge it',
    },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<id>', "the alert's number", wholeNumber(1))
      .addOption(new Option('--status <status>', 'the new status').choices(STATUSES))
      .option('--reason <text>', 'why');
  },
  async run(call) {
    const [path = '', id = ''] = call.args;
    const { status, reason } = call.options<AlertFlags>();
    if (status === undefined && reason !== undefined) {
      throw new CaseError('usage', 'A reason needs a status.', { hint: 'Add --status, for example --status benign.' });
    }
    const shown = await call.withCase(path, status ? 'write' : 'read', (session) => {
      if (status) session.setStatus(Number(id), status, reason ?? '');
      const proof = session.alert(Number(id));
      return { proof, text: call.isJson ? [] : lines(path, proof, session, call) };
    });
    if (call.isJson) await call.json(shown.proof);
    else for (const line of shown.text) await call.out.line(line);
    return EXIT.done;
  },
};

function lines(path: string, proof: AlertProof, session: Session, call: Call): string[] {
  const { alert: found, events } = proof;
  const first = events[0];
  return [
    `${call.paint(found.level.toUpperCase(), ...LEVEL_STYLES[found.level])}, ${found.status}`,
    ...alertLines(found, call),
    '',
    ...visibleLines(found.summary).split('\n'),
    ...section('Who really acted', hands(proof)),
    ...section('Why the rule fired', reasons(proof)),
    ...section('Mapped to', mappings(proof)),
    ...section('Often harmless when', found.falsePositives.map(visible)),
    ...section('What to do next', found.nextSteps.map(visible)),
    ...section('What was decided', decisions(proof)),
    ...section(`Events that prove it (${count(events.length)})`, eventTable(events.slice(0, MOST), call)),
    ...(first ? section(`Event ${first.id}`, pretty(session.canonical(first.id))) : []),
    '',
    ...ways(path, found, first, call),
  ];
}

function section(head: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : ['', head, ...body.map((line) => `  ${line}`)];
}

/** From the first known hand to the one that the log names. */
function hands({ alert: { actor } }: AlertProof): string[] {
  if (actor === undefined) return [];
  return actor.chain.map(({ time, reason, certainty }) => visible(`${time} ${reason} (${certainty})`));
}

function reasons({ alert: { matched, rule } }: AlertProof): string[] {
  const shown = matched.slice(0, MOST).map(({ field, value }) => visible(`${field} = ${jsonText(value)}`));
  const rest = matched.length > MOST ? [`and ${count(matched.length - MOST)} more`] : [];
  return [visible(`${rule.title} (${rule.path})`), ...shown, ...rest];
}

function mappings({ alert: { attack, tactics, defender } }: AlertProof): string[] {
  const mitre = attack.length === 0 ? [] : [`ATT&CK ${attack.join(', ')}`];
  return [
    ...mitre,
    ...(tactics.length === 0 ? [] : [tactics.join(', ')]),
    ...(defender ? [`Defender ${defender}`] : []),
  ].map(visible);
}

function decisions({ history }: AlertProof): string[] {
  return history.map(({ time, examiner, action }) => visible(`${time} ${examiner}: ${action}`));
}

function pretty(canonical: string): string[] {
  return jsonText(parseJson(canonical), 2).split('\n');
}

function ways(path: string, alert: Alert, first: EventRow | undefined, call: Call): string[] {
  const bytes = first ? [`Original bytes of an event: ${call.next('raw', path, String(first.id))}`] : [];
  const { incident } = alert;
  const story = incident === null ? [] : [`The story it belongs to: ${call.next('incidents', path, String(incident))}`];
  return [...bytes, ...story, `All of its user: ${call.next('events', path, userQuery(alert.user))}`];
}
