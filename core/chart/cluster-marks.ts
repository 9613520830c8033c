import { LEVELS, type Level } from '../contract/rows.ts';
import { type TimeScale, xOf } from './time-axis.ts';

/** Something that happened at a time and has a level: an alert. */
export interface TimedMark {
  readonly id: number;
  readonly us: number;
  readonly level: Level;
}

/** Marks that stand too close to tell apart, at the place of the first. */
export interface MarkCluster {
  readonly x: number;
  readonly level: Level;
  readonly ids: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Joins marks nearer than `px`, so that their number is bounded by the width and not by the alerts. Order of input is no matter. */
export function clusterMarks(marks: readonly TimedMark[], scale: TimeScale, px = 14): readonly MarkCluster[] {
  const sorted = marks
    .filter((mark) => mark.us >= scale.from && mark.us <= scale.to)
    .sort((a, b) => a.us - b.us || a.id - b.id);
  const clusters: MarkCluster[] = [];
  for (const mark of sorted) {
    const x = xOf(scale, mark.us);
    const last = clusters.at(-1);
    if (last === undefined || x - last.x >= px) {
      clusters.push({ x, level: mark.level, ids: [mark.id], from: mark.us, to: mark.us });
    } else {
      clusters[clusters.length - 1] = {
        ...last,
        level: higher(last.level, mark.level),
        ids: [...last.ids, mark.id],
        to: mark.us,
      };
    }
  }
  return clusters;
}

/** The higher of two levels. */
export function higher(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
