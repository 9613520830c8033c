import { LEVELS } from '../../contract/rows.ts';
import type { Block, ComposeLimits, Inline, Line } from '../document.ts';
import type { Citation, Report, ReportChapter, ReportDecision, ReportFinding } from '../model.ts';
import { readMarkdown } from '../own-text.ts';
import { clip, count, counted, OUTCOMES, shortTime, span } from '../words.ts';
import { incidentBlocks } from './incident.ts';

/** Different fields and values that are shown of a finding. */
const MOST_MATCHED = 8;
const LONGEST_VALUE = 160;

/** What happened, incident by incident: each finding with its proof. */
export function findingsSection({ findings: part, custody, selection }: Report, limits: ComposeLimits): Block[] {
  const byId = new Map(part.findings.map((finding) => [finding.id, finding]));
  const decided = new Map(custody.decisions.map((decision) => [decision.finding, decision]));
  const tell = (id: number) => findingBlocks(byId.get(id) as ReportFinding, part.citations, decided.get(id), limits);
  if (part.findings.length === 0) return [{ kind: 'text', line: ['No rule has found anything.'] }];
  return [
    { kind: 'text', line: [levelCounts(part.findings)] },
    ...part.chapters.flatMap((chapter) => [...chapterBlocks(chapter), ...chapter.findings.flatMap(tell)]),
    ...conclusion(selection.conclusion),
  ];
}

function conclusion(text: string | undefined): Block[] {
  return text === undefined || text.trim() === ''
    ? []
    : [{ kind: 'heading', level: 2, text: 'Conclusion' }, ...readMarkdown(text)];
}

function levelCounts(findings: readonly ReportFinding[]): string {
  const parts = [...LEVELS].reverse().flatMap((level) => {
    const found = findings.filter((finding) => finding.level === level).length;
    return found === 0 ? [] : [`${count(found)} ${level}`];
  });
  return `${counted(findings.length, 'finding')}: ${parts.join(', ')}.`;
}

function chapterBlocks({ incident, findings }: ReportChapter): Block[] {
  if (incident !== null) return incidentBlocks(incident, findings.length);
  return [{ kind: 'heading', level: 2, text: `Findings outside of incidents (${count(findings.length)})` }];
}

function findingBlocks(
  finding: ReportFinding,
  citations: readonly Citation[],
  decision: ReportDecision | undefined,
  limits: ComposeLimits,
): Block[] {
  const shown = finding.citations.slice(0, limits.citationsOfFinding);
  return [
    { kind: 'heading', level: 3, text: `#${finding.id} ${finding.title}` },
    {
      kind: 'text',
      line: [
        { level: finding.level },
        ` ${finding.summary} `,
        { cite: finding.citations.slice(0, 1) },
        ...(decision ? [{ text: ` ${decision.status}: ${decision.reason}`, style: 'em' } as const] : []),
      ],
    },
    { kind: 'facts', rows: facts(finding) },
    {
      kind: 'table',
      caption: 'Proof',
      columns: CITATION_COLUMNS,
      rows: shown.map((number) => citationRow(citations[number - 1] as Citation)),
    },
    ...more(finding, shown.length),
  ];
}

function more({ citations, uncited }: ReportFinding, shown: number): Block[] {
  const left = citations.length - shown;
  const rest =
    uncited > 0
      ? ` ${counted(uncited, 'event')} more would exceed the citations of one report; the case holds them.`
      : '';
  if (left === 0 && uncited === 0) return [];
  const first = citations[shown];
  const cited =
    left > 0 ? `${counted(left, 'more event')} prove it, cited from [${first}] on in the annex, in JSON and CSV.` : '';
  return [{ kind: 'text', line: [{ text: `${cited}${rest}`.trim(), style: 'muted' }] }];
}

function facts(finding: ReportFinding): (readonly [string, Line])[] {
  const { namespace, object, sourceIPs, firstTime, lastTime, attack, defender, cluster } = finding;
  const place = object === null ? (namespace ?? 'the cluster') : namespace === null ? object : `${namespace}/${object}`;
  const mapped = [attack.join(', '), finding.tactics.join(', '), defender ?? ''].filter((text) => text !== '');
  return [
    ['Who', [{ text: who(finding), style: 'strong' }]],
    ['On what', [{ text: place, style: 'strong' }, `, ${OUTCOMES[finding.outcome]}`]],
    ['From', [sourceIPs.join(', ') || 'unknown address', cluster === null ? '' : `, cluster ${cluster}`]],
    [
      'When',
      [`${span(firstTime, lastTime)}, ${counted(finding.count, 'request')}, ${counted(finding.eventCount, 'event')}`],
    ],
    ['Why', matched(finding)],
    ['Rule', [`${finding.rule.title} (${finding.rule.id})`]],
    ...(mapped.length === 0 ? [] : [['Maps to', [mapped.join('; ')]] as const]),
    ...listFact('Often harmless', finding.falsePositives),
    ...listFact('What to do', finding.nextSteps),
  ];
}

const listFact = (head: string, texts: readonly string[]): (readonly [string, Line])[] =>
  texts.length === 0 ? [] : [[head, [texts.join('; ')]]];

function who({ user, users, impersonatedUser }: ReportFinding): string {
  const name = user === '' ? 'no identity (not authenticated)' : user;
  const others = users.filter((other) => other !== user && other !== impersonatedUser);
  const rest = others.length === 0 ? '' : `, and ${others.join(', ')}`;
  return `${name}${impersonatedUser === null ? '' : ` as ${impersonatedUser}`}${rest}`;
}

/** Each field with a value once; the same field fires in many events. */
function matched(finding: ReportFinding): Line {
  const texts = finding.matched.map(({ field, value }) => `${field} = ${clip(valueText(value), LONGEST_VALUE)}`);
  const different = [...new Set(texts)];
  const shown = different.slice(0, MOST_MATCHED).flatMap((text, index): Inline[] => {
    return index === 0 ? [{ text, style: 'code' }] : ['; ', { text, style: 'code' }];
  });
  const left = different.length - MOST_MATCHED;
  return left > 0 ? [...shown, `; and ${count(left)} more`] : shown.length === 0 ? ['by its events together'] : shown;
}

function valueText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : (JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}` : item)) ?? '');
}

/** Columns of a table of citations. */
export const CITATION_COLUMNS = [
  { head: '', width: 7 },
  { head: 'Time', width: 15 },
  { head: 'Event', width: 38 },
  { head: 'Member', width: 24, code: true },
  { head: 'Offset + length', width: 16, code: true },
] as const;

export function citationRow({ number, time, summary, path, sha256, offset, length, inner }: Citation): Line[] {
  const inside = inner === null ? '' : ` at ${inner}`;
  return [
    [{ cite: [number] }],
    [shortTime(time)],
    [summary],
    [`${path} (${sha256.slice(0, 8)})`],
    [`${offset} + ${length}${inside}`],
  ];
}
