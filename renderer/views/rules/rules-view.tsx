import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function RulesView(): ReactNode {
  return <ViewHead title="Rules" />;
}
