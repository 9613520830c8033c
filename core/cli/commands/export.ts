import { extname } from 'node:path';
import { Option } from 'commander';
import { ALERT_FORMATS, type AlertFormat, EVENT_FORMATS, type EventFormat } from '../../contract/export-formats.ts';
import { type ExportRequest, REDACTION_PROFILES, type RedactionProfile } from '../../contract/report.ts';
import { LEVELS, type Level, STATUSES, type Status } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { writePieces } from '../output-file.ts';
import { wholeNumber } from '../shared-options.ts';
import { size } from '../words.ts';

interface ExportFlags {
  readonly output: string;
  readonly what: 'alerts' | 'events' | 'case';
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly level?: Level;
  readonly status?: Status;
  readonly rule?: string;
  readonly incident?: number;
  readonly redact?: RedactionProfile | true;
}

export const exportCommand: CommandDefinition = {
  name: 'export',
  summary: 'alerts, events or the case for other tools',
  description: `Writes alerts or events in the words of another tool, or a copy of the case. Formats of alerts: ${ALERT_FORMATS.join(', ')}.
Formats of events: ${EVENT_FORMATS.join(', ')}. Cells that a spreadsheet would run as a formula are defused.`,
  examples: [
    { command: 'export northwind.decklog -o alerts.cef --what alerts --format cef --level medium', does: 'for a SIEM' },
    {
      command: "export northwind.decklog 'resource:secrets' -o secrets.parquet --what events",
      does: 'events of a query',
    },
    {
      command: 'export northwind.decklog -o shared.decklog --what case --redact',
      does: 'a case to share, with pseudonyms',
    },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('[query...]', 'which events; all without it')
      .requiredOption('-o, --output <file>', 'where to write it')
      .addOption(new Option('--what <what>', 'what to write').choices(['alerts', 'events', 'case']).default('alerts'))
      .option('--format <format>', "the format (default: by the file's name)")
      .option('--from <time>', 'events received at this time or later')
      .option('--to <time>', 'events received at this time or earlier')
      .addOption(new Option('--level <level>', 'alerts of this level and above').choices(LEVELS))
      .addOption(new Option('--status <status>', 'alerts of this status').choices(STATUSES))
      .option('--rule <id or title>', 'alerts of a rule: its id, or part of its title')
      .option('--incident <id>', 'alerts of one incident', wholeNumber(1))
      .addOption(new Option('--redact [profile]', 'pseudonyms in place of names').choices(REDACTION_PROFILES));
  },
  async run(call) {
    const [path = '', ...words] = call.args;
    const flags = call.options<ExportFlags>();
    if (flags.what === 'case') return exportCase(path, flags, call);
    const request = requestOf(flags, words.join(' '));
    if (request.what === 'events') call.noteQuery(request.query);
    const bytes = await call.withCaseToOutput(path, (session) =>
      writePieces(flags.output, session.outputs.export(request, call.context)),
    );
    if (call.isJson) await call.json({ path: flags.output, what: request.what, format: request.format, bytes });
    else await call.out.line(`Wrote ${flags.output}, ${size(bytes)}.`);
    return EXIT.done;
  },
};

async function exportCase(path: string, { output, redact }: ExportFlags, call: Call) {
  const profile = redact === true ? 'names' : redact;
  await call.withCaseToOutput(path, (session) => session.outputs.copyCase(output, profile, call.context));
  if (call.isJson) await call.json({ path: output, what: 'case', format: 'decklog' });
  else await call.out.line(`Wrote ${output}. Check it: ${call.next('verify', output)}`);
  return EXIT.done;
}

function requestOf(flags: ExportFlags, query: string): ExportRequest {
  const redact =
    flags.redact === undefined ? {} : { redact: flags.redact === true ? ('names' as const) : flags.redact };
  if (flags.what === 'alerts') {
    if (query !== '')
      throw new CaseError('usage', 'A query selects events.', {
        hint: 'Add --what events, or use --level and --rule.',
      });
    const { level, status, rule, incident } = flags;
    return {
      what: 'alerts',
      format: formatOf<AlertFormat>(flags, ALERT_FORMATS),
      ...(level && { level }),
      ...(status && { status }),
      ...(rule !== undefined && { rule }),
      ...(incident !== undefined && { incident }),
      ...redact,
    };
  }
  const { from, to } = flags;
  const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return { what: 'events', format: formatOf<EventFormat>(flags, EVENT_FORMATS), query, ...bounds, ...redact };
}

/** By name, else by the suffix where it tells one apart. */
function formatOf<Format extends string>({ format, output, what }: ExportFlags, known: readonly Format[]): Format {
  const suffix = extname(output).slice(1).toLowerCase();
  const wanted = format ?? (suffix === 'ndjson' ? 'jsonl' : suffix);
  const found = known.find((name) => name === wanted);
  if (found !== undefined) return found;
  const sentence =
    format === undefined
      ? `The name ${output} does not say which format it should have.`
      : `${format} is no format of ${what}.`;
  throw new CaseError('usage', sentence, { hint: `Add --format with one of ${known.join(', ')}.` });
}
