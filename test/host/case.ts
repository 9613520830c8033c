import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CallContext, ImportOptions, Session } from '../../core/host/api.ts';
import { openCase } from '../../core/host/open-case.ts';

export const SAMPLES = join(import.meta.dirname, '../fixtures/format-samples');

/** A call that nobody watches or cancels. */
export const CONTEXT: CallContext = { signal: new AbortController().signal, progress() {} };
export const SHIPPED = { shipped: true, paths: [] } as const;

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'decklog-test-'));
  folders.push(folder);
  return folder;
}

export const newCasePath = (): string => join(temporaryFolder(), 'case.decklog');

/** A new case with the given evidence in it. */
export async function caseOf(
  paths: readonly string[],
  options: Partial<ImportOptions> = {},
  path = newCasePath(),
): Promise<Session> {
  const session = openCase(path, { mode: 'add', examiner: 'tester' });
  await session.import(paths, { passwords: [], ...options }, CONTEXT);
  return session;
}

/** All events of a case, in order. */
export async function eventsOf(session: Session, query = '') {
  return collect(session.events({ query, limit: 1_000_000 }, CONTEXT));
}

/** All items of a stream. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
