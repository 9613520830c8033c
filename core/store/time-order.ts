const DIGIT = 2 ** 16;
const WORD = 2 ** 32;

/**
 * Positions of the times in ascending order, missing ones (NaN) first, equal ones as they stand: a radix sort, so its cost
 * is linear. Null where they are in order already.
 */
export function timeOrder(times: Float64Array): Uint32Array | null {
  const { first, isSorted } = survey(times);
  if (isSorted) return null;
  const low = new Uint32Array(times.length);
  const high = new Uint32Array(times.length);
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as number;
    const key = Number.isNaN(time) ? 0 : time - first + 1;
    const above = Math.floor(key / WORD);
    high[at] = above;
    low[at] = key - above * WORD;
  }
  let order = new Uint32Array(times.length).map((_, at) => at);
  for (const [keys, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const)
    order = byDigit(order, keys, shift);
  return order;
}

function survey(times: Float64Array): { first: number; isSorted: boolean } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  for (let at = 0; at < times.length; at++) {
    const time = times[at] as number;
    if (time < first) first = time;
    const rank = Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
    if (rank < last) isSorted = false;
    last = rank;
  }
  return { first, isSorted };
}

function byDigit(order: Uint32Array<ArrayBuffer>, keys: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(DIGIT + 1);
  for (let at = 0; at < keys.length; at++) {
    const digit = ((keys[at] as number) >>> shift) & (DIGIT - 1);
    places[digit + 1] = (places[digit + 1] as number) + 1;
  }
  if (places.includes(keys.length, 1)) return order;
  for (let digit = 1; digit <= DIGIT; digit++)
    places[digit] = (places[digit] as number) + (places[digit - 1] as number);
  const sorted = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const position = order[at] as number;
    const digit = ((keys[position] as number) >>> shift) & (DIGIT - 1);
    const place = places[digit] as number;
    sorted[place] = position;
    places[digit] = place + 1;
  }
  return sorted;
}
