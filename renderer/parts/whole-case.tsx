import type { ReactNode } from 'react';
import { Kbd } from '../keys/kbd.tsx';
import { usePlace } from '../place.ts';

/** Leads from an empty range to all of the case; nothing where no range is set. */
export function WholeCase(): ReactNode {
  const { range, setRange } = usePlace();
  return range === null ? null : (
    <button type="button" className="btn" onClick={() => setRange(null)}>
      Whole case <Kbd of="range.reset" />
    </button>
  );
}
