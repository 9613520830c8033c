/** Bounds on rule text (docs/sigma.md). A text beyond one of them is refused with `yaml/limit`. */
export const SIGMA_LIMITS = {
  /** Characters of one file. */
  textLength: 1024 * 1024,
  /** Documents in one file. */
  documents: 10_000,
  /** Nodes of one file's documents, aliases counted as often as they stand. */
  nodes: 200_000,
  /** Lists and maps inside each other. */
  depth: 64,
  /** Selections of one rule. */
  selections: 5_000,
  /** Characters of a value with wildcards. */
  patternLength: 4_096,
  /** Characters of a piece between two stars that has a question mark: such pieces are searched place by place. */
  markedLength: 256,
  /** Digits of a number. */
  digits: 4_096,
  /** Characters that all texts of a value have together, after its encodings. */
  encodedLength: 1_000_000,
  /** Characters of a regular expression. */
  regexLength: 16_384,
  /** Texts that one value may become by `expand`, `windash` and encodings. */
  expansions: 10_000,
  /** Brackets and negations inside each other in a condition. */
  conditionDepth: 100,
  /** Characters of a condition. */
  conditionLength: 65_536,
  /** Selections that the patterns of a condition stand for, all in all. */
  conditionParts: 200_000,
  /** Steps of a field name. */
  pathSteps: 64,
  /** Combinations of group-by values of one event whose group-by fields are arrays. */
  groups: 64,
  /** Filters joined to rules, all in all. */
  filterJoins: 100_000,
  /** Problems listed for one file. */
  problems: 1_000,
} as const;
