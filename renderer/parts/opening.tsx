import type { ReactNode } from 'react';
import { Waiting } from './state.tsx';
import { ViewHead } from './view-head.tsx';

/** A view in the moment before the case is there: what is coming, never an empty case. */
export function Opening({ title }: { readonly title: string }): ReactNode {
  return (
    <>
      <ViewHead title={title} about="opening the case…" />
      <Waiting rows={8} />
    </>
  );
}
