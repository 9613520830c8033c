import type { Problem } from '../contract/fault.ts';
import { ProblemReporter } from './problems.ts';
import { toPlain } from './yaml-node.ts';
import { readYaml } from './yaml-reader.ts';

/** A YAML document as plain JSON, with the line that it starts in. */
export interface PlainDocument {
  readonly value: Readonly<Record<string, unknown>>;
  readonly line: number;
}

/** Reads any YAML text under the limits of rule text. Integers stay exact, dates are text. */
export function parseYaml(path: string, text: string): { documents: PlainDocument[]; problems: readonly Problem[] } {
  const report = new ProblemReporter(path);
  const documents = readYaml(text, report).map(({ map }) => ({
    value: toPlain(map) as Record<string, unknown>,
    line: report.place(map.at).line,
  }));
  return { documents, problems: report.problems };
}
