import type { ReactNode } from 'react';

/** Something else stands there by now than what the text was written over. */
export function OvertakenNote({
  path,
  onDiff,
  onTakeUp,
  onKeep,
}: {
  readonly path: string;
  onDiff(): void;
  onTakeUp(): void;
  onKeep(): void;
}): ReactNode {
  return (
    <div className="note" role="alert">
      <div className="grow">
        <b>Something else stands in {path} by now than what this was written over.</b>
        <div className="row wrap" style={{ marginTop: 6 }}>
          <button type="button" className="btn" onClick={onDiff}>
            See the difference
          </button>
          <button type="button" className="btn" onClick={onTakeUp}>
            Take up what stands there
          </button>
          <button type="button" className="btn" onClick={onKeep}>
            Go on with mine
          </button>
        </div>
      </div>
    </div>
  );
}
