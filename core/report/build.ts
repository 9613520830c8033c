import { createHash } from 'node:crypto';
import type { ReportSelection } from '../contract/report.ts';
import {
  type Alert,
  type CaseGlance,
  type Coverage,
  type EventRow,
  type Evidence,
  type Incident,
  LEVELS,
} from '../contract/rows.ts';
import { CitationList } from './citations.ts';
import { entitiesOf } from './entities.ts';
import { limitsOf } from './limits.ts';
import type {
  Activity,
  CustodyPart,
  FindingsPart,
  Report,
  ReportAction,
  ReportChapter,
  ReportDecision,
  ReportFinding,
  ReportForeign,
  ReportMark,
  UsedRule,
} from './model.ts';

/** All that a report is made of; the session hands it over. */
export interface ReportSource {
  readonly glance: CaseGlance;
  readonly ledger: readonly Evidence[];
  readonly alerts: readonly Alert[];
  /** Events that prove an alert, in the order of time. */
  proof(alert: Alert): Iterable<EventRow>;
  readonly incidents: readonly Incident[];
  readonly coverage: readonly Coverage[];
  readonly activity: Activity | null;
  readonly rules: readonly UsedRule[];
  readonly actions: readonly ReportAction[];
  readonly decisions: readonly ReportDecision[];
  readonly marks: readonly ReportMark[];
  readonly foreign: readonly ReportForeign[];
  readonly roots: { readonly evidence: string; readonly findings: string };
  /** Hash of the last action that changed the case. */
  readonly head: string;
  readonly version: string;
}

export interface ReportSettings {
  readonly selection: ReportSelection;
  readonly made: string;
  readonly examiner: string;
}

/** Makes the model of a report; renderings add nothing to it. */
export function buildReport(source: ReportSource, { selection, made, examiner }: ReportSettings): Report {
  const incidents = source.incidents.filter(({ id }) => selection.incidents?.includes(id) ?? true);
  const alerts = selected(source.alerts, incidents, selection);
  return {
    decklog: 'report/1',
    made,
    examiner,
    selection,
    findings: findingsPart(source, alerts, incidents),
    custody: custodyPart(source, new Set(alerts.map(({ id }) => id))),
  };
}

/** What a suppression hides is told with the decisions: suppressions are settings, like rules. */
function selected(alerts: readonly Alert[], incidents: readonly Incident[], selection: ReportSelection): Alert[] {
  const least = LEVELS.indexOf(selection.level ?? 'informational');
  const named = selection.incidents && new Set(incidents.flatMap((incident) => incident.alerts));
  return alerts.filter(
    (alert) =>
      alert.suppressed === undefined &&
      LEVELS.indexOf(alert.level) >= least &&
      (named?.has(alert.id) ?? true) &&
      (selection.keys?.includes(alert.key) ?? true),
  );
}

function findingsPart(source: ReportSource, alerts: readonly Alert[], incidents: readonly Incident[]): FindingsPart {
  const { events, firstTime, lastTime, clusters } = source.glance;
  const chapters = chaptersOf(alerts, incidents);
  const citations = new CitationList();
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const findings = chapters
    .flatMap((chapter) => chapter.findings)
    .map((id) => findingOf(byId.get(id) as Alert, source, citations));
  return {
    events,
    firstTime,
    lastTime,
    clusters: [...clusters].sort(),
    chapters,
    findings,
    activity: source.activity,
    entities: entitiesOf(findings),
    limits: limitsOf(source.ledger),
    coverage: source.coverage,
    citations: citations.all(),
  };
}

function findingOf(alert: Alert, source: ReportSource, citations: CitationList): ReportFinding {
  const { status, incident, auditIDs, rule, suppressed, ...rest } = alert as Alert & { suppressed?: unknown };
  const numbers = citations.cite(source.proof(alert));
  return {
    ...rest,
    rule: { id: rule.id, title: rule.title },
    citations: numbers,
    uncited: Math.max(0, alert.eventCount - numbers.length),
  };
}

/** Incidents, then what stands alone, the worst first. */
function chaptersOf(alerts: readonly Alert[], incidents: readonly Incident[]): ReportChapter[] {
  const here = new Set(alerts.map((alert) => alert.id));
  const chapters = [...incidents]
    .sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || a.id - b.id)
    .map((incident) => ({ incident, findings: inOrder(alerts, new Set(incident.alerts)) }))
    .filter((chapter) => chapter.findings.length > 0);
  const told = new Set(chapters.flatMap((chapter) => chapter.findings));
  const alone = [...LEVELS].reverse().flatMap((level) =>
    inOrder(
      alerts.filter((alert) => alert.level === level && !told.has(alert.id)),
      here,
    ),
  );
  return alone.length === 0 ? chapters : [...chapters, { incident: null, findings: alone }];
}

/** By first time, then key; of an incident's alerts only those that are in the report. */
function inOrder(alerts: readonly Alert[], ids: ReadonlySet<number>): number[] {
  return alerts
    .filter((alert) => ids.has(alert.id))
    .sort((a, b) => compare(a.firstTime, b.firstTime) || compare(a.key, b.key))
    .map((alert) => alert.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function custodyPart(
  { glance, ledger, decisions, marks, foreign, rules, actions, roots, head, version }: ReportSource,
  told: ReadonlySet<number>,
): CustodyPart {
  return {
    schema: glance.schema,
    caseHash: caseHashOf(roots.evidence, roots.findings, head),
    evidenceRoot: roots.evidence,
    findingsRoot: roots.findings,
    head,
    ledger,
    decisions,
    marks,
    foreign: foreign.map((alert) => ({ ...alert, findings: alert.findings.filter((id) => told.has(id)) })),
    rules,
    rulesHash: hashOf(
      rules
        .map(({ id, sha256 }) => `${id} ${sha256}\n`)
        .sort()
        .join(''),
    ),
    actions,
    version,
  };
}

/** One hash for a whole case: what it holds, what was found, and what people did. */
export function caseHashOf(evidenceRoot: string, findingsRoot: string, head: string): string {
  return hashOf(`decklog case\n${evidenceRoot}\n${findingsRoot}\n${head}\n`);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
