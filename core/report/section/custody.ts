import type { Evidence } from '../../contract/rows.ts';
import type { Block, Line } from '../document.ts';
import type { Report } from '../model.ts';
import { clip, count, counted, shortTime } from '../words.ts';

const LONGEST_DETAIL = 600;

/** Everything that was read, with its hashes and sums. */
export function ledgerSection({ custody: { ledger } }: Report): Block[] {
  const sum = (key: 'uniqueEvents' | 'duplicates' | 'skippedRecords' | 'malformedRecords' | 'records') =>
    ledger.reduce((total, line) => total + line[key], 0);
  const [unique, duplicate, skipped, malformed] = [
    sum('uniqueEvents'),
    sum('duplicates'),
    sum('skippedRecords'),
    sum('malformedRecords'),
  ];
  const isWhole = unique + duplicate + skipped + malformed === sum('records');
  return [
    {
      kind: 'text',
      line: [
        `${count(unique)} unique + ${count(duplicate)} duplicate + ${count(skipped)} skipped + ${count(malformed)} malformed = ${counted(sum('records'), 'record')}: ${isWhole ? 'the sum reconciles' : 'THE SUM DOES NOT RECONCILE'}.`,
      ],
    },
    {
      kind: 'table',
      caption: 'Evidence',
      columns: [
        { head: 'Path', width: 28, code: true },
        { head: 'Format', width: 14 },
        { head: 'Bytes', width: 11 },
        { head: 'Records', width: 17 },
        { head: 'SHA-256', width: 30, code: true },
      ],
      rows: ledger.map(ledgerRow),
    },
    {
      kind: 'table',
      caption: 'Files as they were given',
      columns: [
        { head: 'File', width: 50, code: true },
        { head: 'SHA-256', width: 50, code: true },
      ],
      rows: [...new Map(ledger.map(({ file }) => [`${file.path} ${file.sha256}`, file])).values()].map((file) => [
        [file.path],
        [file.sha256],
      ]),
    },
  ];
}

function ledgerRow(line: Evidence): Line[] {
  const { uniqueEvents, duplicates, skippedRecords, malformedRecords } = line;
  const inside = [line.format ?? 'none', ...line.containers].join(' in ');
  const rest = [
    [duplicates, 'duplicate'],
    [skippedRecords, 'skipped'],
    [malformedRecords, 'malformed'],
  ] as const;
  const parts = rest.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`);
  return [
    [line.path],
    [inside],
    [count(line.bytes)],
    [[`${count(uniqueEvents)} unique`, ...parts].join(', ')],
    [line.sha256],
  ];
}

/** What people and suppressions have made of findings. */
export function decisionsSection({ custody: { decisions }, findings }: Report): Block[] {
  const open = findings.findings.length - new Set(decisions.map(({ finding }) => finding)).size;
  return [
    { kind: 'text', line: [`${counted(Math.max(0, open), 'finding')} of this report: not decided yet.`] },
    {
      kind: 'table',
      caption: 'Decisions',
      columns: [
        { head: 'Finding', width: 32 },
        { head: 'Decision', width: 13 },
        { head: 'By', width: 17 },
        { head: 'When', width: 16 },
        { head: 'Reason', width: 22 },
      ],
      rows: decisions.map(({ finding, title, status, by, time, reason }) => [
        [`#${finding} ${title}`],
        [status],
        [by],
        [time === null ? '' : shortTime(time)],
        [reason],
      ]),
    },
  ];
}

/** What examiners starred, tagged and noted, in the order in which they did. */
export function marksSection({ custody: { marks } }: Report): Block[] {
  return [
    {
      kind: 'table',
      caption: 'Stars, tags, notes and verdicts',
      columns: [
        { head: 'When', width: 16 },
        { head: 'By', width: 12 },
        { head: 'What', width: 10 },
        { head: 'On', width: 26 },
        { head: 'Text', width: 20 },
        { head: 'Place', width: 16, code: true },
      ],
      rows: marks.map(({ kind, on, text, examiner, time, place }) => [
        [shortTime(time)],
        [examiner],
        [kind],
        [on],
        [text],
        [place === null ? '' : `${place.path} (${place.sha256.slice(0, 8)}) ${place.offset} + ${place.length}`],
      ]),
    },
  ];
}

export function rulesSection({ custody: { rules, rulesHash } }: Report): Block[] {
  return [
    { kind: 'text', line: [`${counted(rules.length, 'file')}, together `, { text: rulesHash, style: 'code' }] },
    {
      kind: 'table',
      caption: 'Rules and lists, as they were run last',
      columns: [
        { head: 'File', width: 50, code: true },
        { head: 'SHA-256', width: 50, code: true },
      ],
      rows: rules.map(({ path, sha256 }) => [[path], [sha256]]),
    },
  ];
}

export function settingsSection({ selection, custody, findings }: Report): Block[] {
  return [
    {
      kind: 'facts',
      rows: [
        ['Decklog', [custody.version]],
        ['Case schema', [String(custody.schema)]],
        ['Reference time', [shortTime(findings.lastTime), ', the time of the last event']],
        ['Findings', [selection.level === undefined ? 'of every level' : `of level ${selection.level} and above`]],
        [
          'Incidents',
          [selection.incidents === undefined ? 'all' : selection.incidents.map((id) => `INC-${id}`).join(', ')],
        ],
        ['Left out', [selection.without?.join(', ') || 'nothing']],
        [
          'Redaction',
          [
            selection.redact === undefined
              ? 'none'
              : `profile ${selection.redact}; names are pseudonyms, the key stays in the original case`,
          ],
        ],
      ],
    },
  ];
}

/** Who did what, each entry chained to the one before. */
export function actionsSection({ custody: { actions, head } }: Report): Block[] {
  return [
    { kind: 'text', line: [`${counted(actions.length, 'action')}; the head is `, { text: head, style: 'code' }] },
    {
      kind: 'table',
      caption: 'Actions',
      columns: [
        { head: '', width: 5 },
        { head: 'When', width: 16 },
        { head: 'Who', width: 13 },
        { head: 'What', width: 14 },
        { head: 'Details', width: 28 },
        { head: 'Hash', width: 24, code: true },
      ],
      rows: actions.map(({ id, time, examiner, name, detail, hash }) => [
        [String(id)],
        [shortTime(time)],
        [examiner],
        [name],
        [clip(detail, LONGEST_DETAIL)],
        [hash],
      ]),
    },
  ];
}
