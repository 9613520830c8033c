import type { ReactNode } from 'react';
import { prefer, preferences } from '../prefs.ts';
import { cellClass, type GridColumn } from './grid-column.ts';

/** Heads of the columns, each with a grip to widen it. */
export function GridHead<Row>({
  name,
  columns,
}: {
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
}): ReactNode {
  const resize = (id: string, px: number): void => {
    const grids = preferences().grids;
    const before = grids[name] ?? {};
    prefer({
      grids: { ...grids, [name]: { ...before, widths: { ...before.widths, [id]: Math.max(36, Math.round(px)) } } },
    });
  };
  return (
    <div className="grid-head" role="row" aria-rowindex={1} tabIndex={-1}>
      {columns.map((column, index) => (
        <div key={column.id} role="columnheader" tabIndex={-1} aria-colindex={index + 1} className={cellClass(column)}>
          <span className="clip">{column.head}</span>
          <Grip column={column} onResize={(px) => resize(column.id, px)} />
        </div>
      ))}
    </div>
  );
}

/** The edge of a column head: drag it, or use the arrows. */
function Grip<Row>({
  column,
  onResize,
}: {
  readonly column: GridColumn<Row>;
  readonly onResize: (px: number) => void;
}): ReactNode {
  const widthNow = (element: HTMLElement): number =>
    element.parentElement?.getBoundingClientRect().width ?? column.width;
  return (
    <button
      type="button"
      className="grip"
      tabIndex={-1}
      aria-label={`Width of ${column.head === '' ? column.id : column.head}; arrows change it`}
      onPointerDown={(event) => {
        const element = event.currentTarget;
        const start = event.clientX;
        const before = widthNow(element);
        element.setPointerCapture(event.pointerId);
        const move = (to: PointerEvent): void => onResize(before + to.clientX - start);
        element.addEventListener('pointermove', move);
        element.addEventListener('pointerup', () => element.removeEventListener('pointermove', move), { once: true });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        onResize(widthNow(event.currentTarget) + (event.key === 'ArrowRight' ? 16 : -16));
      }}
    />
  );
}
