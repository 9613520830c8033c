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

interface Place {
  readonly top: number;
  /** Where the list goes to when its rows have come. */
  readonly held: number | null;
}

/**
 * Which rows stand in sight. Rows of a new place are asked for at once; what was drawn before stays until they have come or
 * `HOLD_MS` are over, so that a list is drawn once where the engine is quick, and with skeletons where it is not.
 */
export function useScrolledRows({ rowCount, rowHeight, isThere, onSight }: ScrolledOptions): ScrolledRows {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewHeight, setViewHeight] = useState(600);
  const [place, setPlace] = useState<Place>({ top: 0, held: null });
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

  const show = useCallback(
    (top: number): void => {
      topRef.current = top;
      const sight = sightOf(mapRef.current, top);
      onSightRef.current?.(sight.first, sight.last);
      const isReady = isAllThere(sight, isThereRef.current);
      setPlace((before) => (isReady ? { top, held: null } : { top: before.top, held: top }));
    },
    [mapRef, isThereRef, onSightRef],
  );
  const scrollTo = useCallback(
    (top: number): void => {
      if (scroller.current === null) return;
      show(top);
      scroller.current.scrollTop = scrollTopOf(mapRef.current, top);
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

  const isHeld = place.held !== null;
  useEffect(() => {
    if (!isHeld) return;
    const timer = setTimeout(() => setPlace(arrived), HOLD_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const wanted = sightOf(map, place.held ?? place.top);
  if (isHeld && isAllThere(wanted, isThere)) setPlace(arrived);
  useEffect(() => {
    if (rowCount > 0) onSight?.(wanted.first, wanted.last);
  }, [wanted.first, wanted.last, rowCount, onSight]);
  // A list that became shorter must not stand past its end.
  useEffect(() => {
    if (topRef.current > Math.max(0, rowCount - 1)) scrollTo(0);
  }, [rowCount, scrollTo]);

  return { scroller, map, top: place.top, ...sightOf(map, place.top), topRef, mapRef, scrollTo, onScroll };
}

const arrived = (place: Place): Place => (place.held === null ? place : { top: place.held, held: null });

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
