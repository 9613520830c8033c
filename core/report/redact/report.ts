import type { Report } from '../model.ts';
import type { Redactor } from './redactor.ts';

/** A report with pseudonyms. Details of actions and folders tell machines and people: they go as a whole. */
export function redactReport(report: Report, redactor: Redactor): Report {
  const { findings, custody, selection } = report;
  return {
    ...report,
    selection: redactor.data(selection),
    findings: redactor.data(findings),
    custody: {
      ...redactor.data({ ...custody, actions: [], rules: [] }),
      actions: custody.actions.map((action) => ({ ...action, detail: 'redacted' })),
      rules: custody.rules.map((rule) => ({ ...rule, path: rule.path.split(/[/\\]/).slice(-2).join('/') })),
    },
  };
}
