/** Named limits on hostile input (docs/decisions). Reaching one ends that member only and is written into its ledger line. */
export const LIMITS = {
  /** Bytes out per byte in, counted outside runs of NUL and after the first MiB of output. */
  ratio: 1000,
  /** Bytes of one record. */
  recordBytes: 64 * 1024 * 1024,
  /** Nested objects and arrays in one JSON value. */
  jsonDepth: 200,
  /**
   * Commas, colons and opening brackets of one JSON value: 64 MiB of nothing but `{},` would take gigabytes once parsed. A
   * million keys pass. Reaching it is a `line-length`: the record is too large.
   */
  jsonMarks: 2 ** 21,
  /** Containers inside containers. */
  nesting: 8,
  /** Members of one archive, those of archives within it included. */
  members: 100_000,
} as const;

/** Why reading a member ended early. */
export type LimitHit = 'ratio' | 'line-length' | 'json-depth' | 'nesting' | 'members' | 'encrypted';
