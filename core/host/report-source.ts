import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReportRequest } from '../contract/report.ts';
import type { Alert, EventRow } from '../contract/rows.ts';
import { formatTime } from '../event/time.ts';
import { buildReport, type ReportSource } from '../report/build.ts';
import type { Activity, Report, ReportAction, ReportDecision, ReportForeign } from '../report/model.ts';
import { redactReport } from '../report/redact/report.ts';
import type { Action } from '../store/actions.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext, Session } from './api.ts';
import { redactorOf } from './redaction.ts';
import { marksOf } from './report-marks.ts';

/** Bars of the figure of a report. */
const MOST_STEPS = 120;

/** A report, and the ids of the events that it cites by `placeKeyOf`. */
export interface CitedReport {
  readonly report: Report;
  readonly events: ReadonlyMap<string, number>;
}

/** Names a record by its member and its place in it. */
export const placeKeyOf = ({ sha256, offset }: { readonly sha256: string; readonly offset: number }): string =>
  `${sha256} ${offset}`;

/** The model of a report over an open case. */
export async function reportOf(
  session: Session,
  store: CaseStore,
  request: ReportRequest,
  examiner: string,
  context: CallContext,
): Promise<CitedReport> {
  const { format, made, ...selection } = request;
  const alerts = session.alerts({});
  const proofs = await readProofs(session, alerts, context);
  const actions = changingActions(store.actions());
  const source: ReportSource = {
    glance: session.glance(),
    ledger: session.evidence(),
    alerts,
    proof: (alert) => proofs.get(alert.id) ?? [],
    incidents: session.incidents(),
    coverage: session.coverage(),
    activity: activityOf(store),
    rules: store.findings.rules().map(({ id, path, sha256 }) => ({ id, path, sha256 })),
    actions: actions.map(toReportAction),
    decisions: decisionsOf(alerts, actions),
    marks: marksOf(store, session),
    foreign: foreignOf(session),
    roots: store.roots(),
    head: actions.at(-1)?.hash ?? store.head(),
    version: ownVersion(),
  };
  const events = new Map([...proofs.values()].flat().map((event) => [placeKeyOf(event.evidence), event.id]));
  const report = buildReport(source, { selection, made, examiner });
  if (selection.redact === undefined) return { report, events };
  const redactor = await redactorOf(store, selection.redact, new Set(events.values()));
  return { report: redactReport(report, redactor), events };
}

/** Alerts of other tools, without what the other tool tells of them in its own sentences. */
function foreignOf(session: Session): ReportForeign[] {
  const files = new Map(session.foreignFiles().map((file) => [file.id, file]));
  return session.foreignAlerts().map(({ id: _, file: number, ours, description: _told, ...facts }) => {
    const { name = '', sha256 = '' } = files.get(number) ?? {};
    return { ...facts, file: name, sha256, findings: ours };
  });
}

/** Reading thousands of events again takes time: a person may stop it. */
async function readProofs(
  session: Session,
  alerts: readonly Alert[],
  context: CallContext,
): Promise<Map<number, readonly EventRow[]>> {
  const proofs = new Map<number, readonly EventRow[]>();
  for (const { id } of alerts) {
    proofs.set(id, session.alert(id).events);
    await nextTurn();
    context.signal.throwIfAborted();
  }
  return proofs;
}

/** Up to the last action that changed the case; what was opened and handed out since stands in the case. */
export function changingActions(actions: readonly Action[]): readonly Action[] {
  const last = actions.findLastIndex(
    ({ detail }) => Object.keys((detail['roots'] as object | undefined) ?? {}).length > 0,
  );
  return actions.slice(0, last + 1);
}

function toReportAction({ id, time, examiner, name, detail, hash }: Action): ReportAction {
  return { id, time: formatTime(time), examiner, name, detail: JSON.stringify(detail), hash };
}

/** The last decision about each alert that is not open. */
function decisionsOf(alerts: readonly Alert[], actions: readonly Action[]): ReportDecision[] {
  const last = new Map<unknown, Action>();
  for (const action of actions)
    if (action.name === 'alert/status') for (const key of decidedBy(action)) last.set(key, action);
  const hidden = alerts.flatMap(({ id, title, suppressed }): ReportDecision[] =>
    suppressed === undefined
      ? []
      : [{ finding: id, title, status: 'suppressed', by: suppressed.by, time: null, reason: suppressed.reason }],
  );
  const decided = alerts
    .filter((alert) => alert.status !== 'open')
    .map(({ id, key, title, status }) => {
      const action = last.get(key);
      return {
        finding: id,
        title,
        status,
        by: action?.examiner ?? 'carried over from an earlier run',
        time: action === undefined ? null : formatTime(action.time),
        reason: String(action?.detail['reason'] ?? ''),
      };
    });
  return [...decided, ...hidden];
}

/** Keys of the alerts that an action decided: one from the command line, many from the app. */
function decidedBy({ detail }: Action): readonly unknown[] {
  const many = detail['alerts'];
  return Array.isArray(many) ? many.map((decided: { readonly alert?: unknown }) => decided.alert) : [detail['alert']];
}

function activityOf(store: CaseStore): Activity | null {
  const steps = store.activity(MOST_STEPS);
  return steps === null ? null : { ...steps, from: formatTime(steps.from) };
}

/** The version of this program, as its package says. */
export function ownVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
