import type { ReactNode } from 'react';
import { HEAT_TOP, heatMap } from '../../../core/chart/heat-map.ts';
import type { HeatMap } from '../../../core/contract/event-calls.ts';
import { counted } from '../../words/number.ts';

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Events by weekday and hour, UTC. */
export function HeatChart({ heat, width }: { readonly heat: HeatMap; readonly width: number }): ReactNode {
  const rows = heat.cells.map((counts, index) => ({ label: (DAYS[index] ?? '').slice(0, 3), counts }));
  const height = HEAT_TOP + rows.length * 20;
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`Events by weekday and hour, UTC; at most ${counted(heat.most, 'event')} in an hour of the week`}
    >
      {heatMap(rows, {
        width,
        rowHeight: 20,
        title: (row, column, events) =>
          `${DAYS[row]} ${String(column).padStart(2, '0')}:00, ${counted(events, 'event')}`,
      })}
    </svg>
  );
}
