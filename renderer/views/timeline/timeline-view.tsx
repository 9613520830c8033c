import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function TimelineView(): ReactNode {
  return <ViewHead title="Timeline" />;
}
