import type { EventLine } from './event-calls.ts';
import type { Problem } from './fault.ts';
import type { CoveragePart, Level } from './rows.ts';
import type { RuleNeedsLine } from './rule-calls.ts';
import type { FileTicket, TimeRange } from './scope.ts';

/** Lines and columns count from 1; the end is the column after the last character. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface TextEdit extends TextRange {
  readonly text: string;
}

/** What a person may choose to have mended. */
export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface Diagnostic extends TextRange {
  readonly severity: 'error' | 'warning' | 'hint';
  readonly code: string;
  readonly message: string;
  readonly fixes: readonly QuickFix[];
}

/** An entry of the outline: a document, its selections, its condition. */
export interface OutlineEntry {
  readonly name: string;
  readonly kind: 'rule' | 'correlation' | 'filter' | 'baseline' | 'selection' | 'condition';
  readonly line: number;
  readonly children: readonly OutlineEntry[];
}

export interface CheckedText {
  readonly diagnostics: readonly Diagnostic[];
  readonly outline: readonly OutlineEntry[];
  /** What a log must hold for the rules of the text; null while the text has errors. */
  readonly needs: RuleNeedsLine | null;
}

export interface CompletionItem {
  readonly label: string;
  readonly kind: 'key' | 'field' | 'modifier' | 'value' | 'word' | 'snippet';
  /** What is put in the place of the range; a snippet has `$1`, `$2` and `$0` where the cursor goes. */
  readonly insert: string;
  readonly detail: string;
  readonly about: string;
}

export interface Completion extends TextRange {
  readonly items: readonly CompletionItem[];
}

export interface Hover extends TextRange {
  readonly title: string;
  /** Plain text, a paragraph each. */
  readonly lines: readonly string[];
}

/** A rule whose alerts rest on events that a draft finds as well. */
export interface Overlap {
  readonly rule: string;
  readonly title: string;
  /** Events of both, of those of the rule that were looked at. */
  readonly both: number;
  readonly of: number;
}

/** What this case can show of a draft, what the draft costs, and what looks at the same events. */
export interface Sight {
  /** Of each rule that raises alerts; nothing while the text has errors. */
  readonly coverage: readonly {
    readonly title: string;
    /** `clean`: events of this case could meet it. */
    readonly state: 'clean' | 'blind';
    /** Why it is blind. */
    readonly reason: string;
    /** Times in which it could not have fired. */
    readonly parts: readonly CoveragePart[];
  }[];
  /** Measured on some events of the case; null in an empty one. */
  readonly cost: { readonly msPerMillionEvents: number; readonly events: number } | null;
  readonly overlaps: readonly Overlap[];
  /** Events that prove alerts: how many of them were looked at for overlaps. */
  readonly looked: number;
  readonly ofProven: number;
}

/** A name and how many events have it. */
export interface Share {
  readonly name: string;
  readonly events: number;
}

export interface Preview {
  /** Errors: nothing was looked for. */
  readonly problems: readonly Problem[];
  /** Whether all events are decided; else what follows is a beginning. */
  readonly isExact: boolean;
  readonly events: number;
  /** Alerts that a run of these rules alone would raise; null while they are not known. */
  readonly alerts: number | null;
  /** The first ones, in order, with the fields that made them match. */
  readonly first: readonly EventLine[];
  readonly matched: readonly { readonly event: number; readonly field: string; readonly value: string }[];
  readonly range: TimeRange | null;
  /** Events by equal parts of the range. */
  readonly bars: readonly number[];
  readonly identities: readonly Share[];
  readonly objects: readonly Share[];
  /** Events whose bytes had to be read, of all events. */
  readonly read: number;
  readonly ofEvents: number;
  readonly ms: number;
}

/** One step of why a rule matches an event or not. */
export interface WhyNode {
  readonly kind: 'all' | 'any' | 'not' | 'selection' | 'comparison';
  readonly label: string;
  readonly result: boolean;
  readonly line: number;
  readonly parts: readonly WhyNode[];
  /** Of a comparison: what the event has there; empty: no such field. */
  readonly actual: readonly string[];
}

export interface WhyTree {
  readonly rule: string;
  readonly matches: boolean;
  readonly tree: WhyNode;
}

export interface TestLine {
  readonly kind: 'match' | 'miss' | 'alert' | 'quiet';
  readonly name: string;
  readonly ok: boolean;
  readonly reason: string;
}

export interface TestedText {
  readonly results: readonly TestLine[];
  readonly problems: readonly Problem[];
}

/** A field of an event that a rule may ask for, and how it would ask. */
export interface TellingField {
  readonly field: string;
  readonly value: string;
  /** The same with what is particular to this event left open; null where there is no such form. */
  readonly pattern: string | null;
  /** Whether the draft asks for it. */
  readonly isChosen: boolean;
  /** Whether it asks by the pattern. */
  readonly isOpen: boolean;
}

export interface Draft {
  readonly text: string;
  readonly fields: readonly TellingField[];
}

/** What a draft asks for, by the fields' names; without them, the most telling ones. */
export interface DraftChoice {
  readonly fields?: readonly string[];
  readonly patterns?: readonly string[];
}

export type DraftSource =
  | ({ readonly event: number } & DraftChoice)
  /** Its first event. */
  | ({ readonly alert: number } & DraftChoice)
  | { readonly query: string };

/** One alert as the difference names it. */
export interface AlertChange {
  readonly title: string;
  readonly level: Level;
  readonly object: string | null;
  readonly user: string;
  readonly events: number;
  /** Of the case; null for one that would appear. */
  readonly id: number | null;
}

export interface AlertDifference {
  readonly appear: readonly AlertChange[];
  readonly vanish: readonly AlertChange[];
  /** Same alert, other events or another level. */
  readonly change: readonly AlertChange[];
  readonly same: number;
}

export interface OwnRule {
  readonly path: string;
  readonly version: number;
  readonly text: string;
  readonly tests: string;
  readonly isRemoved: boolean;
  readonly reason: string;
  readonly examiner: string;
  readonly time: number;
}

export interface RuleSetting {
  readonly rule: string;
  readonly isEnabled: boolean;
  /** In the place of the rule's own; null: its own. */
  readonly level: Level | null;
  readonly reason: string;
  readonly examiner: string;
  readonly time: number;
}

/** A rule of a pack that was taken. */
export interface TakenRule {
  /** Its place in the pack. */
  readonly file: string;
  /** Its place in the case. */
  readonly path: string;
  readonly title: string;
  /** `changed`: a further version of a rule of the case; `replaces`: stands in the place of one that is no rule of the case. */
  readonly how: 'new' | 'changed' | 'replaces';
  readonly hasTests: boolean;
  readonly warnings: readonly Problem[];
}

/** What became of each file of a pack that was brought in. */
export interface PackReport {
  /** Null where nothing was changed. */
  readonly action: number | null;
  readonly taken: readonly TakenRule[];
  /** Files that the case holds as they are. */
  readonly same: readonly string[];
  readonly refused: readonly { readonly path: string; readonly problems: readonly Problem[] }[];
  /** Files that are neither rules nor tests of rules. */
  readonly passedOver: number;
}

export const MOST_RULE_CHARACTERS = 1024 * 1024;

/** A rule that is being written. */
export interface UnsavedRule {
  readonly path: string;
  readonly text: string;
  readonly tests: string;
  /** The version that it was written over; 0: none. */
  readonly version: number;
  /** Hash of what it was written over; null: of nothing. */
  readonly over: string | null;
  /** Milliseconds since 1970 UTC, of the last key. */
  readonly time: number;
}

/** A rule as it stands now, for an editor. */
export interface OpenedRule {
  readonly path: string;
  /** Empty for one that does not exist yet. */
  readonly text: string;
  readonly tests: string;
  /** `file`: of a folder of rules that the program was started with; what is saved is written there. */
  readonly origin: 'shipped' | 'own' | 'file' | 'new';
  /** Of the case; 0: none. */
  readonly version: number;
  /** Hash of text and tests as they stand now; null: nothing stands there yet. */
  readonly sha256: string | null;
  /** What was written and not saved; null for a reader. */
  readonly unsaved: UnsavedRule | null;
}

export interface StudioCalls {
  'studio/open': (req: { readonly path: string }) => OpenedRule;
  /** What was written and not saved, by path; nothing for a reader. */
  'studio/unsaved': (req: Record<string, never>) => readonly Pick<UnsavedRule, 'path' | 'version' | 'time'>[];
  /** Keeps what is being written beside the case: it is on the disk when this answers. No change of the case. Admin. */
  'studio/keep': (req: UnsavedRule) => Record<string, never>;
  /** Forgets what was written and not saved. Admin. */
  'studio/give-up': (req: { readonly path: string }) => Record<string, never>;
  /** The same rules, laid out evenly; comments stay. A text that is no YAML stays as it is. */
  'studio/format': (req: { readonly text: string }) => { readonly text: string };
  'studio/check': (req: { readonly path: string; readonly text: string }) => CheckedText;
  'studio/complete': (req: { readonly text: string; readonly line: number; readonly column: number }) => Completion;
  'studio/hover': (req: { readonly text: string; readonly line: number; readonly column: number }) => Hover | null;
  /** `first`: answers as soon as the first matches are known; `count`: leaves out the alerts. Cancel it at the next key. */
  'studio/preview': (req: {
    readonly path: string;
    readonly text: string;
    readonly until: 'first' | 'count' | 'all';
  }) => Preview;
  /** `event`: one of the case; `json`: one that was pasted. */
  'studio/why': (req: {
    readonly path: string;
    readonly text: string;
    readonly event?: number;
    readonly json?: string;
  }) => readonly WhyTree[];
  /** Slower than a check: ask it when nobody types. */
  'studio/sight': (req: { readonly path: string; readonly text: string }) => Sight;
  'studio/test': (req: { readonly path: string; readonly text: string; readonly tests: string }) => TestedText;
  /** The text of the tests with one more, its names and addresses replaced by examples. `json`: an event that was pasted. */
  'studio/add-test': (req: {
    readonly tests: string;
    readonly kind: 'match' | 'miss';
    readonly name: string;
    readonly event?: number;
    readonly json?: string;
  }) => { readonly tests: string };
  'studio/draft': (req: { readonly from: DraftSource }) => Draft;
  /** The text of a filter that keeps an alert like this one from being raised. */
  'studio/exclude': (req: { readonly alert: number }) => { readonly text: string };
  /** What saving would change among the alerts of this case. */
  'studio/difference': (req: { readonly path: string; readonly text: string }) => AlertDifference;
  /** Rules of the case, the newest version of each. */
  'studio/own': (req: Record<string, never>) => readonly OwnRule[];
  'studio/versions': (req: { readonly path: string }) => readonly OwnRule[];
  /** Folders that rules may be saved in, besides the case. */
  'studio/folders': (req: Record<string, never>) => readonly string[];
  /** One folder more (`token`: of one that a person chose in a dialog), read at once; answers all. Admin. */
  'studio/use-folder': (req: { readonly token: string }) => readonly string[];
  /** One folder less: its files stay, its rules are run no more. Answers the others. Admin. */
  'studio/leave-folder': (req: { readonly path: string }) => readonly string[];
  /**
   * The next run uses it. `over`: hash of what was opened, null where nothing stood there; if something else stands there by now,
   * nothing is saved (`rule/changed`). Version 0: it was written to a file. Admin.
   */
  'studio/save': (req: {
    readonly path: string;
    readonly text: string;
    readonly tests: string;
    readonly reason: string;
    readonly over?: string | null;
  }) => { readonly action: number; readonly version: number };
  /** Admin. Earlier versions stay. */
  'studio/remove': (req: { readonly path: string; readonly reason: string }) => { readonly action: number };
  'studio/settings': (req: Record<string, never>) => readonly RuleSetting[];
  /** Admin. */
  'studio/set': (req: {
    readonly rule: string;
    readonly isEnabled: boolean;
    readonly level: Level | null;
    readonly reason: string;
  }) => { readonly action: number };
  /**
   * Brings rules and their tests into the case from files, folders and archives; `isTrial` only tells what would become of each.
   * A `name` may hold folders. Admin.
   */
  'studio/import': (req: {
    readonly sources: readonly { readonly token: string; readonly name?: string }[];
    readonly reason: string;
    readonly isTrial: boolean;
  }) => PackReport;
  /** The case's rules as a zip with the hash of each file. */
  'studio/export': (req: Record<string, never>) => FileTicket;
}
