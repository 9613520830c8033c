import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function ReportView(): ReactNode {
  return <ViewHead title="Report" />;
}
