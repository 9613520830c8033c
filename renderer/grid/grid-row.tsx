import { type MouseEvent, memo, type ReactNode, type Ref, type RefObject } from 'react';
import { cellClass, type GridColumn } from './grid-column.ts';

/** What a pointer does on a row. */
export interface RowActs {
  onPick(ordinal: number, column: number, event: MouseEvent): void;
  onMenu(ordinal: number, column: number, event: MouseEvent): void;
  onOpen(ordinal: number): void;
}

interface GridRowProps<Row> {
  /** Undefined while it is on its way. */
  readonly row: Row | undefined;
  readonly columns: readonly GridColumn<Row>[];
  readonly ordinal: number;
  readonly y: number;
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  readonly activeColumn: number | null;
  readonly activeRef: Ref<HTMLDivElement>;
  readonly acts: RefObject<RowActs>;
  readonly whole?: ((row: Row) => ReactNode | null) | undefined;
  readonly rowClass?: ((row: Row) => string | undefined) | undefined;
}

function DrawnRow<Row>(props: GridRowProps<Row>): ReactNode {
  const { row, columns, ordinal, y, isSelected, isMarked, activeColumn, activeRef, acts } = props;
  const whole = row === undefined ? null : (props.whole?.(row) ?? null);
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
            acts.current.onPick(ordinal, 0, event);
            acts.current.onOpen(ordinal);
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
          onClick={(event) => acts.current.onPick(ordinal, index, event)}
          onContextMenu={(event) => acts.current.onMenu(ordinal, index, event)}
          onKeyDown={() => undefined}
          onDoubleClick={() => acts.current.onOpen(ordinal)}
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

/** One row in sight, a skeleton while it is on its way; drawn again only when it shows something else. */
export const GridRow = memo(DrawnRow) as typeof DrawnRow;
