import type { CaseGlance } from '../../contract/rows.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { count, counted, size, span } from '../words.ts';

export const caseGlance: CommandDefinition = {
  name: 'case',
  summary: 'the case at a glance',
  examples: [{ command: 'case northwind.decklog', does: 'what the case holds' }],
  define(command) {
    command.argument('<case>', 'the case file');
  },
  async run(call) {
    const [path = ''] = call.args;
    const glance = await call.withCase(path, 'read', (session) => session.glance());
    if (call.isJson) await call.json(glance);
    else for (const line of lines(glance, call)) await call.out.line(line);
    return EXIT.done;
  },
};

/** Below this an empty database weighs more than what it holds. */
const TELLING_BYTES = 5_000_000;

function lines(glance: CaseGlance, call: Call): string[] {
  const { path, events, evidence, alerts, incidents, clusters, sizeBytes, rawBytes } = glance;
  const share =
    rawBytes >= TELLING_BYTES ? `, ${((100 * sizeBytes) / rawBytes).toFixed(1)} % of the events as JSON` : '';
  const rows = [
    ['events', `${count(events)} ${events > 0 ? span(glance.firstTime, glance.lastTime) : ''}`],
    ['evidence', counted(evidence, 'ledger line')],
    ['alerts', incidents > 0 ? `${count(alerts)}, joined to ${counted(incidents, 'incident')}` : count(alerts)],
    ['clusters', clusters.length === 0 ? 'not stated' : clusters.join(', ')],
    ['size', `${size(sizeBytes)}${share}`],
    ['head', `${glance.head} (note it down: verify --head proves with it that no action was cut off)`],
  ] as const;
  const isFound = alerts > 0 ? 'alerts' : 'detect';
  const next = events === 0 ? call.next('import', path, 'PATH') : call.next(isFound, path);
  return [visible(path), ...rows.map(([head, text]) => `  ${head.padEnd(9)} ${visible(text)}`), `Next: ${next}`];
}
