import type { CaseGlance, Evidence, Gap, RejectedRecord, RuleList, Verification } from './rows.ts';
import type { FileTicket, Page, TimeRange } from './scope.ts';

export type Role = 'admin' | 'reader';

/** The case, and how it is opened. */
export interface OpenedCase extends CaseGlance {
  readonly role: Role;
  /** Who signs actions. */
  readonly examiner: string;
  readonly isReadOnly: boolean;
  readonly isSealed: boolean;
  /** First and last received time in microseconds; null in a case without events. */
  readonly span: TimeRange | null;
  /** Raised by every change of the case: caches keyed by it are never stale. */
  readonly version: number;
}

/** Sums of the ledger: `records` = `unique` + `duplicates` + `skipped` + `malformed`. */
export interface LedgerSum {
  readonly files: number;
  readonly members: number;
  readonly bytes: number;
  readonly records: number;
  readonly unique: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly malformed: number;
  /** Whether the sums agree in every member. */
  readonly reconciles: boolean;
}

export interface Ledger {
  readonly sum: LedgerSum;
  readonly rows: readonly Evidence[];
}

export interface RejectedRow extends RejectedRecord {
  readonly id: number;
}

/** One API server's strip: how much it wrote, where it was silent, how its clock stands against the others. */
export interface ServerStrip {
  readonly server: string | null;
  readonly cluster: string | null;
  readonly range: TimeRange | null;
  /** Events per bin. */
  readonly bins: readonly number[];
  readonly gaps: readonly (Gap & { readonly range: TimeRange | null; readonly kind: string })[];
  /** Microseconds by which its clock is ahead of another server's, behind where it is less than 0; null where nothing is told. */
  readonly skew: number | null;
}

export interface ImportSource {
  /** Of `DecklogBridge.upload`, of a dialog, or of `evidence/browse`. */
  readonly token: string;
}

export interface ImportRequest {
  readonly sources: readonly ImportSource[];
  readonly cluster?: string;
  readonly server?: string;
  readonly label?: string;
  readonly passwords?: readonly string[];
  /** Run the rules as well; else only read. */
  readonly detect: boolean;
}

/** An entry of a folder that `serve --evidence-root` has named, or of one below it. */
export interface EvidenceEntry {
  readonly token: string;
  readonly name: string;
  readonly kind: 'folder' | 'file';
  /** Null for a folder. */
  readonly sizeBytes: number | null;
}

export interface ActionRow {
  readonly id: number;
  readonly time: number;
  readonly examiner: string;
  readonly name: string;
  /** One sentence. */
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

export interface CaseCalls {
  'case/open': (req: Record<string, never>) => OpenedCase;
  /** Read-only from then on; recorded. Admin. */
  'case/seal': (req: { readonly reason: string }) => OpenedCase;
  /** Newest first; `after`: id of the last action of the page before. */
  'actions/page': (req: { readonly after?: number; readonly limit: number }) => Page<ActionRow, number>;
  /** Takes a change back by a further action (marks, statuses, saved queries, rules and files of rules). Raises `usage` if it cannot be. Admin. */
  'actions/undo': (req: { readonly action: number }) => { readonly action: number };

  'evidence/ledger': (req: Record<string, never>) => Ledger;
  /** Records that were skipped or could not be read, with their bytes; `evidence`: only of that ledger line. */
  'rejected/page': (req: {
    readonly evidence?: number;
    readonly kind?: 'skipped' | 'malformed';
    readonly after?: number;
    readonly limit: number;
  }) => Page<RejectedRow, number>;
  'evidence/strip': (req: { readonly bins: number }) => readonly ServerStrip[];
  /** The named folders (no token), or what lies in one. Tokens last as long as the server. Admin. */
  'evidence/browse': (req: { readonly token?: string }) => readonly EvidenceEntry[];

  /** Starts an import as a job. Its result is a `JobResult` of kind `import`. Admin. */
  'import/start': (req: ImportRequest) => { readonly job: number };
  /** Runs the rules over the case as a job. Admin. */
  'detect/start': (req: Record<string, never>) => { readonly job: number };
  /** Recomputes everything as a job; changes nothing. */
  'verify/start': (req: { readonly head?: string }) => { readonly job: number };
  /** The last verification of this session, or null. */
  'verify/last': (req: Record<string, never>) => { readonly time: number; readonly result: Verification } | null;

  /** Lists that rules compare with, shipped and own. */
  'lists/all': (req: Record<string, never>) => readonly RuleList[];
  /** Adds values to a list of this case; detection must run again. Admin. */
  'lists/add': (req: { readonly list: string; readonly values: readonly string[]; readonly note: string }) => RuleList;
  'lists/remove': (req: {
    readonly list: string;
    readonly values: readonly string[];
    readonly note: string;
  }) => RuleList;

  /** A copy of what is seen, as a file. */
  'export/actions': (req: { readonly format: 'csv' | 'jsonl' }) => FileTicket;
}
