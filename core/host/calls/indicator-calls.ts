import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { MOST_CHARACTERS } from '../../detect/indicators/read-indicators.ts';
import { CaseError } from '../../fault.ts';
import type { CallTable } from '../call-scope.ts';

export const indicatorCalls = {
  'indicators/lists': (_req, { session }) => session.indicators(),
  'indicators/add': ({ path, file, name, note }, { session, change }) => {
    const bytes = readList(path);
    return change(() =>
      session.addIndicators({ name, file: basename(file), bytes, ...(note !== undefined && { note }) }),
    );
  },
  'indicators/remove': ({ name, reason }, { session, change }) =>
    change(() => {
      session.removeIndicators(name, reason);
      return session.indicators();
    }),
} satisfies Partial<CallTable>;

function readList(path: string): Uint8Array {
  const status = statSync(path);
  if (status.isFile() && status.size <= MOST_CHARACTERS) return readFileSync(path);
  throw new CaseError('list/invalid', 'That is no file of indicators, or it is larger than 256 MiB.', {
    hint: 'Choose a plain list, CSV, STIX 2.1 or MISP file.',
  });
}
