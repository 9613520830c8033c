import { join } from 'node:path';
import type { Req, Res } from '../../core/contract/calls.ts';
import type { CallScope } from '../../core/host/call-scope.ts';
import { CALLS } from '../../core/host/call-table.ts';
import { sessionOver } from '../../core/host/open-case.ts';
import { OutFiles } from '../../core/host/out-files.ts';
import type { EngineCall } from '../../core/host/protocol.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { CONTEXT, SHIPPED, temporaryFolder } from './case.ts';

export const NORTHWIND = join(import.meta.dirname, '../../sample/northwind');

/** The calls of the app over a case that is opened for reading. */
export interface Calls {
  readonly store: CaseStore;
  readonly folder: string;
  call<K extends EngineCall>(name: K, req: Req<K>, signal?: AbortSignal): Promise<Res<K>>;
  close(): void;
}

export function callsOver(path: string): Calls {
  const store = CaseStore.open(path, 'read');
  const folder = temporaryFolder();
  const scope = {
    ...CONTEXT,
    store,
    session: sessionOver(store, 'tester'),
    role: 'reader',
    examiner: 'tester',
    rules: SHIPPED,
    files: new OutFiles(folder),
    change: () => {
      throw new Error('a reader changes nothing');
    },
  } as unknown as CallScope;
  return {
    store,
    folder,
    async call(name, req, signal = CONTEXT.signal) {
      const handler = CALLS[name] as unknown as (req: unknown, scope: CallScope) => unknown;
      return (await handler(req, { ...scope, signal })) as never;
    },
    close: () => store.close(),
  };
}
