import { createHash } from 'node:crypto';
import type { ForeignAlert, ForeignFile } from '../contract/foreign-rows.ts';
import type { Alert } from '../contract/rows.ts';
import { readDefender } from '../detect/foreign/read-defender.ts';
import { formatTime, parseTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { StoredForeignAlert } from '../store/foreign.ts';

/** A file with alerts of Defender for Cloud that is brought into a case. */
export interface ForeignImport {
  /** Name of the file, for the record. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly note?: string;
}

/** Both clocks may differ, and either may see a deed late. */
const SLACK_US = 3600 * 1_000_000;

/** Brings alerts of another tool into a case. Raises `foreign/invalid` for what is none, or stands in the case already. */
export function addForeign(store: CaseStore, given: ForeignImport, examiner: string, time: number): ForeignFile {
  const { file, bytes, note = '' } = given;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = foreignFiles(store).find((one) => one.sha256 === sha256);
  if (known !== undefined)
    throw new CaseError(
      'foreign/invalid',
      `These alerts stand in the case already, as file ${known.id} (${known.name}).`,
      {
        hint: 'Nothing was changed.',
      },
    );
  const { shape, alerts } = readDefender(bytes);
  const id = store.change(() => {
    const added = store.foreign.add({ name: file, tool: 'defender', shape, data: bytes, note, examiner, time }, alerts);
    const detail = { file, tool: 'defender', shape, sha256, alerts: alerts.length, note };
    store.record({ examiner, time, name: 'foreign/add', detail, changed: ['foreign'] });
    return added;
  });
  return foreignFiles(store).find((one) => one.id === id) as ForeignFile;
}

/** Takes alerts of another tool out of sight; the file stays in the case. */
export function removeForeign(store: CaseStore, id: number, reason: string, examiner: string, time: number): void {
  const file = store.foreign.files().find((one) => one.id === id);
  if (file === undefined)
    throw new CaseError('foreign/invalid', `There is no file ${id} with alerts of another tool in this case.`, {
      hint: '`decklog foreign list <case>` names them.',
    });
  store.change(() => {
    store.foreign.setRemoved(id, time);
    const detail = { file: file.name, sha256: file.sha256.toString('hex'), reason };
    store.record({ examiner, time, name: 'foreign/remove', detail, changed: ['foreign'] });
  });
}

export const foreignFiles = (store: CaseStore): ForeignFile[] =>
  store.foreign.files().map(({ sha256, time, ...file }) => ({
    ...file,
    sha256: sha256.toString('hex'),
    time: formatTime(time),
  }));

/** Alerts of other tools by time, each with those of ours for the same detection at that time. */
export function foreignAlerts(store: CaseStore, ours: readonly Alert[]): ForeignAlert[] {
  const byType = Map.groupBy(ours, ({ defender }) => defender);
  return store.foreign.alerts().map((alert) => ({
    ...alert,
    ours: (byType.get(alert.type.replace(/^DECKLOG_/, '')) ?? []).filter((own) => meet(own, alert)).map(({ id }) => id),
  }));
}

function meet(own: Alert, { firstTime, lastTime }: StoredForeignAlert): boolean {
  const at = (text: string): number => parseTime(text) ?? Number.NaN;
  return at(own.firstTime) <= at(lastTime) + SLACK_US && at(own.lastTime) >= at(firstTime) - SLACK_US;
}
