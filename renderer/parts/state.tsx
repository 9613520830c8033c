import type { ReactNode } from 'react';
import { faultOf } from '../calls/ask.ts';
import { EvidenceText } from './evidence-text.tsx';
import { Icon } from './icon.tsx';

/** Empty, in words, with what to do. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <div className="note">
        <Icon name="search" />
        <div>
          <b>{title}</b>
          {children === undefined ? null : <div className="t2">{children}</div>}
        </div>
      </div>
    </div>
  );
}

/** A fault: what, where, what next. */
export function FaultNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  const fault = faultOf(error);
  return (
    <div className="note fault" role="alert">
      <span className="fault">
        <Icon name="alerts" />
      </span>
      <div className="grow">
        <div className="b">
          <EvidenceText>{fault.message}</EvidenceText>
        </div>
        {fault.hint === undefined ? null : (
          <div className="t2">
            <EvidenceText>{fault.hint}</EvidenceText>
          </div>
        )}
        <div className="row" style={{ marginTop: 6 }}>
          {onRetry === undefined ? null : (
            <button type="button" className="btn" onClick={onRetry}>
              Try again
            </button>
          )}
          <span className="mono t3">
            {fault.code}
            {fault.at?.line === undefined ? '' : `, line ${fault.at.line}`}
          </span>
        </div>
      </div>
    </div>
  );
}

interface CallState<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  refetch(): unknown;
}

/** What a call has answered, or why it has not yet, or cannot. */
export function Answered<T>({
  call,
  children,
  rows = 3,
}: {
  readonly call: CallState<T>;
  readonly rows?: number;
  children(data: T): ReactNode;
}): ReactNode {
  if (call.data !== undefined) return children(call.data);
  if (call.error !== null && call.error !== undefined)
    return <FaultNote error={call.error} onRetry={() => void call.refetch()} />;
  return <Waiting rows={rows} />;
}

/** Grey bars where something is known to come; nothing shimmers. */
export function Waiting({ rows = 3 }: { readonly rows?: number }): ReactNode {
  return (
    <div className="waiting" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
        <span key={index} className="sk" style={{ width: `${85 - ((index * 23) % 50)}%` }} />
      ))}
    </div>
  );
}
