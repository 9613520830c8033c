import { createElement as h, type ReactElement } from 'react';
import type { Level } from '../contract/rows.ts';

/** What is drawn: events in steps of time, marks of findings, stretches without events. Times are microseconds. */
export interface ActivityChart {
  readonly fromUs: number;
  readonly stepUs: number;
  /** Counts of a step. */
  readonly read: readonly number[];
  readonly write: readonly number[];
  readonly denied: readonly number[];
  readonly marks: readonly { readonly timeUs: number; readonly level: Level }[];
  readonly gaps: readonly { readonly fromUs: number; readonly toUs: number }[];
}

/** Colours of the light theme: a report is printed. */
const COLOURS = {
  read: '#8494a5',
  write: '#4f6277',
  denied: '#19232e',
  line: '#dce1e7',
  text: '#434d58',
  gap: '#c9d0d7',
} as const;

const WIDTH = 596;
const HEIGHT = 128;
const PLOT = { left: 34, right: 588, top: 20, bottom: 110 } as const;
/** Marks nearer than this become one with their number. */
const MARK_PIXELS = 15;

/** Events over time as stacked bars, with the highest level of the findings above them. */
export function activityChart(chart: ActivityChart): ReactElement {
  const highest = Math.max(1, ...chart.read.map((_, step) => sumOf(chart, step)));
  return h(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
    },
    h('title', null, 'Events and findings over time'),
    ...gapBands(chart),
    ...valueAxis(highest),
    ...bars(chart, highest),
    ...timeAxis(chart),
    ...marks(chart),
  );
}

const sumOf = ({ read, write, denied }: ActivityChart, step: number): number =>
  (read[step] ?? 0) + (write[step] ?? 0) + (denied[step] ?? 0);

const round = (value: number): number => Math.round(value * 100) / 100;

const widthOf = ({ read }: ActivityChart): number => (PLOT.right - PLOT.left) / Math.max(1, read.length);

function placeOf(chart: ActivityChart, timeUs: number): number {
  const steps = (timeUs - chart.fromUs) / chart.stepUs;
  return round(Math.min(PLOT.right, Math.max(PLOT.left, PLOT.left + steps * widthOf(chart))));
}

function bars(chart: ActivityChart, highest: number): ReactElement[] {
  const width = widthOf(chart);
  return chart.read.flatMap((_, step) => {
    let bottom: number = PLOT.bottom;
    return (['read', 'write', 'denied'] as const).flatMap((kind) => {
      const height = round(((chart[kind][step] ?? 0) / highest) * (PLOT.bottom - PLOT.top));
      if (height === 0) return [];
      bottom = round(bottom - height);
      const x = round(PLOT.left + step * width);
      return [
        h('rect', {
          key: `${step}${kind}`,
          x,
          y: bottom,
          width: round(Math.max(0.4, width - 0.6)),
          height,
          fill: COLOURS[kind],
        }),
      ];
    });
  });
}

function gapBands(chart: ActivityChart): ReactElement[] {
  return chart.gaps.map(({ fromUs, toUs }, index) => {
    const x = placeOf(chart, fromUs);
    const width = round(Math.max(1, placeOf(chart, toUs) - x));
    return h('rect', {
      key: `gap${index}`,
      x,
      y: PLOT.top,
      width,
      height: PLOT.bottom - PLOT.top,
      fill: COLOURS.gap,
      opacity: 0.6,
    });
  });
}

function valueAxis(highest: number): ReactElement[] {
  return [0, 0.5, 1].flatMap((share) => {
    const y = round(PLOT.bottom - share * (PLOT.bottom - PLOT.top));
    return [
      h('line', {
        key: `line${share}`,
        x1: PLOT.left,
        x2: PLOT.right,
        y1: y,
        y2: y,
        stroke: COLOURS.line,
        strokeWidth: 1,
      }),
      label(`value${share}`, PLOT.left - 4, y + 3, short(highest * share), 'end'),
    ];
  });
}

function label(
  key: string,
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end',
  fill: string = COLOURS.text,
): ReactElement {
  return h('text', { key, x, y: round(y), textAnchor: anchor, fontSize: 8, fontFamily: 'sans-serif', fill }, text);
}

function short(value: number): string {
  if (value >= 1_000_000) return `${round(value / 1_000_000)}M`;
  return value >= 10_000 ? `${Math.round(value / 1000)}k` : String(Math.round(value));
}

function timeAxis(chart: ActivityChart): ReactElement[] {
  const steps = chart.read.length;
  const every = Math.max(1, Math.ceil(steps / 6));
  const ticks = Array.from({ length: Math.ceil(steps / every) }, (_, index) => index * every);
  return ticks.map((step) => {
    const timeUs = chart.fromUs + step * chart.stepUs;
    return label(
      `time${step}`,
      placeOf(chart, timeUs),
      PLOT.bottom + 12,
      timeLabel(timeUs, chart.stepUs * every),
      'start',
    );
  });
}

function timeLabel(timeUs: number, betweenUs: number): string {
  const text = new Date(Math.floor(timeUs / 1000)).toISOString();
  if (betweenUs >= 86_400_000_000) return text.slice(0, 10);
  return betweenUs >= 60_000_000 ? text.slice(5, 16).replace('T', ' ') : text.slice(11, 19);
}

const RANK: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];

interface Mark {
  readonly x: number;
  level: Level;
  count: number;
}

function marks(chart: ActivityChart): ReactElement[] {
  const joined: Mark[] = [];
  for (const { timeUs, level } of [...chart.marks].sort((a, b) => a.timeUs - b.timeUs)) {
    const x = placeOf(chart, timeUs);
    const last = joined.at(-1);
    if (last === undefined || x - last.x > MARK_PIXELS) joined.push({ x, level, count: 1 });
    else {
      last.count++;
      if (RANK.indexOf(level) > RANK.indexOf(last.level)) last.level = level;
    }
  }
  return joined.map((mark, index) => markShape(mark, index));
}

/** Level by shape as well as by colour, so that it survives a black and white printer. */
const SHAPES: Readonly<Record<Level, { readonly points: string; readonly fill: string; readonly text: string }>> = {
  critical: {
    points: '4.4,.5 9.6,.5 13.5,4.4 13.5,9.6 9.6,13.5 4.4,13.5 .5,9.6 .5,4.4',
    fill: '#a10044',
    text: '#ffffff',
  },
  high: { points: '7,.4 13.8,13.2 .2,13.2', fill: '#7c4201', text: '#ffffff' },
  medium: { points: '7,0 14,7 7,14 0,7', fill: '#a58606', text: '#171c22' },
  low: { points: '4,1 10,1 13,4 13,10 10,13 4,13 1,10 1,4', fill: '#366297', text: '#ffffff' },
  informational: { points: '1.6,1.6 12.4,1.6 12.4,12.4 1.6,12.4', fill: '#e9edf1', text: '#434d58' },
};

function markShape({ x, level, count }: Mark, index: number): ReactElement {
  const { points, fill, text } = SHAPES[level];
  const words = `${count} ${count === 1 ? 'finding' : 'findings'}, highest ${level}`;
  return h(
    'g',
    { key: `mark${index}`, transform: `translate(${round(x - 7)} 2)` },
    h('title', null, words),
    h('polygon', { points, fill, stroke: '#434d58', strokeWidth: level === 'informational' ? 1 : 0 }),
    label('count', 7, level === 'high' ? 11.5 : 9.8, count > 99 ? '99+' : String(count), 'middle', text),
  );
}
