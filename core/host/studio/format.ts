import { parseAllDocuments } from 'yaml';
import { parseYaml } from '../../sigma/sigma.ts';

/** A text of rules laid out evenly: two spaces a level, comments and order kept. What is no YAML stays as it is. */
export function formatted(text: string): string {
  if (parseYaml('', text).problems.some(({ severity }) => severity === 'error')) return text;
  const documents = parseAllDocuments(text, { version: '1.2' });
  if (!Array.isArray(documents)) return text;
  const parts = documents.map((document) => document.toString({ lineWidth: 0, indent: 2 }).replace(/^---\n/, ''));
  return parts.join('---\n');
}
