import { type ReactNode, useState } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Answered } from '../../parts/state.tsx';
import { Segments } from '../../parts/view-head.tsx';
import { count } from '../../words/number.ts';
import { bytesOf, hexLines, textOf } from './bytes-text.ts';

const FIRST = 8 * 1024;
const MOST = 256 * 1024;

/** The original bytes, as text with unseen bytes written out, or as hex. */
export function RawBytes({ id }: { readonly id: number }): ReactNode {
  const [as, setAs] = useState<'text' | 'hex'>('text');
  const [length, setLength] = useState(FIRST);
  const raw = useCall('events/raw', { id, offset: 0, length }, { keeps: true });
  return (
    <Answered call={raw}>
      {(piece) => {
        const bytes = bytesOf(piece.base64);
        const text = as === 'text' ? textOf(bytes) : hexLines(bytes);
        return (
          <>
            <div className="row">
              <Segments
                label="Bytes as"
                value={as}
                options={[
                  ['text', 'Text'],
                  ['hex', 'Hex'],
                ]}
                onChange={setAs}
              />
              <span className="t3">
                {count(bytes.length)} of {count(piece.sizeBytes)} bytes
              </span>
              <span className="grow" />
              <CopyButton text={text} what="Bytes as shown" />
            </div>
            <pre className={as === 'text' ? 'code pad breaks' : 'code pad hex'}>{text}</pre>
            {bytes.length < piece.sizeBytes && length < MOST ? (
              <button type="button" className="btn" onClick={() => setLength(MOST)}>
                Show more bytes
              </button>
            ) : null}
          </>
        );
      }}
    </Answered>
  );
}
