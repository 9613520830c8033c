import type { Problem } from '../contract/fault.ts';
import type { ProblemReporter } from './problems.ts';
import type { MapEntry, MapNode } from './yaml-node.ts';

/** Attributes of a log source that are compared (Sigma rules, section LogSource). */
export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** What a field name stands for: further paths into the event, or a value computed from it. */
export type ResolvedField = { readonly paths: readonly string[] } | { readonly derive: (event: unknown) => unknown };

/** Plugs names in that are no paths. `null`: the name is a path like any other. */
export interface FieldResolver {
  resolve(name: string): ResolvedField | null;
}

/** Aliases as data: a name's further paths, and values of a field that mean another field's value. */
export interface AliasTable {
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  readonly values?: readonly ValueAlias[];
}

export interface ValueAlias {
  readonly field: string;
  readonly value: string;
  readonly becomes: { readonly field: string; readonly value: string };
}

export interface SigmaOptions {
  /** The log source of the events. Absent: rules of every log source apply. */
  readonly source?: LogSource;
  /** Other names of the same log source: rules for one of them apply too. */
  readonly furtherSources?: readonly LogSource[];
  /** Values for `expand`, by name without the percent signs. */
  readonly placeholders?: Readonly<Record<string, readonly (string | number)[]>>;
  readonly aliases?: AliasTable;
  readonly resolver?: FieldResolver;
  /** Taxonomies known besides `sigma`. */
  readonly taxonomies?: readonly string[];
  /** Kinds of document besides rule, correlation and filter. */
  readonly kinds?: readonly DocumentKind[];
}

export type SigmaLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export type SigmaStatus = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported';

export interface Related {
  readonly id: string;
  readonly type: string;
}

/** The attributes that every document has (Sigma rules, section File Structure). */
export interface Metadata {
  /** Id, else name, else path and place in the file: how the document is known here. */
  readonly key: string;
  readonly id: string | null;
  readonly name: string | null;
  readonly title: string;
  readonly taxonomy: string;
  readonly status: SigmaStatus | null;
  readonly description: string;
  readonly license: string;
  readonly author: string;
  readonly date: string | null;
  readonly modified: string | null;
  readonly level: SigmaLevel | null;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly scope: readonly string[];
  readonly related: readonly Related[];
  readonly logsource: LogSource;
  /** Attributes that Sigma does not define, as plain JSON. */
  readonly custom: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** First line of the document in its file. */
  readonly line: number;
  /** The document's text, without its `---`. */
  readonly text: string;
}

/** A value of the event that made a part of a rule true. `field` is the path where it stands. */
export interface Match {
  readonly field: string;
  readonly value: unknown;
}

/** One step of "why (not)": a condition, a selection or a single comparison with its result for one event. */
export interface TraceNode {
  readonly kind: 'all' | 'any' | 'not' | 'selection' | 'comparison';
  readonly label: string;
  readonly result: boolean;
  readonly line: number;
  readonly parts: readonly TraceNode[];
  /** Of a comparison: the values that were compared. Empty: there is no such field. */
  readonly actual?: readonly unknown[];
}

/** One comparison of a field with values. Rules read with the same options that ask for the same share one `test`. */
export interface Comparison {
  test(event: unknown): boolean;
}

/** What is known of a comparison for some events; null: nothing, or not enough. */
export type Knowledge = (comparison: Comparison) => boolean | null;

/** What is left of a rule. */
export interface Remainder {
  test(event: unknown): boolean;
  residual(know: Knowledge): boolean | Remainder;
  comparisons(): readonly Comparison[];
}

export interface SigmaRule extends Metadata {
  readonly kind: 'rule';
  /** Whether the rule's log source is that of the events. A rule that does not apply matches nothing. */
  readonly applies: boolean;
  /** Filters that were joined to this rule. */
  readonly filters: readonly SigmaFilter[];
  /** The rule without its filters (itself if there are none). */
  readonly unfiltered: SigmaRule;
  matches(event: unknown): boolean;
  /** What is left of `matches` for events of which something is known: true or false where that decides. */
  residual(know: Knowledge): boolean | Remainder;
  /** All comparisons of its condition. */
  comparisons(): readonly Comparison[];
  /** The values that made the rule true, in the order of the rule. Empty if it does not match. */
  explain(event: unknown): Match[];
  trace(event: unknown): TraceNode;
  /**
   * A necessary condition: the folded texts one of which `field` must have, or null if the rule says nothing about it.
   * Values of a field are those that `readField` finds.
   */
  requires(field: string): ReadonlySet<string> | null;
  /** Names of all fields that the rule asks for, sorted. */
  fieldNames(): readonly string[];
}

export interface SigmaFilter extends Metadata {
  readonly kind: 'filter';
  /** Ids or names, or `any`. */
  readonly rules: readonly string[] | 'any';
  /** Whether the filter suppresses this event. */
  suppresses(event: unknown): boolean;
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median';

export type Limit = { readonly operator: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq'; readonly value: number };

export interface SigmaCorrelation extends Metadata {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names, as written. */
  readonly rules: readonly Reference[];
  readonly groupBy: readonly string[];
  readonly timespanUs: number;
  readonly limits: readonly Limit[];
  /** Fields of the value types; several make one value. */
  readonly valueFields: readonly string[];
  readonly percentile: number;
  /** Group-by name to rule reference to field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly aliasReferences: readonly Reference[];
  readonly generate: boolean;
}

/** A rule named by another document, with its place. */
export interface Reference {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A document of a registered kind. */
export interface SigmaExtension extends Metadata {
  readonly kind: 'extension';
  /** The key that made it one, such as `baseline`. */
  readonly attribute: string;
  /** What the kind's reader made of it. */
  readonly value: unknown;
}

export type SigmaDocument = SigmaRule | SigmaFilter | SigmaCorrelation | SigmaExtension;

export interface ParsedRules {
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly Problem[];
}

/** What the reader of a registered document kind is given. */
export interface KindInput {
  readonly metadata: Metadata;
  readonly document: MapNode;
  /** The entry whose key made the document one of this kind. */
  readonly entry: MapEntry;
  readonly report: ProblemReporter;
}

/** A kind of document besides Sigma's own, known by a top-level key (docs/sigma.md). */
export interface DocumentKind {
  readonly attribute: string;
  /** Reads the document, reporting what is wrong with it. */
  read(input: KindInput): unknown;
}
