import type { ReactNode } from 'react';
import type { OwnRule } from '../../../core/contract/studio-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { shortTime } from './time.ts';

/** Versions of the rule that the case keeps; any of them can be taken up again. */
export function VersionList({ path, onTake }: { readonly path: string; onTake(version: OwnRule): void }): ReactNode {
  const versions = useCall('studio/versions', { path }).data ?? [];
  if (versions.length === 0) return null;
  return (
    <section className="sec" aria-label="Versions">
      <h2>Versions</h2>
      {versions.map((version) => (
        <p key={version.version} className="row">
          <span className="grow">
            {version.version}. <EvidenceText>{version.reason}</EvidenceText>
            {version.isRemoved ? ' (taken out)' : ''}{' '}
            <span className="t2">
              <EvidenceText>{version.examiner}</EvidenceText>, {shortTime(version.time)}
            </span>
          </span>
          <button type="button" className="btn" onClick={() => onTake(version)}>
            Take up
          </button>
        </p>
      ))}
    </section>
  );
}
