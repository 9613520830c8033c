import type { ReportRequest } from '../../contract/report.ts';
import { REPORT_SECTIONS } from '../../contract/report.ts';
import type { ReportFormat, ReportSettings, ReportView } from '../../contract/report-calls.ts';
import { caseHashOf } from '../../report/build.ts';
import { renderReport } from '../../report/render.ts';
import { alertLines } from '../alert-lines.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { changingActions, reportOf } from '../report-source.ts';

const ACTION = 'report/choose';

let lastPreview: string | null = null;

export const reportCalls = {
  'report/view': (_req, scope) => viewOf(scope),

  'report/choose': ({ settings }, scope) => {
    const { store, examiner, change } = scope;
    const time = Date.now() * 1000;
    change(() => store.record({ examiner, time, name: ACTION, detail: { settings }, changed: [] }));
    return viewOf(scope);
  },

  'report/preview': async (_req, scope) => {
    const { session, store, examiner, files } = scope;
    const { report } = await reportOf(session, store, requestOf('html', scope), examiner, scope);
    const rendered = await renderReport(report, 'html');
    const { token } = await files.write(
      'report.html',
      'text/html',
      rendered.map(({ bytes }) => bytes),
    );
    if (lastPreview !== null) files.remove(lastPreview);
    lastPreview = token;
    return { path: `/report/${token}` };
  },

  'report/make': ({ format }, scope) =>
    scope.jobs.start(`Report as ${format}`, { kind: 'report', request: requestOf(format, scope) }),
} satisfies Partial<CallTable>;

function viewOf(scope: CallScope): ReportView {
  const { store } = scope;
  const settings = settingsOf(scope);
  const marks = store.marks.list();
  const count = (kind: string) => marks.filter((mark) => mark.kind === kind).length;
  const roots = store.roots();
  const head = changingActions(store.actions()).at(-1)?.hash ?? store.head();
  return {
    settings,
    sections: REPORT_SECTIONS.map(({ id, title, part }) => ({
      ...{ id, title, entries: entriesOf(id, scope) },
      about: part === 'findings' ? 'follows from evidence and rules alone' : 'follows from the case file',
      isChosen: settings.sections.includes(id),
    })),
    caseHash: caseHashOf(roots.evidence, roots.findings, head),
    collected: {
      stars: count('star'),
      tags: count('tag'),
      notes: count('note') + count('verdict') + count('marker'),
      decisions: alertLines(store).filter(({ status }) => status !== 'open').length,
    },
  };
}

/** What was chosen last; it stands in the action log, which is where a second examiner looks. */
function settingsOf({ store, examiner }: CallScope): ReportSettings {
  const chosen = store.actions().findLast(({ name }) => name === ACTION)?.detail['settings'];
  if (chosen !== undefined) return chosen as ReportSettings;
  return {
    ...{ title: '', scope: '', conclusion: '', preparedBy: examiner, preparedFor: '' },
    ...{ sections: REPORT_SECTIONS.map(({ id }) => id), only: 'all', redact: false },
  };
}

function entriesOf(id: string, { store, session }: CallScope): number {
  switch (id) {
    case 'findings':
      return alertLines(store).length;
    case 'ledger':
      return store.ledger().length;
    case 'limits':
      return session.coverage().filter(({ state }) => state === 'blind').length;
    case 'decisions':
      return alertLines(store).filter(({ status }) => status !== 'open').length;
    case 'actions':
      return store.version;
    case 'rules':
      return store.findings.rules().length;
    default:
      return 1;
  }
}

function requestOf(format: ReportFormat, scope: CallScope): ReportRequest {
  const { title, scope: question, conclusion, preparedBy, preparedFor, sections, only, redact } = settingsOf(scope);
  const without = REPORT_SECTIONS.map(({ id }) => id).filter((id) => !sections.includes(id));
  return {
    format,
    made: new Date().toISOString(),
    ...(title !== '' && { title }),
    ...(question !== '' && { question }),
    ...(conclusion !== '' && { conclusion }),
    ...(preparedFor !== '' && { preparedFor }),
    ...(preparedBy !== '' && preparedBy !== scope.examiner && { text: `Prepared by ${preparedBy}.` }),
    ...(without.length > 0 && { without }),
    ...(only !== 'all' && { keys: keysOf(only, scope) }),
    ...(redact && { redact: 'names' }),
  };
}

function keysOf(only: 'starred' | 'confirmed', { store }: CallScope): string[] {
  const lines = alertLines(store).filter((line) =>
    only === 'starred' ? line.marks.isStarred : line.status === 'confirmed',
  );
  return lines.map(({ key }) => key);
}
