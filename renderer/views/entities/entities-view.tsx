import type { ReactNode } from 'react';
import { ViewHead } from '../../parts/view-head.tsx';

export function EntitiesView(): ReactNode {
  return <ViewHead title="Entities" />;
}
