import type { ReactNode } from 'react';
import type { TestedText, TestLine } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';

/** What the tests of the rule say while it is written; an event that was picked becomes one of them. */
export function TestsPanel({
  tested,
  onAdd,
}: {
  readonly tested: TestedText | null;
  /** Null where no event is picked. */
  readonly onAdd: ((kind: 'match' | 'miss') => void) | null;
}): ReactNode {
  const results = tested?.results ?? [];
  return (
    <section className="sec" aria-label="Tests">
      <h2>
        Tests <small className="sp t2">{testsText(results)}</small>
      </h2>
      {(tested?.problems ?? []).map((problem) => (
        <p key={`${problem.line} ${problem.column} ${problem.message}`} className="fault">
          {problem.line}:{problem.column} <EvidenceText>{problem.message}</EvidenceText>
        </p>
      ))}
      {results.map((result, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two tests may have one name
        <TestRow key={index} result={result} />
      ))}
      <div className="row wrap">
        <button type="button" className="btn" disabled={onAdd === null} onClick={() => onAdd?.('match')}>
          Add event as must match
        </button>
        <button type="button" className="btn" disabled={onAdd === null} onClick={() => onAdd?.('miss')}>
          Add event as near miss
        </button>
      </div>
    </section>
  );
}

const KINDS: Readonly<Record<TestLine['kind'], string>> = {
  match: 'must match',
  miss: 'near miss',
  alert: 'must alert',
  quiet: 'must stay quiet',
};

function TestRow({ result }: { readonly result: TestLine }): ReactNode {
  return (
    <p className="studio-row">
      <span className={result.ok ? 'ok' : 'fault'}>{result.ok ? '✓' : '✗'}</span>
      <span className="grow">
        <EvidenceText>{result.name}</EvidenceText>
      </span>
      <span className="t2">{KINDS[result.kind]}</span>
      {result.ok ? null : (
        <span className="fault">
          {' '}
          <EvidenceText>{result.reason}</EvidenceText>
        </span>
      )}
    </p>
  );
}

const testsText = (results: readonly TestLine[]): string =>
  results.length === 0 ? 'none yet' : `${results.filter(({ ok }) => ok).length} of ${results.length} pass`;
