import type { Database } from 'better-sqlite3';
import { CaseError } from '../fault.ts';
import type { Migration } from './migration.ts';
import { base } from './migrations/0010-base.ts';

export const MIGRATIONS: readonly Migration[] = [base];

export const SCHEMA_VERSION = (MIGRATIONS.at(-1) as Migration).version;

/** Brings a case to the newest schema, all pending steps or none. */
export function migrate(db: Database, steps: readonly Migration[] = MIGRATIONS): void {
  const from = db.pragma('user_version', { simple: true }) as number;
  const pending = steps.filter((step) => step.version > from);
  if (pending.length === 0) return;
  db.transaction(() => {
    for (const step of pending) step.up(db);
    db.pragma(`user_version = ${(pending.at(-1) as Migration).version}`);
  }).immediate();
}

/** Refuses a case that a newer Decklog has written, and a version that none has. */
export function refuseOddVersion(db: Database, path: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (MIGRATIONS.some((step) => step.version === version)) return;
  if (version < SCHEMA_VERSION) {
    throw new CaseError('case/damaged', `The user_version of ${path} is ${version}, which no Decklog writes.`, {
      hint: 'The file was changed by something else. Work from another copy of the case.',
    });
  }
  throw new CaseError(
    'case/newer',
    `${path} was written by a newer Decklog (schema ${version}, this one knows ${SCHEMA_VERSION}).`,
    {
      hint: 'Open it with that version or a later one; nothing was changed.',
    },
  );
}
