import { type ReactNode, useState } from 'react';
import type { EvidenceToken } from '../../../core/contract/calls.ts';
import type { EvidenceEntry } from '../../../core/contract/case-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Answered } from '../../parts/state.tsx';
import { megabytes } from '../../words/number.ts';

/** Folders that the server was told to offer; what is taken is read where it lies, without a copy. */
export function BrowseFolders({
  onTake,
  onClose,
}: {
  onTake(tokens: readonly EvidenceToken[]): void;
  onClose(): void;
}): ReactNode {
  const [way, setWay] = useState<readonly EvidenceEntry[]>([]);
  const here = way.at(-1);
  const entries = useCall('evidence/browse', here === undefined ? {} : { token: here.token });
  return (
    <section className="sec" aria-label="Evidence folders of the server">
      <h2>
        Evidence folders
        <small className="mono">/{way.map((entry) => entry.name).join('/')}</small>
        <span className="sp" />
        {here === undefined ? null : (
          <button type="button" className="btn" onClick={() => setWay(way.slice(0, -1))}>
            <Icon name="left" size={12} /> Up
          </button>
        )}
        <button type="button" className="btn quiet" onClick={onClose}>
          Close
        </button>
      </h2>
      <Answered call={entries}>
        {(list) =>
          list.length === 0 ? (
            <p className="t2">Nothing lies here.</p>
          ) : (
            <ul>
              {list.map((entry) => (
                <li key={entry.token} className="row browse-entry">
                  <Icon name={entry.kind === 'folder' ? 'evidence' : 'file'} />
                  {entry.kind === 'folder' ? (
                    <button type="button" className="link grow" onClick={() => setWay([...way, entry])}>
                      <EvidenceText>{entry.name}</EvidenceText>
                    </button>
                  ) : (
                    <span className="grow clip">
                      <EvidenceText>{entry.name}</EvidenceText>
                    </span>
                  )}
                  <span className="t3 tn">{entry.sizeBytes === null ? '' : megabytes(entry.sizeBytes)}</span>
                  <button
                    type="button"
                    className="btn"
                    onClick={() => onTake([{ token: entry.token, name: entry.name, sizeBytes: entry.sizeBytes }])}
                  >
                    Take
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
