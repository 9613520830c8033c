import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { MOST_BYTES } from '../../detect/foreign/read-defender.ts';
import { CaseError } from '../../fault.ts';
import type { CallTable } from '../call-scope.ts';

/** Alerts of other tools that one answer holds. */
const MOST_ROWS = 2000;

export const foreignCalls = {
  'foreign/list': (_req, { session }) => {
    const alerts = session.foreignAlerts();
    return { files: session.foreignFiles(), alerts: alerts.slice(0, MOST_ROWS), total: alerts.length };
  },
  'foreign/add': ({ path, file, note }, { session, change }) => {
    const bytes = readExport(path);
    return change(() => session.addForeign({ file: basename(file), bytes, ...(note !== undefined && { note }) }));
  },
  'foreign/remove': ({ id, reason }, { session, change }) =>
    change(() => {
      session.removeForeign(id, reason);
      return { removed: id };
    }),
} satisfies Partial<CallTable>;

function readExport(path: string): Uint8Array {
  const status = statSync(path);
  if (status.isFile() && status.size <= MOST_BYTES) return readFileSync(path);
  throw new CaseError('foreign/invalid', 'That is no file of alerts, or it is larger than 64 MiB.', {
    hint: 'Choose an export of alerts as JSON.',
  });
}
