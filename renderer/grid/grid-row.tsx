import type { MouseEvent, ReactNode } from 'react';
import { cellClass, type GridColumn } from './grid-column.ts';
import type { GridProps } from './grid-props.ts';

interface GridRowProps<Row> {
  readonly props: GridProps<Row>;
  readonly columns: readonly GridColumn<Row>[];
  readonly ordinal: number;
  readonly y: number;
  readonly isSelected: boolean;
  readonly activeColumn: number | null;
  readonly activeRef: React.Ref<HTMLDivElement>;
  onPick(column: number, event: MouseEvent): void;
  onMenu(column: number, event: MouseEvent): void;
}

/** One row in sight; a skeleton while it is on its way. */
export function GridRow<Row>({
  props,
  columns,
  ordinal,
  y,
  isSelected,
  activeColumn,
  activeRef,
  onPick,
  onMenu,
}: GridRowProps<Row>): ReactNode {
  const row = props.rowAt(ordinal);
  const whole = row === undefined ? null : (props.whole?.(row) ?? null);
  const isMarked = props.marked?.has(ordinal) === true;
  const names = [
    'grid-row',
    whole === null ? '' : 'grp',
    isMarked ? 'marked-row' : '',
    row === undefined ? '' : (props.rowClass?.(row) ?? ''),
  ];
  const common = {
    className: names.join(' ').trim(),
    style: { transform: `translateY(${y}px)` },
    'aria-rowindex': ordinal + 2,
  };
  if (whole !== null) {
    return (
      <div role="row" tabIndex={-1} {...common}>
        <div
          role="gridcell"
          className="cell whole"
          aria-colspan={columns.length}
          tabIndex={activeColumn === null ? -1 : 0}
          ref={activeColumn === null ? null : activeRef}
          onClick={(event) => {
            onPick(0, event);
            props.onOpen?.(ordinal);
          }}
          onKeyDown={() => undefined}
        >
          {whole}
        </div>
      </div>
    );
  }
  return (
    <div role="row" tabIndex={-1} aria-selected={isSelected || isMarked} {...common}>
      {columns.map((column, index) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={index + 1}
          className={cellClass(column)}
          title={row === undefined ? undefined : column.text?.(row)}
          tabIndex={index === activeColumn ? 0 : -1}
          ref={index === activeColumn ? activeRef : null}
          onClick={(event) => onPick(index, event)}
          onContextMenu={(event) => onMenu(index, event)}
          onKeyDown={() => undefined}
          onDoubleClick={() => props.onOpen?.(ordinal)}
        >
          {row === undefined ? (
            <span className="sk" style={{ width: `${40 + ((ordinal * 7 + index * 13) % 50)}%` }} />
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}
