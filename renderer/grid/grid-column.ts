import type { ReactNode } from 'react';

/** One column of a grid. */
export interface GridColumn<Row> {
  readonly id: string;
  readonly head: string;
  /** Px; a flexible column takes what is left and at least this. */
  readonly width: number;
  readonly isFlexible?: boolean;
  readonly align?: 'right' | 'center';
  /** Goes when the window is narrow. */
  readonly isSecond?: boolean;
  /** Hidden until chosen. */
  readonly isExtra?: boolean;
  readonly className?: string;
  cell(row: Row): ReactNode;
  /** The whole value as text, for the title and for copies. */
  text?(row: Row): string;
}

/** Columns that a person has not hidden. */
export function visibleColumns<Row>(
  columns: readonly GridColumn<Row>[],
  hidden: readonly string[] | undefined,
  isNarrow = false,
): readonly GridColumn<Row>[] {
  return columns.filter((column) => {
    if (hidden !== undefined) return !hidden.includes(column.id);
    return column.isExtra !== true && !(isNarrow && column.isSecond === true);
  });
}

/** A track of the grid's template. */
export function trackOf<Row>(column: GridColumn<Row>, widths: Readonly<Record<string, number>> | undefined): string {
  const chosen = widths?.[column.id];
  if (chosen !== undefined) return `${chosen}px`;
  return column.isFlexible === true ? `minmax(${column.width}px, 1fr)` : `${column.width}px`;
}

export function cellClass<Row>(column: GridColumn<Row>): string {
  return ['cell', column.align === 'right' ? 'num' : '', column.align === 'center' ? 'mid' : '', column.className ?? '']
    .join(' ')
    .trim();
}
