import type { ReactNode } from 'react';
import { useCall, useCase } from '../calls/use-call.ts';
import { count, counted, shortHash } from '../words/number.ts';

/** What is outside view, folded or unread; always there. */
export function Foot({ connection }: { readonly connection: 'open' | 'lost' }): ReactNode {
  const opened = useCase();
  const sum = useCall('evidence/ledger', {}, { keeps: true }).data?.sum;
  const unread = (sum?.skipped ?? 0) + (sum?.malformed ?? 0);
  return (
    <footer className="foot">
      <span>
        {opened === null ? (
          'opening the case…'
        ) : (
          <>
            <b>{count(opened.events)}</b> events
          </>
        )}
      </span>
      {sum === undefined ? null : (
        <>
          <span>{counted(sum.duplicates, 'duplicate')} folded</span>
          <span className={unread > 0 ? 'b' : undefined}>{counted(unread, 'record')} not read</span>
        </>
      )}
      <span className="sp" />
      {connection === 'lost' ? (
        <span className="fault" role="alert">
          The engine does not answer; trying again…
        </span>
      ) : null}
      {opened === null ? null : (
        <span
          className="wide"
          title={`Head of the action log: ${opened.head}. Note it down; decklog verify --head proves with it that nothing was cut off.`}
        >
          action log <span className="mono">{shortHash(opened.head)}</span>
        </span>
      )}
      <span className="wide">Offline</span>
      <span>Times in UTC</span>
    </footer>
  );
}
