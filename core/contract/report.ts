import type { AlertFormat, EventFormat } from './export-formats.ts';
import type { ReportFormat } from './report-calls.ts';
import type { Level, Status } from './rows.ts';

/** Parts of a report in their order. `findings` follow from evidence and rules alone, `custody` from the case file. */
export const REPORT_SECTIONS = [
  { id: 'scope', title: 'Scope and question', part: 'custody' },
  { id: 'findings', title: 'What happened', part: 'findings' },
  { id: 'timeline', title: 'Timeline', part: 'findings' },
  { id: 'entities', title: 'Identities and objects', part: 'findings' },
  { id: 'limits', title: 'What the log cannot show', part: 'findings' },
  { id: 'foreign', title: 'Alerts of other tools', part: 'custody' },
  { id: 'ledger', title: 'Evidence ledger', part: 'custody' },
  { id: 'decisions', title: 'Dismissed, suppressed and decided', part: 'custody' },
  { id: 'marks', title: 'Starred, tagged and noted', part: 'custody' },
  { id: 'rules', title: 'Rules and lists used', part: 'custody' },
  { id: 'settings', title: 'Settings', part: 'custody' },
  { id: 'actions', title: 'Action log', part: 'custody' },
  { id: 'proof', title: 'Annex: every citation', part: 'findings' },
  { id: 'glossary', title: 'Glossary', part: 'custody' },
  { id: 'signature', title: 'Signature', part: 'custody' },
] as const;
export type ReportSectionId = (typeof REPORT_SECTIONS)[number]['id'];

/** What a redacted output hides; see docs/redaction.md. */
export const REDACTION_PROFILES = ['people', 'names', 'strict'] as const;
export type RedactionProfile = (typeof REDACTION_PROFILES)[number];

/** What goes into a report. All of it is stated in the report. */
export interface ReportSelection {
  readonly title?: string;
  /** The question that the report answers. */
  readonly question?: string;
  /** The examiner's own words, in Markdown; HTML in it is shown as text. */
  readonly text?: string;
  /** As `text`, at the end of what happened. */
  readonly conclusion?: string;
  readonly preparedFor?: string;
  /** Sections to leave out. */
  readonly without?: readonly ReportSectionId[];
  /** Findings of this level and above. */
  readonly level?: Level;
  /** Only these incidents. */
  readonly incidents?: readonly number[];
  /** Only findings with one of these keys. */
  readonly keys?: readonly string[];
  readonly redact?: RedactionProfile;
}

export interface ReportRequest extends ReportSelection {
  readonly format: ReportFormat;
  /** RFC 3339; the one time that a report states of itself. */
  readonly made: string;
}

export interface BundleRequest extends ReportSelection {
  readonly made: string;
  /** Private Ed25519 key (PEM) to sign with. */
  readonly privateKey?: string;
}

/** Alerts or events for another tool. */
export type ExportRequest =
  | {
      readonly what: 'alerts';
      readonly format: AlertFormat;
      readonly level?: Level;
      readonly status?: Status;
      readonly rule?: string;
      readonly incident?: number;
      readonly redact?: RedactionProfile;
    }
  | {
      readonly what: 'events';
      readonly format: EventFormat;
      /** In the language of core/hunt; empty: all. */
      readonly query: string;
      readonly from?: string;
      readonly to?: string;
      readonly redact?: RedactionProfile;
    };

/** A finished output: one file, or several of a set. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
