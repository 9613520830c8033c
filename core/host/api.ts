import type { ActionRow } from '../contract/case-calls.ts';
import type { Suppression, SuppressionDraft } from '../contract/incident-calls.ts';
import type { PriceEstimate, PriceRequest } from '../contract/price.ts';
import type { BundleRequest, ExportRequest, MadeFile, RedactionProfile, ReportRequest } from '../contract/report.ts';
import type {
  Access,
  Alert,
  CaseDifferences,
  CaseGlance,
  Coverage,
  EntityRow,
  EventRow,
  Evidence,
  FieldStyle,
  ForeignAlert,
  ForeignFile,
  IdentityLink,
  Incident,
  IndicatorListRow,
  Level,
  LogGap,
  MergeOutcome,
  ObjectHistory,
  Progress,
  RejectedRecord,
  RuleList,
  RunWarning,
  Status,
  Timing,
  Verification,
} from '../contract/rows.ts';
import type { EntityKind } from '../contract/scope.ts';

import type { BaselineAbout } from '../detect/baseline/baseline-file.ts';
import type { PolicyProposal } from '../detect/coverage/policy.ts';
import type { AnnotationFile, Take } from './annotations.ts';
import type { ForeignImport } from './foreign.ts';
import type { IndicatorImport } from './indicators.ts';

/** What long calls are given: a signal that ends them between two pages, and an ear for progress. */
export interface CallContext {
  readonly signal: AbortSignal;
  progress(report: Progress): void;
}

export interface OpenOptions {
  /** `create` fails where a case exists, `write` and `read` where none does; `add` creates one if there is none. */
  readonly mode: 'create' | 'add' | 'write' | 'read';
  /** Signs actions. */
  readonly examiner: string;
}

export interface ImportOptions {
  readonly cluster?: string;
  readonly server?: string;
  readonly label?: string;
  readonly passwords: readonly string[];
  /** How paths are called that only stand for something else, such as an upload. */
  readonly names?: Readonly<Record<string, string>>;
  /** Rules to match while reading (`detect` need not read again then); none: import only. */
  readonly rules?: RuleSelection;
}

export interface RuleSelection {
  /** The shipped pack, unless only own rules are wanted. */
  readonly shipped: boolean;
  /** Further files and folders. */
  readonly paths: readonly string[];
  /** The style of field names of rules that were written for something else. */
  readonly mapping?: FieldStyle;
  /** Files with the habits of other cases (`baseline export`). */
  readonly baselines?: readonly string[];
}

export interface ImportOutcome {
  readonly case: CaseGlance;
  /** Ledger lines of this import. */
  readonly evidence: readonly Evidence[];
  readonly timing: Timing;
  /** With rules. */
  readonly alerts?: readonly Alert[];
  readonly incidents?: readonly Incident[];
  readonly coverage?: readonly Coverage[];
  /** Limits that the run reached. */
  readonly warnings?: readonly RunWarning[];
}

export interface DetectOptions extends RuleSelection {
  /** Measure what each rule costs; without it `profile` is empty. */
  readonly profile?: boolean;
  /** Match all events again, whatever the case keeps of a run of the same rules. */
  readonly again?: boolean;
}

export interface DetectOutcome {
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly coverage: readonly Coverage[];
  /** Limits that the run reached. */
  readonly warnings: readonly RunWarning[];
  readonly timing: Timing;
  /** Per rule: events let through by the dispatch table, matches, milliseconds. */
  readonly profile: readonly {
    readonly rule: string;
    readonly title: string;
    readonly seen: number;
    readonly matched: number;
    readonly ms: number;
  }[];
}

export interface AlertFilter {
  /** This level and above. */
  readonly level?: Level;
  readonly status?: Status;
  /** A rule's id, or part of its title. */
  readonly rule?: string;
  /** Those of one incident. */
  readonly incident?: number;
  /** Those that a suppression hides, or those that none does; unset: all. */
  readonly isSuppressed?: boolean;
}

export interface AlertProof {
  readonly alert: Alert;
  readonly events: readonly EventRow[];
  /** Rule text as it was run. */
  readonly ruleText: string;
  readonly history: readonly { readonly time: string; readonly examiner: string; readonly action: string }[];
}

export interface EventsRequest {
  /** In the language of core/hunt; empty: all. */
  readonly query: string;
  /** Bounds on the request's received time, RFC 3339, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  /** Id of the last event of the page before. */
  readonly afterId?: number;
}

export interface ListChange {
  readonly name: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  /** Whether the case's own values stand in the place of the shipped ones, or beside them. */
  readonly replaces?: boolean;
  /** Why: it stands beside each value. */
  readonly note?: string;
}

/** What a case hands out. Each making is recorded, unless a reader opened the case. */
export interface Outputs {
  report(request: ReportRequest, context: CallContext): Promise<readonly MadeFile[]>;
  /** Report, proof, ledger, rules and action log in one file, piece by piece. */
  bundle(request: BundleRequest, context: CallContext): AsyncIterable<Uint8Array>;
  /** Alerts or events in the words of another tool, piece by piece. */
  export(request: ExportRequest, context: CallContext): AsyncIterable<Uint8Array>;
  /** A copy of the whole case at a path where there is no file yet; with a profile, a new case of its events with pseudonyms. */
  copyCase(path: string, redact: RedactionProfile | undefined, context: CallContext): Promise<void>;
  /** What watching the cluster of this case would cost, and keeping its logs. */
  price(request: PriceRequest, context: CallContext): Promise<PriceEstimate>;
  /** What stands for each name in redacted outputs of this case. */
  pseudonyms(profile: RedactionProfile): Promise<ReadonlyMap<string, string>>;
}

/** One open case. Every door drives it. Methods raise `CaseError`; whoever opened it closes it. */
export interface Session {
  /** What each rule of the last run could and did see. */
  coverage(): readonly Coverage[];
  /** The smallest change of the audit policy that would let blind rules of that level and above see. */
  policy(least: Level): PolicyProposal;
  glance(): CaseGlance;
  evidence(): readonly Evidence[];
  /** What is missing in the evidence or does not fit together, by time. */
  gaps(): readonly LogGap[];
  rejected(): Iterable<RejectedRecord>;
  import(paths: readonly string[], options: ImportOptions, context: CallContext): Promise<ImportOutcome>;
  detect(options: DetectOptions, context: CallContext): Promise<DetectOutcome>;
  alerts(filter: AlertFilter): readonly Alert[];
  alert(id: number): AlertProof;
  /** By first time. */
  incidents(): readonly Incident[];
  incident(id: number): Incident;
  /** Who acts with what another identity made, took or allowed: by time. */
  identityLinks(): readonly IdentityLink[];
  /** A status but `open` needs a reason; it is recorded as an action. */
  setStatus(id: number, status: Status, reason: string): Alert;
  /** Lists that rules compare with, with the case's own values. */
  lists(): readonly RuleList[];
  /** Changes the case's own values of a list; the next run uses them. */
  changeList(change: ListChange): void;
  /** The habits that the case shows in a period (RFC 3339, both included), as a file for another case. */
  exportBaseline(
    options: RuleSelection & { readonly from?: string; readonly to?: string; readonly file: string },
    context: CallContext,
  ): Promise<{ readonly text: string; readonly about: BaselineAbout }>;
  /** Lists of indicators, with what the last run found. */
  indicators(): readonly IndicatorListRow[];
  /** The next run compares the case with it. */
  addIndicators(list: IndicatorImport): IndicatorListRow;
  removeIndicators(name: string, reason: string): void;
  /** Files with alerts of other tools, and these alerts by time, each with ours for the same detection. */
  foreignFiles(): readonly ForeignFile[];
  foreignAlerts(): readonly ForeignAlert[];
  addForeign(file: ForeignImport): ForeignFile;
  removeForeign(id: number, reason: string): void;
  /** Who did what, oldest first. */
  actions(): readonly ActionRow[];
  /** Nothing can be changed afterwards. */
  seal(reason: string): void;
  /** Compares with another case that is open. */
  differences(other: Session): CaseDifferences;
  /** Marks and decisions as a file, for another examiner's copy of the case. */
  exportAnnotations(): AnnotationFile;
  /** Brings those of another examiner in; `take` says who counts where both say something else. */
  mergeAnnotations(json: string, take: Take): MergeOutcome;
  /** Suppressions in force, oldest first. */
  suppressions(): readonly Suppression[];
  /** Alerts that a suppression would hide. */
  simulate(draft: SuppressionDraft): readonly Alert[];
  suppress(draft: SuppressionDraft): Suppression;
  /** What it hid comes back. */
  unsuppress(id: number, reason: string): void;
  /** In the order of time, stage time, member, offset. */
  events(request: EventsRequest, context: CallContext): AsyncIterable<EventRow>;
  /** The same events as the original bytes (decision 2). */
  rawEvents(request: EventsRequest, context: CallContext): AsyncIterable<Uint8Array>;
  /** Entities of some kinds, the busiest first. */
  entities(kinds: readonly EntityKind[], context: CallContext): Promise<readonly EntityRow[]>;
  /** States of an object, written `payments/pods/web-0` or `clusterroles/ops`. */
  history(object: string, context: CallContext): Promise<ObjectHistory>;
  /** What an identity could do, at the end of the log or at a time (RFC 3339), against what it did until then. */
  access(subject: string, options: { readonly at?: string }, context: CallContext): Promise<Access>;
  /** The event's original bytes. */
  raw(id: number): Uint8Array;
  /** The canonical event as JSON text. */
  canonical(id: number): string;
  verify(
    options: { readonly evidence: readonly string[]; readonly head?: string },
    context: CallContext,
  ): Promise<Verification>;
  /** Reports, exports, bundles. */
  readonly outputs: Outputs;
  close(): void;
}
