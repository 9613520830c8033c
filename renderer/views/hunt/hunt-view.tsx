import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function HuntView(): ReactNode {
  return <ViewHead title="Hunt" />;
}
