import { activityFigure } from '../activity-figure.ts';
import type { Block, ComposeLimits } from '../document.ts';
import type { Report, ReportEntity } from '../model.ts';
import { clip, count, counted, shortTime, span } from '../words.ts';
import { CITATION_COLUMNS, citationRow } from './findings.ts';

/** Events and findings over time. */
export function timelineSection({ findings }: Report): Block[] {
  const figure = activityFigure(findings);
  const rows = [...findings.findings]
    .sort((a, b) => compare(a.firstTime, b.firstTime) || compare(a.key, b.key))
    .map((finding) => [
      [shortTime(finding.firstTime)],
      [{ level: finding.level }],
      [`#${finding.id} ${finding.title}`],
      [finding.user === '' ? 'no identity' : finding.user],
      [{ cite: finding.citations.slice(0, 1) }],
    ]);
  return [
    ...figure,
    {
      kind: 'table',
      caption: 'Findings in the order of time',
      columns: [
        { head: 'Time', width: 20 },
        { head: 'Level', width: 13 },
        { head: 'Finding', width: 32 },
        { head: 'Who', width: 27 },
        { head: 'Proof', width: 8 },
      ],
      rows,
    },
  ];
}

const KINDS = { identity: 'Identities', object: 'Objects', address: 'Addresses' } as const;
/** Findings that are named in a row. */
const MOST_NAMED = 12;

/** Identities, objects and addresses that findings name. */
export function entitiesSection({ findings }: Report): Block[] {
  return (['identity', 'object', 'address'] as const).map((kind) => ({
    kind: 'table',
    caption: KINDS[kind],
    columns: [
      { head: KINDS[kind], width: 40 },
      { head: 'Highest level', width: 14 },
      { head: 'First and last', width: 26 },
      { head: 'Findings', width: 20 },
    ],
    rows: findings.entities
      .filter((entity) => entity.kind === kind)
      .map((entity) => [
        [entity.name],
        [{ level: entity.level }],
        [span(entity.firstTime, entity.lastTime)],
        [findingNumbers(entity)],
      ]),
  }));
}

function findingNumbers({ findings }: ReportEntity): string {
  const shown = findings.slice(0, MOST_NAMED).map((id) => `#${id}`);
  const left = findings.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${count(left)} more` : shown.join(', ');
}

/** Gaps, members that were not read, and rules that could not have seen anything. */
export function limitsSection({ findings: { limits, coverage } }: Report): Block[] {
  const of = (state: string) => coverage.filter((entry) => entry.state === state);
  const partly = of('clean').filter(
    (entry) => 'parts' in entry && Array.isArray(entry.parts) && entry.parts.length > 0,
  );
  return [
    {
      kind: 'text',
      line: [
        `Of ${counted(coverage.length, 'rule')}, ${count(of('fired').length)} fired, ${count(of('clean').length)} found nothing, and ${count(of('blind').length)} could not have fired in this log. A rule that found nothing says that what it looks for is not in this log; a blind rule says nothing at all.`,
      ],
    },
    {
      kind: 'table',
      caption: 'Gaps, and what was not read',
      columns: [
        { head: 'What', width: 10 },
        { head: 'Member', width: 30 },
        { head: 'Time', width: 26 },
        { head: 'Reason', width: 34 },
      ],
      rows: limits.map(({ kind, path, from, to, reason }) => [
        [kind],
        [path],
        [from === null ? '' : span(from, to)],
        [reason],
      ]),
    },
    ruleTable('Rules that were blind', of('blind')),
    ruleTable('Rules that found nothing, except in stretches where they were blind', partly),
    ruleTable(
      'Rules that found nothing',
      of('clean').filter((entry) => !partly.includes(entry)),
    ),
  ];
}

function ruleTable(caption: string, entries: Report['findings']['coverage']): Block {
  return {
    kind: 'table',
    caption,
    columns: [
      { head: 'Rule', width: 45 },
      { head: 'Reason', width: 55 },
    ],
    rows: entries.map(({ rule, reason }) => [[rule.title], [reason]]),
  };
}

/** Letters of an event in the annex: the whole sentence stands with its finding. */
const LONGEST_SUMMARY = 110;

/** Every citation with the hash of its member. */
export function proofSection({ findings: { citations } }: Report, { annexRows }: ComposeLimits): Block[] {
  const shown = citations.slice(0, annexRows);
  const left = citations.length - shown.length;
  const members = new Map(shown.map(({ sha256, path }) => [sha256, path]));
  return [
    {
      kind: 'text',
      line: [
        'A citation names the unpacked member by its name and SHA-256, and the first byte and the number of bytes of the record in it. docs/verify.md shows how to look there with dd and sha256sum alone.',
      ],
    },
    {
      kind: 'table',
      caption: 'Members that are cited',
      columns: [
        { head: 'Member', width: 40, code: true },
        { head: 'SHA-256 of its bytes', width: 60, code: true },
      ],
      rows: [...members].map(([sha256, path]) => [[path], [sha256]]),
    },
    {
      kind: 'table',
      caption: 'Citations',
      columns: CITATION_COLUMNS,
      rows: shown.map((citation) => citationRow({ ...citation, summary: clip(citation.summary, LONGEST_SUMMARY) })),
      citations: shown.map(({ number }) => number),
    },
    ...(left > 0
      ? [
          {
            kind: 'text',
            line: [`${counted(left, 'more citation')} stand in the JSON and CSV forms of this report.`],
          } as const,
        ]
      : []),
  ];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
