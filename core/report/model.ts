import type { ForeignFacts } from '../contract/foreign-rows.ts';
import type { ReportSelection } from '../contract/report.ts';
import type { Alert, Coverage, Evidence, Form, Incident, Level } from '../contract/rows.ts';

/** Where the bytes stand that prove something: anybody can look there without this product (docs/verify.md). */
export interface Citation {
  /** Number in square brackets in the text. */
  readonly number: number;
  readonly auditID: string;
  readonly stage: string;
  readonly time: string;
  readonly summary: string;
  /** SHA-256 of the unpacked member. */
  readonly sha256: string;
  /** Name of the file, and behind `!/` of the members in it. Folders above it stand in the ledger. */
  readonly path: string;
  /** Of the record, in the unpacked member. */
  readonly offset: number;
  readonly length: number;
  /** Steps from the record to the event in it, or null. */
  readonly inner: string | null;
  readonly form: Form;
}

/** An alert as a report tells it: no decision of a person, no number of a row. */
export interface ReportFinding extends Omit<Alert, 'status' | 'incident' | 'auditIDs' | 'rule' | 'suppressed'> {
  readonly rule: { readonly id: string; readonly title: string };
  /** Numbers of citations, in the order of time. */
  readonly citations: readonly number[];
  /** Proving events that are not cited, because a report has a limit. */
  readonly uncited: number;
}

/** Findings that belong together; the last chapter has no incident. */
export interface ReportChapter {
  readonly incident: Incident | null;
  /** Ids of findings, the worst first outside of incidents, by time inside. */
  readonly findings: readonly number[];
}

/** Events in steps of time: `read`, `write` and `denied` are counts of a step. */
export interface Activity {
  readonly from: string;
  readonly stepSeconds: number;
  readonly read: readonly number[];
  readonly write: readonly number[];
  readonly denied: readonly number[];
}

/** An identity, object or address that findings name. */
export interface ReportEntity {
  readonly kind: 'identity' | 'object' | 'address';
  readonly name: string;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly findings: readonly number[];
  readonly level: Level;
}

/** Something that the log cannot show: a stretch of time, a member that was not read whole. */
export interface ReportLimit {
  readonly kind: 'gap' | 'not read' | 'limit' | 'warning';
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: string;
}

/** A function of evidence, rules and settings alone: the same bytes on every machine (decision 23). */
export interface FindingsPart {
  readonly events: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly clusters: readonly string[];
  readonly chapters: readonly ReportChapter[];
  readonly findings: readonly ReportFinding[];
  readonly activity: Activity | null;
  readonly entities: readonly ReportEntity[];
  readonly limits: readonly ReportLimit[];
  readonly coverage: readonly Coverage[];
  readonly citations: readonly Citation[];
}

export interface UsedRule {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
}

export interface ReportAction {
  readonly id: number;
  readonly time: string;
  readonly examiner: string;
  readonly name: string;
  readonly detail: string;
  readonly hash: string;
}

/** What a person, or a rule of suppression, has made of a finding. */
export interface ReportDecision {
  readonly finding: number;
  readonly title: string;
  readonly status: string;
  readonly by: string;
  readonly time: string | null;
  readonly reason: string;
}

/** What an examiner starred, tagged or noted. */
export interface ReportMark {
  readonly kind: string;
  /** What it was put on, in words. */
  readonly on: string;
  readonly text: string;
  readonly examiner: string;
  readonly time: string;
  /** Where the event stands, if it was put on one. */
  readonly place: Pick<Citation, 'auditID' | 'sha256' | 'path' | 'offset' | 'length' | 'inner'> | null;
}

/** What another tool says, beside the findings: no finding rests on it. */
export interface ReportForeign extends Omit<ForeignFacts, 'description'> {
  readonly file: string;
  readonly sha256: string;
  /** Findings of this report for the same detection at that time. */
  readonly findings: readonly number[];
}

/** A function of the case file. */
export interface CustodyPart {
  readonly schema: number;
  /** SHA-256 over evidence root, findings root and head (docs/verify.md). */
  readonly caseHash: string;
  readonly evidenceRoot: string;
  readonly findingsRoot: string;
  /** Hash of the last action that changed the case. */
  readonly head: string;
  readonly ledger: readonly Evidence[];
  readonly decisions: readonly ReportDecision[];
  readonly marks: readonly ReportMark[];
  readonly foreign: readonly ReportForeign[];
  readonly rules: readonly UsedRule[];
  readonly rulesHash: string;
  /** Up to the last one that changed the case: reports of an unchanged case are the same, however many were made. */
  readonly actions: readonly ReportAction[];
  readonly version: string;
}

export interface Report {
  readonly decklog: 'report/1';
  /** The one time that a report states of itself. */
  readonly made: string;
  readonly examiner: string;
  readonly selection: ReportSelection;
  readonly findings: FindingsPart;
  readonly custody: CustodyPart;
}
