import { createHash } from 'node:crypto';
import type { Check } from '../contract/rows.ts';
import { findSources } from '../ingest/source.ts';
import type { CallContext } from './api.ts';

/** Compares the files that were imported with those at hand, by their hashes; names may differ. */
export async function checkFiles(
  imported: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[],
  paths: readonly string[],
  context: CallContext,
): Promise<Check> {
  const { sources } = await findSources([...paths]);
  const found = new Map<string, string>();
  for (const source of sources) {
    const hash = createHash('sha256');
    for await (const chunk of source.read()) {
      context.signal.throwIfAborted();
      hash.update(chunk);
    }
    found.set(hash.digest('hex'), source.path);
  }
  const missing = imported.filter((file) => file.bytes > 0 && !found.has(file.sha256));
  const names = new Set(sources.map((source) => baseName(source.path)));
  const said = missing.map(
    (file) =>
      `${file.path} (${names.has(baseName(file.path)) ? 'a file of that name has other bytes' : 'not among the files given'})`,
  );
  return {
    name: 'files',
    ok: missing.length === 0,
    detail:
      missing.length === 0 ? `${imported.length} files with the bytes that were imported` : said.slice(0, 5).join('; '),
  };
}

const baseName = (path: string) => path.split('/').at(-1) ?? path;
