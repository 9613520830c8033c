import type { ReactNode } from 'react';
import { severityShape } from '../../core/chart/severity.ts';
import type { Level } from '../../core/contract/rows.ts';

export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Informational',
};

/** Shape, letter and colour of a level. */
export function SeverityMark({
  level,
  size = 14,
  label,
}: {
  readonly level: Level;
  readonly size?: number;
  readonly label?: string;
}): ReactNode {
  return (
    <svg
      className="sv"
      viewBox="0 0 14 14"
      width={size}
      height={size}
      style={{ width: size, height: size }}
      role="img"
      aria-label={label ?? LEVEL_WORDS[level]}
    >
      {severityShape(level)}
    </svg>
  );
}
