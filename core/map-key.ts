import { createHash } from 'node:crypto';

/** V8 takes the length of longer texts for their hash: a map of many that are equally long compares each with all. */
const LONGEST = 16_000;

/**
 * A key that finds a text in a map, whatever somebody has written into a log: the text itself, or the hash of a very long one
 * behind `#`. Where texts may begin with `#` themselves it may put two together that differ: then it only narrows.
 */
export const mapKey = (text: string): string =>
  text.length <= LONGEST ? text : `#${text.length} ${createHash('sha256').update(text).digest('hex')}`;
