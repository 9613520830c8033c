import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function EvidenceView(): ReactNode {
  return <ViewHead title="Evidence" />;
}
