import type { FieldStyle } from '../contract/rows.ts';

/** Rules on their way to whoever matches them: plain text, so that a worker compiles them itself. */
export interface RuleSet {
  /** The style of field names of rules that were written for something else, besides our own. */
  readonly mapping?: FieldStyle;
  readonly sources: readonly RuleSource[];
  /** Values of lists by their names, for `expand`. */
  readonly lists: Readonly<Record<string, readonly (string | number)[]>>;
}

export interface RuleSource {
  /** As shown: below `rules/` for the shipped pack, else as given. */
  readonly path: string;
  readonly text: string;
}
