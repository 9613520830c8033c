import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useIsNarrow } from '../narrow.ts';
import { usePreferences } from '../prefs.ts';
import { trackOf, visibleColumns } from './grid-column.ts';
import { GridHead } from './grid-head.tsx';
import { CELL_ACTS, type GridAct, gridAct, gridMove } from './grid-keys.ts';
import type { GridProps } from './grid-props.ts';
import { GridRow, type RowActs } from './grid-row.tsx';
import { extend, toggle } from './marking.ts';
import { type MenuPlace, placeOf, RowMenu } from './row-menu.tsx';
import { RowSlots } from './row-slots.ts';
import { topToShow, trackHeight } from './scroll-map.ts';
import { useLatest, useScrolledRows } from './use-scrolled-rows.ts';

export type { GridColumn } from './grid-column.ts';
export type { GridHandle, GridProps } from './grid-props.ts';

/** Rows whose places are counted from one row, so that a list that moves moves as one. */
const ROWS_A_STRETCH = 1000;
/** Most rows that `Select all` takes. */
const MOST_MARKED = 10_000;

/** A list of any length: only rows in sight exist, focus roves over cells, and every row knows its ordinal. */
export function Grid<Row>(props: GridProps<Row>): ReactNode {
  const { columns: allColumns, rowCount, rowAt, onSight, selected = null, onSelect, onOpen } = props;
  const { grids, density } = usePreferences();
  const isNarrow = useIsNarrow();
  const hidden = grids[props.name]?.hidden;
  const columns = useMemo(() => visibleColumns(allColumns, hidden, isNarrow), [allColumns, hidden, isNarrow]);
  const rowHeight = density === 'comfortable' ? 28 : 24;
  const [active, setActive] = useState({ row: selected ?? 0, column: 0 });
  const [hasFocus, setHasFocus] = useState(false);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const isThere = (ordinal: number): boolean => rowAt(ordinal) !== undefined;
  const { scroller, map, mapRef, top, topRef, first, last, scrollTo, onScroll } = useScrolledRows({
    ...{ rowCount, rowHeight, isThere, onSight },
  });

  const goTo = useCallback(
    (ordinal: number): void => {
      const row = Math.max(0, Math.min(mapRef.current.rowCount - 1, ordinal));
      setActive((before) => ({ ...before, row }));
      const next = topToShow(mapRef.current, topRef.current, row);
      if (next !== topRef.current) scrollTo(next);
    },
    [scrollTo, mapRef, topRef],
  );
  // A row that was chosen elsewhere is brought into sight.
  useEffect(() => {
    if (selected !== null && selected >= 0) goTo(selected);
  }, [selected, goTo]);
  const moveTo = (row: number, isExtending = false): void => {
    const next = Math.max(0, Math.min(rowCount - 1, row));
    if (isExtending) extend(props, active.row, next);
    goTo(next);
    onSelect?.(next, 'key');
  };
  const activeRef = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cell moves when the active place does
  useEffect(() => {
    if (hasFocus) activeRef.current?.focus({ preventScroll: true });
  }, [active, hasFocus]);
  useImperativeHandle(props.handle, () => ({
    move: (by) => moveTo(active.row + by),
    goTo: (ordinal) => moveTo(ordinal),
    focus: () => {
      goTo(active.row);
      setHasFocus(true);
      activeRef.current?.focus({ preventScroll: true });
    },
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLElement && event.target.closest('input, button.grip') !== null) return;
    const isControl = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
    const page = Math.max(1, Math.floor(map.viewHeight / rowHeight) - 1);
    const move = gridMove(event, { page, rowCount, column: active.column, columns: columns.length });
    const act = gridAct(event);
    if (move !== null) {
      if ('column' in move) setActive({ ...active, column: move.column });
      else moveTo(active.row + move.rows, move.isExtending);
    } else if (act === null || (act === 'list.open' && isControl) || !carryOut(act)) return;
    event.preventDefault();
  };

  /** Whether the grid knew what to do. */
  const carryOut = (act: GridAct): boolean => {
    const row = rowAt(active.row);
    const column = columns[active.column];
    switch (act) {
      case 'list.open':
        onSelect?.(active.row, 'pointer');
        onOpen?.(active.row);
        return true;
      case 'list.all':
        props.onMark?.(new Set(Array.from({ length: Math.min(rowCount, MOST_MARKED) }, (_, index) => index)));
        return props.onMark !== undefined;
      case 'list.select':
        toggle(props, active.row);
        return props.onMark !== undefined;
      case 'list.menu':
        setMenu({ row: active.row, column: active.column, ...placeOf(activeRef.current) });
        return true;
      default:
        if (row === undefined || column === undefined || props.onCell === undefined) return false;
        props.onCell(CELL_ACTS[act], row, column.id);
        return true;
    }
  };

  const acts = useLatest<RowActs>({
    onPick: (ordinal, column, event) => {
      setActive({ row: ordinal, column });
      if (event.shiftKey) extend(props, active.row, ordinal);
      else if (event.ctrlKey || event.metaKey) toggle(props, ordinal);
      onSelect?.(ordinal, 'pointer');
    },
    onMenu: (ordinal, column, event) => {
      event.preventDefault();
      setActive({ row: ordinal, column });
      setMenu({ row: ordinal, column, x: event.clientX, y: event.clientY });
    },
    onOpen: (ordinal) => onOpen?.(ordinal),
  });
  const template = columns.map((column) => trackOf(column, grids[props.name]?.widths)).join(' ');
  const stretch = Math.floor(top / ROWS_A_STRETCH) * ROWS_A_STRETCH;
  const ordinals = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  // The row in focus exists even out of sight, or the focus would fall back to the page.
  if (active.row < rowCount && (active.row < first || active.row > last)) ordinals.push(active.row);
  const slots = useRef(new RowSlots()).current.assign(ordinals);
  const rows = ordinals.map((ordinal, index) => (
    <GridRow<Row>
      key={slots[index]}
      row={rowAt(ordinal)}
      columns={columns}
      ordinal={ordinal}
      y={(ordinal - stretch) * rowHeight}
      isSelected={ordinal === selected}
      isMarked={props.marked?.has(ordinal) === true}
      activeColumn={active.row === ordinal ? active.column : null}
      activeRef={activeRef}
      acts={acts}
      whole={props.whole}
      rowClass={props.rowClass}
    />
  ));

  return (
    <>
      <div
        ref={scroller}
        className="grid"
        role="grid"
        aria-label={props.label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length}
        aria-multiselectable={props.onMark !== undefined}
        tabIndex={rowCount === 0 ? 0 : -1}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocus={() => setHasFocus(true)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setHasFocus(false);
        }}
        style={{ '--cols': template } as React.CSSProperties}
      >
        <GridHead name={props.name} columns={columns} />
        {rowCount === 0 ? (
          <div className="grid-empty" role="row" tabIndex={-1}>
            <div role="gridcell" tabIndex={-1}>
              {props.empty}
            </div>
          </div>
        ) : (
          <div style={{ height: trackHeight(map) }} role="presentation">
            <div
              className="grid-rows"
              role="rowgroup"
              style={{ top: rowHeight, height: Math.min(map.viewHeight, trackHeight(map)) }}
            >
              <div role="presentation" style={{ transform: `translateY(${(stretch - top) * rowHeight}px)` }}>
                {rows}
              </div>
            </div>
          </div>
        )}
      </div>
      {menu === null ? null : (
        <RowMenu
          props={props}
          columns={columns}
          place={menu}
          onClose={() => {
            setMenu(null);
            activeRef.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}
