import type { ReactNode } from 'react';
import { Kbd } from '../keys/kbd.tsx';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { dismissNotice, undoLast, useNotice } from '../undo.ts';

/** What was just done, with a way back; said to screen readers too. */
export function NoticeBar(): ReactNode {
  const deed = useNotice();
  return (
    <div className="notice" role="status" aria-label="Notice" aria-live="polite">
      {deed === null ? null : (
        <div className={`note over ${deed.kind === 'fault' ? 'fault' : 'okn'}`}>
          <span className={deed.kind === 'fault' ? 'fault' : 'ok'}>
            <Icon name={deed.kind === 'fault' ? 'alerts' : 'check'} />
          </span>
          <span className="grow">
            <EvidenceText>{deed.text}</EvidenceText>
          </span>
          {deed.undo === undefined ? null : (
            <button type="button" className="btn" onClick={() => void undoLast()}>
              Undo <Kbd of="undo" />
            </button>
          )}
          <IconButton icon="close" label="Close this notice" onClick={dismissNotice} />
        </div>
      )}
    </div>
  );
}
