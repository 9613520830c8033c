import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedactionProfile } from '../contract/report.ts';
import { stringifyJson } from '../json.ts';
import { redactEvent } from '../report/redact/event.ts';
import type { CaseStore } from '../store/case-store.ts';
import { removeCase } from '../store/connection.ts';
import type { CallContext, Session } from './api.ts';
import { eventOf } from './event-rows.ts';
import { redactorOf } from './redaction.ts';

/** Its name stands in the ledger of the new case. */
const LOG = 'redacted-events.jsonl';

/**
 * A new case of the same events with pseudonyms: they are written as a log, read as evidence, and judged by the shipped rules.
 * Nothing else of the old case goes along, neither bytes nor decisions nor own rules.
 */
export async function shareCase(
  store: CaseStore,
  profile: RedactionProfile,
  path: string,
  openNew: (path: string) => Session,
  context: CallContext,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'decklog-share-'));
  const session = openNew(path);
  try {
    const log = join(folder, LOG);
    await writeLog(store, profile, log, context);
    await session.import([log], { passwords: [], rules: { shipped: true, paths: [] } }, context);
    session.close();
  } catch (error) {
    session.close();
    removeCase(path);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeLog(
  store: CaseStore,
  profile: RedactionProfile,
  path: string,
  context: CallContext,
): Promise<void> {
  const redactor = await redactorOf(store, profile, idsOf(store));
  const file = await open(path, 'wx', 0o600);
  try {
    for (const id of idsOf(store)) {
      context.signal.throwIfAborted();
      await file.write(`${stringifyJson(redactEvent(eventOf(store.events, id), redactor, profile))}\n`);
    }
  } finally {
    await file.close();
  }
}

function* idsOf(store: CaseStore): Generator<number> {
  const events = store.glance().events;
  for (let id = 1; id <= events; id++) yield id;
}
