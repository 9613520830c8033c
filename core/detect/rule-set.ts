import type { FieldStyle, Level } from '../contract/rows.ts';

/** Rules on their way to whoever matches them: plain text, so that a worker compiles them itself. */
export interface RuleSet {
  /** The style of field names of rules that were written for something else, besides our own. */
  readonly mapping?: FieldStyle;
  readonly sources: readonly RuleSource[];
  /** What is set for rules, by their ids. */
  readonly settings?: RuleSettings;
  /** Values of lists by their names, for `expand`. */
  readonly lists: Readonly<Record<string, readonly (string | number)[]>>;
}

/** A rule that is switched off is still matched where a correlation needs it, and raises nothing. */
export interface RuleSettings {
  readonly disabled: readonly string[];
  /** Levels in the place of the rules' own. */
  readonly levels: Readonly<Record<string, Level>>;
}

export interface RuleSource {
  /** As shown: below `rules/` for the shipped pack, else as given. */
  readonly path: string;
  readonly text: string;
}
