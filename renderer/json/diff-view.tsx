import { type ReactNode, useMemo } from 'react';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { jsonDiff } from './json-diff.ts';
import { parseExact } from './parse-exact.ts';

/** The difference of two JSON texts; added and removed lines bear a sign, not only a colour. */
export function DiffView({
  before,
  after,
  names,
}: {
  readonly before: string | null;
  readonly after: string | null;
  readonly names: readonly [string, string];
}): ReactNode {
  const lines = useMemo(() => {
    try {
      return jsonDiff(before === null ? undefined : parseExact(before), after === null ? undefined : parseExact(after));
    } catch {
      return null;
    }
  }, [before, after]);
  if (lines === null) return <p className="t2">One of the bodies was cut in the log and cannot be compared.</p>;
  if (!lines.some((line) => line.sign === '+' || line.sign === '-'))
    return <p className="t2">{`${names[0]} and ${names[1]} hold the same.`}</p>;
  return (
    <div className="code json" role="group" aria-label={`Difference of ${names[0]} and ${names[1]}`}>
      {lines.slice(0, 2000).map((line, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one difference have no other name
          key={index}
          className={line.sign === '+' ? 'jl add' : line.sign === '-' ? 'jl del' : 'jl'}
          style={{ paddingLeft: 24 + line.depth * 12 }}
        >
          <span className="sign">{line.sign}</span>
          <EvidenceText>{line.text}</EvidenceText>
        </div>
      ))}
    </div>
  );
}
