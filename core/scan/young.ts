/**
 * Of a thread that sees much garbage go by: a small nursery. V8 would let it grow to some hundred MB, all of it short-lived
 * columns and events; measured, a smaller one costs no time and a third of the memory of an import.
 */
export const YOUNG = { maxYoungGenerationSizeMb: 24 } as const;
