import type { FieldFinder } from './field.ts';
import type { SigmaOptions } from './model.ts';
import type { ProblemReporter } from './problems.ts';

/** What the readers of one text share. */
export interface Scope {
  readonly report: ProblemReporter;
  readonly options: SigmaOptions;
  readonly field: FieldFinder;
}
