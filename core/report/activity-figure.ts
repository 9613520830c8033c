import { renderToStaticMarkup } from 'react-dom/server';
import { activityChart } from '../chart/activity-chart.ts';
import { parseTime } from '../event/time.ts';
import type { Block } from './document.ts';
import type { FindingsPart } from './model.ts';
import { counted } from './words.ts';

/** The figure of events and findings over time; nothing where the case holds no times. */
export function activityFigure({ activity, findings, limits, events }: FindingsPart): Block[] {
  const fromUs = parseTime(activity?.from);
  if (activity === null || fromUs === null) return [];
  const svg = renderToStaticMarkup(
    activityChart({
      fromUs,
      stepUs: activity.stepSeconds * 1_000_000,
      read: activity.read,
      write: activity.write,
      denied: activity.denied,
      marks: findings.flatMap(({ firstTime, level }) => timed(firstTime, (timeUs) => ({ timeUs, level }))),
      gaps: limits.flatMap(({ from, to }) =>
        timed(from, (gapFrom) => ({ fromUs: gapFrom, toUs: parseTime(to) ?? gapFrom })),
      ),
    }),
  );
  const caption = `${counted(events, 'event')}, ${stepText(activity.stepSeconds)} a bar: read, write, denied from light to dark. Bands: a log has a gap. Marks: findings by their highest level, with their number.`;
  return [{ kind: 'figure', caption, svg }];
}

function timed<T>(time: string | null, make: (timeUs: number) => T): T[] {
  const timeUs = parseTime(time);
  return timeUs === null ? [] : [make(timeUs)];
}

function stepText(seconds: number): string {
  const [size, unit] =
    seconds >= 86_400
      ? ([86_400, 'day'] as const)
      : seconds >= 3600
        ? ([3600, 'hour'] as const)
        : seconds >= 60
          ? ([60, 'minute'] as const)
          : ([1, 'second'] as const);
  return counted(Math.round(seconds / size), unit);
}
