import type { ReactNode } from 'react';
import { FaultNote } from './parts/state.tsx';

/** What is shown when there is no way to the engine. */
export function StartFault({ error }: { readonly error: unknown }): ReactNode {
  return (
    <main className="start-fault">
      <h1>Decklog cannot reach its engine</h1>
      <FaultNote error={error} onRetry={() => location.reload()} />
    </main>
  );
}
