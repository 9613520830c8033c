import type { BlastRadius, Incident } from '../../contract/rows.ts';
import type { Block } from '../document.ts';
import { count, counted, OUTCOMES, shortTime, span } from '../words.ts';

/** An incident as a story: what happened step by step, who acted, what was reached and what was left behind. */
export function incidentBlocks(incident: Incident, findings: number): Block[] {
  const { id, title, level, story, firstTime, lastTime, identities, addresses, tactics } = incident;
  const lines = story.split('\n').filter((line) => line.trim() !== '');
  return [
    { kind: 'heading', level: 2, text: `INC-${id} ${title}` },
    { kind: 'text', line: [{ level }, ` ${span(firstTime, lastTime)}, ${counted(findings, 'finding')}`] },
    ...lines.map((line): Block => ({ kind: 'text', line: [line] })),
    {
      kind: 'facts',
      rows: [
        ['Identities', [identities.join(', ') || 'none']],
        ['Addresses', [addresses.join(', ') || 'none']],
        ['Tactics', [tactics.join(', ') || 'none']],
        [
          'First known',
          [`${shortTime(incident.firstEvent.time)}: ${incident.firstEvent.sentence} (${incident.firstEvent.auditID})`],
        ],
      ],
    },
    stepsTable(incident),
    ...radiusTables(incident.blastRadius),
    linksTable(incident),
    ...(incident.nextChecks.length === 0
      ? []
      : [
          { kind: 'text', line: [{ text: 'What to check next', style: 'strong' }] } as const,
          { kind: 'list', ordered: false, items: incident.nextChecks.map((check) => [check]) } as const,
        ]),
  ];
}

function stepsTable({ steps }: Incident): Block {
  return {
    kind: 'table',
    caption: 'Steps',
    columns: [
      { head: 'Time', width: 20 },
      { head: 'Level', width: 13 },
      { head: 'What', width: 39 },
      { head: 'Ended', width: 12 },
      { head: 'Findings', width: 16 },
    ],
    rows: steps.map(({ time, level, sentence, outcome, alerts, isAftermath }) => [
      [shortTime(time)],
      [{ level }],
      [sentence, isAftermath ? { text: ' (clean-up by somebody else)', style: 'em' } : ''],
      [OUTCOMES[outcome]],
      [alerts.map((alert) => `#${alert}`).join(', ')],
    ]),
  };
}

function linksTable({ links }: Incident): Block {
  return {
    kind: 'table',
    caption: 'Why its parts belong together',
    columns: [
      { head: 'Time', width: 20 },
      { head: 'Certainty', width: 15 },
      { head: 'Why', width: 65 },
    ],
    rows: links.map(({ time, certainty, reason }) => [[shortTime(time)], [certainty], [reason]]),
  };
}

/** What the intruder had, reached and left behind. */
function radiusTables({ identities, secrets, workloads, persistence }: BlastRadius): Block[] {
  return [
    {
      kind: 'table',
      caption: 'Identities in the hands of the intruder',
      columns: columns(['Identity', 30], ['Addresses', 20], ['Events', 10], ['First and last', 20], ['How', 20]),
      rows: identities.map((one) => [
        [one.user],
        [one.addresses.join(', ')],
        [count(one.events)],
        [span(one.firstTime, one.lastTime)],
        [one.how],
      ]),
    },
    {
      kind: 'table',
      caption: 'Secrets that were read',
      columns: columns(['Time', 20], ['Secret', 45], ['By', 25], ['Requests', 10]),
      rows: secrets.map(({ time, namespace, name, user, count: times }) => [
        [shortTime(time)],
        [`${namespace ?? 'all namespaces'}/${name ?? 'all'}`],
        [user],
        [count(times)],
      ]),
    },
    {
      kind: 'table',
      caption: 'Workloads that were touched',
      columns: columns(['Time', 20], ['Workload', 40], ['Deed', 12], ['By', 28]),
      rows: workloads.map(({ time, namespace, object, deed, user }) => [
        [shortTime(time)],
        [place(namespace, object)],
        [deed],
        [user],
      ]),
    },
    {
      kind: 'table',
      caption: 'Left behind: ways back',
      columns: columns(['Time', 18], ['What', 32], ['What it does', 25], ['Taken away', 25]),
      rows: persistence.map(({ time, kind, namespace, object, detail, removed }) => [
        [shortTime(time)],
        [`${kind}: ${place(namespace, object)}`],
        [detail],
        [removed === null ? 'not in this log' : `by ${removed.user}, ${shortTime(removed.time)}`],
      ]),
    },
  ];
}

const place = (namespace: string | null, object: string): string =>
  namespace === null ? object : `${namespace}/${object}`;

const columns = (...heads: readonly (readonly [string, number])[]) => heads.map(([head, width]) => ({ head, width }));
