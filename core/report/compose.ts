import { REPORT_SECTIONS } from '../contract/report.ts';
import type { Block, ComposeLimits, ReportDocument } from './document.ts';
import type { Report } from './model.ts';
import {
  actionsSection,
  decisionsSection,
  ledgerSection,
  marksSection,
  rulesSection,
  settingsSection,
} from './section/custody.ts';
import { entitiesSection, limitsSection, proofSection, timelineSection } from './section/evidence.ts';
import { findingsSection } from './section/findings.ts';
import { foreignSection } from './section/foreign.ts';
import { glossarySection, scopeSection, signatureSection } from './section/frame.ts';
import { counted, span } from './words.ts';

type Compose = (report: Report, limits: ComposeLimits) => Block[];

const SECTIONS: Readonly<Record<(typeof REPORT_SECTIONS)[number]['id'], Compose>> = {
  scope: scopeSection,
  findings: findingsSection,
  timeline: timelineSection,
  entities: entitiesSection,
  limits: limitsSection,
  foreign: foreignSection,
  ledger: ledgerSection,
  decisions: decisionsSection,
  marks: marksSection,
  rules: rulesSection,
  settings: settingsSection,
  actions: actionsSection,
  proof: proofSection,
  glossary: glossarySection,
  signature: signatureSection,
};

/** Puts the model of a report into words and tables, in the order of its sections. */
export function compose(report: Report, limits: ComposeLimits): ReportDocument {
  const { selection, findings, custody } = report;
  const chosen = REPORT_SECTIONS.filter(({ id }) => !selection.without?.includes(id));
  return {
    title: selection.title ?? 'What the audit logs show',
    subtitle: `${counted(findings.events, 'event')}, ${span(findings.firstTime, findings.lastTime)}; ${counted(findings.findings.length, 'finding')}`,
    made: report.made,
    examiner: report.examiner,
    caseHash: custody.caseHash,
    rulesHash: custody.rulesHash,
    sections: chosen.map((section) => ({ ...section, blocks: SECTIONS[section.id](report, limits) })),
  };
}
