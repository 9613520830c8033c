import { type ReactNode, useMemo, useState } from 'react';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { type JsonLine, jsonLines, type Mark } from './json-lines.ts';

const FIRST_LINES = 400;

/** JSON as text with fields that matched marked; objects fold; nothing in it is ever markup. */
export function JsonView({
  value,
  marks = [],
  prefix = '',
}: {
  readonly value: unknown;
  readonly marks?: readonly Mark[];
  readonly prefix?: string;
}): ReactNode {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [most, setMost] = useState(FIRST_LINES);
  const lines = useMemo(() => jsonLines(value, marks, folded, prefix), [value, marks, folded, prefix]);
  const toggle = (path: string): void => {
    const next = new Set(folded);
    if (!next.delete(path)) next.add(path);
    setFolded(next);
  };
  return (
    <div className="code json" role="group" aria-label="JSON">
      {lines.slice(0, most).map((line, index) => (
        <Line key={`${line.path}${line.kind}`} line={line} number={index + 1} onToggle={toggle} />
      ))}
      {lines.length > most ? (
        <button type="button" className="btn quiet" onClick={() => setMost(most + 2000)}>
          {lines.length - most} more lines
        </button>
      ) : null}
    </div>
  );
}

function Line({
  line,
  number,
  onToggle,
}: {
  readonly line: JsonLine;
  readonly number: number;
  onToggle(path: string): void;
}): ReactNode {
  const canFold = line.kind === 'open' || line.kind === 'folded';
  return (
    <div className="jl" style={{ paddingLeft: 44 + line.depth * 12 }}>
      {canFold ? (
        <button
          type="button"
          className="ln fold"
          aria-expanded={line.kind === 'open'}
          aria-label={`Line ${number}, fold`}
          onClick={() => onToggle(line.path)}
        >
          {number}
        </button>
      ) : (
        <span className="ln">{number}</span>
      )}
      <span className={line.isMarked ? 'marked' : undefined}>
        {line.key === null ? null : (
          <>
            <span className="k">
              "<EvidenceText>{line.key}</EvidenceText>"
            </span>
            {': '}
          </>
        )}
        <Value line={line} />
      </span>
      {line.hasComma ? ',' : ''}
    </div>
  );
}

function Value({ line }: { readonly line: JsonLine }): ReactNode {
  if (line.kind === 'string') {
    return (
      <span className="s">
        "<EvidenceText>{line.text}</EvidenceText>"
      </span>
    );
  }
  return <span className={line.kind === 'number' ? 'n' : line.kind === 'folded' ? 'c' : undefined}>{line.text}</span>;
}
