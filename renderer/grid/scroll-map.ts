/**
 * Where rows stand in a list of any length. Browsers end an element at some 33 million pixels, half of that at 200 % zoom, so
 * a long list gets a shorter track, and a place on the track is mapped to an ordinal.
 */
export interface ScrollMap {
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
}

const LONGEST_TRACK = 8_000_000;

/** Height of the scrolled content in px. */
export function trackHeight(map: ScrollMap): number {
  return Math.min(map.rowCount * map.rowHeight, LONGEST_TRACK);
}

/** True where one pixel of the track is more than one pixel of rows, so that a wheel must be turned into rows by hand. */
export function isScaled(map: ScrollMap): boolean {
  return map.rowCount * map.rowHeight > LONGEST_TRACK;
}

/** Ordinal (with a fraction) of the row at the top edge. */
export function topRow(map: ScrollMap, scrollTop: number): number {
  const most = mostTopRow(map);
  const way = trackHeight(map) - map.viewHeight;
  if (way <= 0 || most <= 0) return 0;
  return Math.min(most, Math.max(0, (scrollTop / way) * most));
}

/** The inverse: how far to scroll so that a row stands at the top edge. */
export function scrollTopOf(map: ScrollMap, top: number): number {
  const most = mostTopRow(map);
  const way = trackHeight(map) - map.viewHeight;
  return way <= 0 || most <= 0 ? 0 : (Math.min(most, Math.max(0, top)) / most) * way;
}

/** The top row that brings `ordinal` into view with the least movement. */
export function topToShow(map: ScrollMap, top: number, ordinal: number): number {
  const fits = Math.max(1, Math.floor(map.viewHeight / map.rowHeight));
  if (ordinal < top) return ordinal;
  if (ordinal >= top + fits) return Math.min(mostTopRow(map), ordinal - map.viewHeight / map.rowHeight + 1);
  return top;
}

function mostTopRow(map: ScrollMap): number {
  return Math.max(0, map.rowCount - map.viewHeight / map.rowHeight);
}
