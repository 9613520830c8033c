import type { ReactNode } from 'react';
import type { Fault } from '../../../core/contract/fault.ts';
import type { WhyNode, WhyTree } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { faultText } from '../../words/fault.ts';

/** Which part of the condition an event meets, and what it has where it does not. */
export function WhyPanel({
  trees,
  title,
  fault,
}: {
  /** Null while they are being asked for. */
  readonly trees: readonly WhyTree[] | null;
  /** What is asked about; empty: nothing yet. */
  readonly title: string;
  readonly fault: Fault | null;
}): ReactNode {
  return (
    <section className="sec" aria-label="Why">
      <h2>
        <span style={{ whiteSpace: 'nowrap' }}>Why, or why not</span>{' '}
        <small className="sp t2 clip">
          <EvidenceText>{title}</EvidenceText>
        </small>
      </h2>
      {fault === null ? null : (
        <p className="fault" role="alert">
          <EvidenceText>{faultText(fault)}</EvidenceText>
        </p>
      )}
      {trees?.length === 0 ? (
        <p className="t3">
          {title === ''
            ? 'Pick an event of the preview, give its number, or paste one.'
            : 'Nothing to compare: the text has errors, or no rule of it looks at single events.'}
        </p>
      ) : null}
      {(fault === null ? (trees ?? []) : []).map(({ rule, tree }) => (
        <ul className="studio-tree" key={rule} aria-label={`Condition of ${rule}`}>
          <Node node={tree} />
        </ul>
      ))}
    </section>
  );
}

function Node({ node }: { readonly node: WhyNode }): ReactNode {
  const { label, result, parts, kind, actual } = node;
  const has = actual.length === 0 ? 'no such field' : actual.join(', ');
  return (
    <li>
      <div className="studio-row">
        <span className={result ? 'ok' : 'fault'}>{result ? '✓' : '✗'}</span>
        <span className="vh">{result ? 'true' : 'false'}</span>
        <span className={kind === 'comparison' ? 'mono grow' : 'grow'}>
          <EvidenceText>{label}</EvidenceText>
        </span>
        {kind === 'comparison' ? (
          <span className={result ? 't2 studio-has' : 'studio-has studio-has-not'} title={`the event has ${has}`}>
            <EvidenceText>{has}</EvidenceText>
          </span>
        ) : null}
      </div>
      {parts.length === 0 ? null : (
        <ul>
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the condition
            <Node key={index} node={part} />
          ))}
        </ul>
      )}
    </li>
  );
}
