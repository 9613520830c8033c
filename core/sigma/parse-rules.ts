import { applyActions } from './collection.ts';
import { readCorrelation } from './correlation.ts';
import { fieldFinder } from './field.ts';
import { readFilter } from './filter.ts';
import { type DocumentText, readMetadata } from './metadata.ts';
import type { ParsedRules, SigmaDocument, SigmaOptions } from './model.ts';
import { ProblemReporter } from './problems.ts';
import { readRule } from './rule.ts';
import type { Scope } from './scope.ts';
import { entryOf } from './yaml-node.ts';
import { readYaml } from './yaml-reader.ts';

/**
 * Reads the documents of a file. All problems are reported at once; documents with an error are left out. References to
 * other documents are looked up by `linkRules`, since they may stand in other files.
 */
export function parseRules(path: string, text: string, options: SigmaOptions = {}): ParsedRules {
  const report = new ProblemReporter(path);
  const scope: Scope = { report, options, field: fieldFinder(options) };
  const documents: SigmaDocument[] = [];
  applyActions(readYaml(text, report), report).forEach((document, index) => {
    const before = report.errors;
    const read = readDocument({ ...document, index }, scope);
    if (read && document.isSound && report.errors === before) documents.push(read);
  });
  return { documents, problems: report.problems };
}

function readDocument(document: DocumentText, scope: Scope): SigmaDocument | null {
  const { map } = document;
  const metadata = readMetadata(document, scope);
  const correlation = entryOf(map, 'correlation');
  if (correlation) return readCorrelation(metadata, correlation, scope);
  const filter = entryOf(map, 'filter');
  if (filter) return readFilter(metadata, map, filter, scope);
  for (const kind of scope.options.kinds ?? []) {
    const entry = entryOf(map, kind.attribute);
    if (!entry) continue;
    const value = kind.read({ metadata, document: map, entry, report: scope.report });
    return { ...metadata, kind: 'extension', attribute: kind.attribute, value };
  }
  return readRule(metadata, map, scope);
}
