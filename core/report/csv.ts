import type { MadeFile } from '../contract/report.ts';
import { type Cell, csvLine } from './csv-text.ts';
import type { Report } from './model.ts';

type Row = readonly Cell[];

/** The report as tables for a spreadsheet; formulas from evidence are defused with an apostrophe. */
export function renderCsv(report: Report): readonly MadeFile[] {
  const { findings, custody } = report;
  return [
    table('about.csv', ['name', 'value'], aboutRows(report)),
    table('findings.csv', FINDING_HEADS, findingRows(report)),
    table(
      'proof.csv',
      ['finding', 'citation'],
      findings.findings.flatMap(({ id, citations }) => citations.map((number) => [id, number])),
    ),
    table(
      'citations.csv',
      ['number', 'auditID', 'stage', 'time', 'summary', 'sha256', 'path', 'offset', 'length', 'inner', 'form'],
      findings.citations.map((cited) => [
        cited.number,
        cited.auditID,
        cited.stage,
        cited.time,
        cited.summary,
        cited.sha256,
        cited.path,
        cited.offset,
        cited.length,
        cited.inner,
        cited.form,
      ]),
    ),
    table(
      'incidents.csv',
      ['id', 'title', 'level', 'firstTime', 'lastTime', 'story', 'identities', 'alerts', 'tactics'],
      findings.chapters.flatMap(({ incident }) =>
        incident === null
          ? []
          : [
              [
                incident.id,
                incident.title,
                incident.level,
                incident.firstTime,
                incident.lastTime,
                incident.story,
                incident.identities.join(' '),
                incident.alerts.join(' '),
                incident.tactics.join(' '),
              ],
            ],
      ),
    ),
    table(
      'coverage.csv',
      ['rule', 'title', 'state', 'reason', 'eventsSeen'],
      findings.coverage.map((entry) => [entry.rule.id, entry.rule.title, entry.state, entry.reason, entry.eventsSeen]),
    ),
    table(
      'limits.csv',
      ['kind', 'path', 'from', 'to', 'reason'],
      findings.limits.map((limit) => [limit.kind, limit.path, limit.from, limit.to, limit.reason]),
    ),
    table(
      'entities.csv',
      ['kind', 'name', 'firstTime', 'lastTime', 'level', 'findings'],
      findings.entities.map((entity) => [
        entity.kind,
        entity.name,
        entity.firstTime,
        entity.lastTime,
        entity.level,
        entity.findings.join(' '),
      ]),
    ),
    table('ledger.csv', LEDGER_HEADS, ledgerRows(report)),
    table(
      'decisions.csv',
      ['finding', 'title', 'status', 'by', 'time', 'reason'],
      custody.decisions.map((entry) => [entry.finding, entry.title, entry.status, entry.by, entry.time, entry.reason]),
    ),
    table(
      'marks.csv',
      ['time', 'examiner', 'kind', 'on', 'text', 'auditID', 'sha256', 'path', 'offset', 'length'],
      custody.marks.map(({ time, examiner, kind, on, text, place }) => [
        ...[time, examiner, kind, on, text],
        ...[place?.auditID ?? null, place?.sha256 ?? null, place?.path ?? null],
        ...[place?.offset ?? null, place?.length ?? null],
      ]),
    ),
    table(
      'foreign.csv',
      [
        'firstTime',
        'lastTime',
        'level',
        'type',
        'title',
        'status',
        'cluster',
        'namespace',
        'object',
        'users',
        'key',
        'findings',
        'sha256',
      ],
      custody.foreign.map((alert) => [
        ...[alert.firstTime, alert.lastTime, alert.level, alert.type, alert.title, alert.status],
        ...[alert.cluster, alert.namespace, alert.object, alert.users.join(' '), alert.key],
        ...[alert.findings.join(' '), alert.sha256],
      ]),
    ),
    table(
      'rules.csv',
      ['id', 'path', 'sha256'],
      custody.rules.map(({ id, path, sha256 }) => [id, path, sha256]),
    ),
    table(
      'actions.csv',
      ['id', 'time', 'examiner', 'name', 'detail', 'hash'],
      custody.actions.map((action) => [
        action.id,
        action.time,
        action.examiner,
        action.name,
        action.detail,
        action.hash,
      ]),
    ),
  ];
}

function table(name: string, heads: readonly string[], rows: readonly Row[]): MadeFile {
  const text = [csvLine(heads), ...rows.map(csvLine)].join('');
  return { name, bytes: new TextEncoder().encode(`\ufeff${text}`) };
}

function aboutRows({ made, examiner, selection, custody, findings }: Report): Row[] {
  return [
    ['made', made],
    ['examiner', examiner],
    ['question', selection.question ?? ''],
    ['caseHash', custody.caseHash],
    ['rulesHash', custody.rulesHash],
    ['head', custody.head],
    ['events', findings.events],
    ['firstTime', findings.firstTime],
    ['lastTime', findings.lastTime],
    ['redaction', selection.redact ?? 'none'],
    ['cells', 'text that a spreadsheet would run as a formula has an apostrophe in front'],
  ];
}

const FINDING_HEADS = [
  'id',
  'key',
  'rule',
  'title',
  'level',
  'outcome',
  'user',
  'impersonatedUser',
  'sourceIPs',
  'cluster',
  'namespace',
  'object',
  'firstTime',
  'lastTime',
  'requests',
  'events',
  'attack',
  'tactics',
  'defender',
  'summary',
  'firstCitation',
];

function findingRows({ findings }: Report): Row[] {
  return findings.findings.map((finding) => [
    finding.id,
    finding.key,
    finding.rule.id,
    finding.title,
    finding.level,
    finding.outcome,
    finding.user,
    finding.impersonatedUser,
    finding.sourceIPs.join(' '),
    finding.cluster,
    finding.namespace,
    finding.object,
    finding.firstTime,
    finding.lastTime,
    finding.count,
    finding.eventCount,
    finding.attack.join(' '),
    finding.tactics.join(' '),
    finding.defender,
    finding.summary,
    finding.citations[0] ?? null,
  ]);
}

const LEDGER_HEADS = [
  'path',
  'sha256',
  'file',
  'fileSha256',
  'bytes',
  'format',
  'containers',
  'uniqueEvents',
  'duplicates',
  'skipped',
  'malformed',
  'records',
  'firstTime',
  'lastTime',
  'warnings',
];

function ledgerRows({ custody }: Report): Row[] {
  return custody.ledger.map((line) => [
    line.path,
    line.sha256,
    line.file.path,
    line.file.sha256,
    line.bytes,
    line.format,
    line.containers.join(' '),
    line.uniqueEvents,
    line.duplicates,
    line.skippedRecords,
    line.malformedRecords,
    line.records,
    line.firstTime,
    line.lastTime,
    line.warnings.join('; '),
  ]);
}
