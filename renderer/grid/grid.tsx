import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useIsNarrow } from '../narrow.ts';
import { prefer, preferences, usePreferences } from '../prefs.ts';
import { isScaled, scrollTopOf, topRow, topToShow, trackHeight } from './scroll-map.ts';

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

/** What a view can ask of its grid. */
export interface GridHandle {
  move(by: number): void;
  goTo(ordinal: number): void;
  focus(): void;
}

export interface GridProps<Row> {
  /** Names the grid for people who do not see it, and its columns in the preferences. */
  readonly label: string;
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rowCount: number;
  /** The row at an ordinal, undefined while it is on its way. */
  rowAt(ordinal: number): Row | undefined;
  /** Tells which rows are in sight, so that they can be fetched. */
  onSight?(first: number, last: number): void;
  /** Ordinal of the chosen row; the list keeps its place when it changes elsewhere. */
  readonly selected?: number | null;
  /** By a key only moves on; by pointer means this row. */
  onSelect?(ordinal: number, by: 'key' | 'pointer'): void;
  /** Enter or a second click. */
  onOpen?(ordinal: number): void;
  readonly marked?: ReadonlySet<number>;
  onMark?(marked: ReadonlySet<number>): void;
  /** `+`, `-` and `p` on a cell. */
  onCell?(action: 'in' | 'out' | 'pivot', row: Row, columnId: string): void;
  /** A row that spans all columns, for headings of groups. */
  whole?(row: Row): ReactNode | null;
  rowClass?(row: Row): string | undefined;
  readonly handle?: React.Ref<GridHandle>;
  /** Said in the place of rows. */
  readonly empty?: ReactNode;
}

/** Px added to the sides by padding of the first and last cell. */
const SPARE_ROWS = 4;

/** A list of any length: only rows in sight exist, focus roves over cells, and every row knows its ordinal. */
export function Grid<Row>(props: GridProps<Row>): ReactNode {
  const { columns: allColumns, rowCount, rowAt, onSight, selected = null, onSelect, onOpen } = props;
  const { grids, density } = usePreferences();
  const isNarrow = useIsNarrow();
  const columns = visibleColumns(allColumns, grids[props.name]?.hidden, isNarrow);
  const rowHeight = density === 'comfortable' ? 28 : 24;
  const scroller = useRef<HTMLDivElement>(null);
  const [viewHeight, setViewHeight] = useState(600);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState({ row: selected ?? 0, column: 0 });
  const [hasFocus, setHasFocus] = useState(false);
  const map = { rowCount, rowHeight, viewHeight };
  const mapRef = useRef(map);
  mapRef.current = map;
  const topRef = useRef(top);
  topRef.current = top;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setViewHeight(Math.max(rowHeight, element.clientHeight - rowHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);

  const scrollTo = useCallback((row: number): void => {
    const element = scroller.current;
    if (element === null) return;
    topRef.current = row;
    setTop(row);
    element.scrollTop = scrollTopOf(mapRef.current, row);
  }, []);

  // A short track cannot express single rows: turn the wheel into rows, then put the track where it belongs.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (!isScaled(mapRef.current) || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const by = event.deltaMode === 1 ? event.deltaY : event.deltaY / mapRef.current.rowHeight;
      scrollTo(Math.max(0, Math.min(mapRef.current.rowCount - 1, topRef.current + by)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scrollTo]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const expected = scrollTopOf(map, topRef.current);
    if (Math.abs(element.scrollTop - expected) < 1) return;
    setTop(topRow(map, element.scrollTop));
  };

  const first = Math.max(0, Math.floor(top) - SPARE_ROWS);
  const last = Math.min(rowCount - 1, Math.ceil(top + viewHeight / rowHeight) + SPARE_ROWS);
  useEffect(() => {
    if (rowCount > 0) onSight?.(first, last);
  }, [first, last, rowCount, onSight]);

  const goTo = useCallback(
    (ordinal: number): void => {
      const row = Math.max(0, Math.min(mapRef.current.rowCount - 1, ordinal));
      setActive((before) => ({ ...before, row }));
      const next = topToShow(mapRef.current, topRef.current, row);
      if (next !== topRef.current) scrollTo(next);
    },
    [scrollTo],
  );
  // A row that was chosen elsewhere is brought into sight.
  useEffect(() => {
    if (selected !== null && selected >= 0) goTo(selected);
  }, [selected, goTo]);
  // A list that became shorter must not stand past its end.
  useEffect(() => {
    if (topRef.current > Math.max(0, rowCount - 1)) scrollTo(0);
  }, [rowCount, scrollTo]);

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
    const page = Math.max(1, Math.floor(viewHeight / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
      Home: event.ctrlKey || active.column === 0 ? -rowCount : 0,
      End: event.ctrlKey || active.column === columns.length - 1 ? rowCount : 0,
    };
    const step = steps[event.key];
    if (
      step !== undefined &&
      step !== 0 &&
      !event.altKey &&
      (!event.ctrlKey || event.key === 'Home' || event.key === 'End')
    ) {
      event.preventDefault();
      moveTo(active.row + step, event.shiftKey);
      return;
    }
    if (event.ctrlKey && event.key === 'a' && props.onMark !== undefined) {
      event.preventDefault();
      props.onMark(new Set(Array.from({ length: Math.min(rowCount, 10_000) }, (_, index) => index)));
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      event.preventDefault();
      const by = event.key === 'ArrowRight' ? 1 : -1;
      setActive({ ...active, column: Math.max(0, Math.min(columns.length - 1, active.column + by)) });
      return;
    }
    if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      setActive({ ...active, column: event.key === 'Home' ? 0 : columns.length - 1 });
      return;
    }
    const row = rowAt(active.row);
    const isControl = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
    if (event.key === 'Enter' && !isControl) {
      event.preventDefault();
      onSelect?.(active.row, 'pointer');
      onOpen?.(active.row);
      return;
    }
    const action = event.key === '+' ? 'in' : event.key === '-' ? 'out' : event.key === 'p' ? 'pivot' : null;
    const column = columns[active.column];
    if (action !== null && row !== undefined && column !== undefined && props.onCell !== undefined) {
      event.preventDefault();
      props.onCell(action, row, column.id);
    }
  };

  const rows: ReactNode[] = [];
  const template = columns.map((column) => width(column, grids[props.name]?.widths)).join(' ');
  const shown = new Set<number>();
  const addRow = (ordinal: number): void => {
    if (ordinal < 0 || ordinal >= rowCount || shown.has(ordinal)) return;
    shown.add(ordinal);
    rows.push(
      <GridRow
        key={ordinal}
        props={props}
        columns={columns}
        ordinal={ordinal}
        y={(ordinal - top) * rowHeight}
        isSelected={ordinal === selected}
        activeColumn={active.row === ordinal ? active.column : null}
        activeRef={activeRef}
        onPick={(column, event) => {
          setActive({ row: ordinal, column });
          if (event.shiftKey) extend(props, active.row, ordinal);
          else if (event.ctrlKey || event.metaKey) toggle(props, ordinal);
          onSelect?.(ordinal, 'pointer');
        }}
      />,
    );
  };
  for (let ordinal = first; ordinal <= last; ordinal++) addRow(ordinal);
  // The row in focus exists even out of sight, or the focus would fall back to the page.
  addRow(active.row);

  return (
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
            style={{ top: rowHeight, height: Math.min(viewHeight, trackHeight(map)) }}
          >
            {rows}
          </div>
        </div>
      )}
    </div>
  );
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

function width<Row>(column: GridColumn<Row>, widths: Readonly<Record<string, number>> | undefined): string {
  const chosen = widths?.[column.id];
  if (chosen !== undefined) return `${chosen}px`;
  return column.isFlexible === true ? `minmax(${column.width}px, 1fr)` : `${column.width}px`;
}

function extend<Row>(props: GridProps<Row>, from: number, to: number): void {
  if (props.onMark === undefined) return;
  const marked = new Set(props.marked);
  for (let ordinal = Math.min(from, to); ordinal <= Math.max(from, to); ordinal++) marked.add(ordinal);
  props.onMark(marked);
}

function toggle<Row>(props: GridProps<Row>, ordinal: number): void {
  if (props.onMark === undefined) return;
  const marked = new Set(props.marked);
  if (!marked.delete(ordinal)) marked.add(ordinal);
  props.onMark(marked);
}

function GridHead<Row>({
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

function cellClass<Row>(column: GridColumn<Row>): string {
  return ['cell', column.align === 'right' ? 'num' : '', column.align === 'center' ? 'mid' : '', column.className ?? '']
    .join(' ')
    .trim();
}

interface GridRowProps<Row> {
  readonly props: GridProps<Row>;
  readonly columns: readonly GridColumn<Row>[];
  readonly ordinal: number;
  readonly y: number;
  readonly isSelected: boolean;
  readonly activeColumn: number | null;
  readonly activeRef: React.Ref<HTMLDivElement>;
  onPick(column: number, event: MouseEvent): void;
}

function GridRow<Row>({
  props,
  columns,
  ordinal,
  y,
  isSelected,
  activeColumn,
  activeRef,
  onPick,
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
