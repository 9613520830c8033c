import { createElement as h, type ReactElement } from 'react';

/** Rows of cells, each a count: hours of a day across, days or weekdays down. */
export interface HeatRow {
  readonly label: string;
  readonly counts: readonly number[];
}

export interface HeatOptions {
  readonly width: number;
  readonly rowHeight: number;
  /** Names a cell for its title: `Mon 9 Mar 01:00, 449 events`. */
  title(row: number, column: number, count: number): string;
  onPick?(row: number, column: number): void;
}

export const HEAT_LEFT = 74;
export const HEAT_TOP = 18;

/** A heat map on a square root scale; empty cells stay visible as places. */
export function heatMap(rows: readonly HeatRow[], options: HeatOptions): ReactElement {
  const columns = rows[0]?.counts.length ?? 24;
  const most = Math.max(1, ...rows.flatMap((row) => row.counts));
  const wide = (options.width - HEAT_LEFT) / columns;
  return h(
    'g',
    null,
    ...Array.from({ length: Math.ceil(columns / 3) }, (_, index) =>
      h(
        'text',
        { key: `h${index}`, className: 'ax', x: HEAT_LEFT + index * 3 * wide, y: 11 },
        String(index * 3).padStart(2, '0'),
      ),
    ),
    ...rows.map((row, at) =>
      h(
        'g',
        { key: row.label },
        h(
          'text',
          { className: 'ax', x: 0, y: HEAT_TOP + at * options.rowHeight + options.rowHeight / 2 + 4 },
          row.label,
        ),
        ...row.counts.map((count, column) => cell(count, most, at, column, wide, options)),
      ),
    ),
  );
}

function cell(
  count: number,
  most: number,
  row: number,
  column: number,
  wide: number,
  options: HeatOptions,
): ReactElement {
  const strength = Math.sqrt(count / most);
  return h(
    'rect',
    {
      key: column,
      x: Math.round((HEAT_LEFT + column * wide) * 10) / 10,
      y: HEAT_TOP + row * options.rowHeight,
      width: Math.max(1, Math.round((wide - 1) * 10) / 10),
      height: options.rowHeight - 1,
      className: options.onPick === undefined ? undefined : 'press',
      onClick: options.onPick === undefined ? undefined : () => options.onPick?.(row, column),
      style: count === 0 ? { fill: 'var(--d-bg)' } : { fill: 'var(--d2)', fillOpacity: 0.14 + 0.86 * strength },
    },
    h('title', null, options.title(row, column, count)),
  );
}
