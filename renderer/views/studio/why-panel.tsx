import type { ReactNode } from 'react';
import type { WhyNode, WhyTree } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';

/** Which part of the condition an event meets, and what it has where it does not. */
export function WhyPanel({ trees, title }: { readonly trees: readonly WhyTree[]; readonly title: string }): ReactNode {
  return (
    <section className="sec" aria-label="Why">
      <h2>
        Why, or why not <small className="sp t2">{title}</small>
      </h2>
      {trees.length === 0 ? <p className="t3">Pick an event of the preview, or give its number.</p> : null}
      {trees.map(({ rule, tree }) => (
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
