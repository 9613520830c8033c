import type { ReactNode } from 'react';
import { visibleParts } from '../../core/chart/visible-text.ts';

/** Text from evidence: never markup, and characters that hide or mislead are written out and set apart. */
export function EvidenceText({ children }: { readonly children: string }): ReactNode {
  const parts = visibleParts(children);
  if (parts.length === 1 && parts[0]?.isEscape === false) return parts[0].text;
  return parts.map((part, index) =>
    part.isEscape ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
      <span key={index} className="esc" title="a character that is not seen, written out">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}
