import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { isScaled, type ScrollMap, scrollTopOf, topRow } from './scroll-map.ts';

/** Rows drawn beyond each edge. */
const SPARE_ROWS = 4;
/** How long the rows of before stay in sight while those of a jump are on their way: less than a person calls waiting. */
const HOLD_MS = 40;

interface ScrolledOptions {
  readonly rowCount: number;
  readonly rowHeight: number;
  /** Whether the row of an ordinal can be drawn. */
  isThere(ordinal: number): boolean;
  onSight?: ((first: number, last: number) => void) | undefined;
}

export interface ScrolledRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly map: ScrollMap;
  /** Ordinal, with a fraction, of the row at the top edge as drawn. */
  readonly top: number;
  readonly first: number;
  readonly last: number;
  /** The same of what was asked for last: where the next step starts from. */
  readonly topRef: RefObject<number>;
  readonly mapRef: RefObject<ScrollMap>;
  scrollTo(top: number): void;
  onScroll(): void;
}

/**
 * Which rows stand in sight. Rows of a new place are asked for at once; what was drawn before stays until they have come or
 * `HOLD_MS` are over, so that a list is drawn once where the engine is quick, and with skeletons where it is not.
 */
export function useScrolledRows({ rowCount, rowHeight, isThere, onSight }: ScrolledOptions): ScrolledRows {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewHeight, setViewHeight] = useState(600);
  const [top, setTop] = useState(0);
  /** Runs while the list waits for the rows of `topRef`. */
  const hold = useRef<ReturnType<typeof setTimeout> | null>(null);
  const map = { rowCount, rowHeight, viewHeight };
  const mapRef = useLatest(map);
  const isThereRef = useLatest(isThere);
  const onSightRef = useLatest(onSight);
  const topRef = useRef(0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setViewHeight(Math.max(rowHeight, element.clientHeight - rowHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);

  const settle = useCallback((): void => {
    if (hold.current !== null) clearTimeout(hold.current);
    hold.current = null;
    setTop(topRef.current);
  }, []);
  useEffect(() => () => clearTimeout(hold.current ?? undefined), []);
  const show = useCallback(
    (next: number): void => {
      topRef.current = next;
      const sight = sightOf(mapRef.current, next);
      onSightRef.current?.(sight.first, sight.last);
      if (isAllThere(sight, isThereRef.current)) settle();
      else hold.current ??= setTimeout(settle, HOLD_MS);
    },
    [mapRef, isThereRef, onSightRef, settle],
  );
  const scrollTo = useCallback(
    (next: number): void => {
      if (scroller.current === null) return;
      show(next);
      scroller.current.scrollTop = scrollTopOf(mapRef.current, next);
    },
    [show, mapRef],
  );

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
  }, [scrollTo, mapRef]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const expected = scrollTopOf(map, topRef.current);
    if (Math.abs(element.scrollTop - expected) >= 1) show(topRow(map, element.scrollTop));
  };

  const wanted = sightOf(map, hold.current === null ? top : topRef.current);
  if (hold.current !== null && isAllThere(wanted, isThere)) settle();
  useEffect(() => {
    if (rowCount > 0) onSight?.(wanted.first, wanted.last);
  }, [wanted.first, wanted.last, rowCount, onSight]);
  // A list that became shorter must not stand past its end.
  useEffect(() => {
    if (topRef.current > Math.max(0, rowCount - 1)) scrollTo(0);
  }, [rowCount, scrollTo]);

  return { scroller, map, top, ...sightOf(map, top), topRef, mapRef, scrollTo, onScroll };
}

function sightOf({ rowCount, rowHeight, viewHeight }: ScrollMap, top: number) {
  return {
    first: Math.max(0, Math.floor(top) - SPARE_ROWS),
    last: Math.min(rowCount - 1, Math.ceil(top + viewHeight / rowHeight) + SPARE_ROWS),
  };
}

function isAllThere({ first, last }: ReturnType<typeof sightOf>, isThere: (ordinal: number) => boolean): boolean {
  for (let ordinal = first; ordinal <= last; ordinal++) if (!isThere(ordinal)) return false;
  return true;
}

/** A value as of the last drawing, for handlers that outlive one. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
