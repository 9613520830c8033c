import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function OverviewView(): ReactNode {
  return <ViewHead title="Overview" />;
}
