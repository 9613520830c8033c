import { createElement as h, type ReactElement } from 'react';
import type { Level } from '../contract/rows.ts';

/** Shape and letter of a level, so that it never rests on colour alone. In a 14 px box. */
const MARKS: Readonly<Record<Level, { readonly letter: string; readonly points: string; readonly baseline: number }>> =
  {
    critical: {
      letter: 'C',
      points: '4.4,.5 9.6,.5 13.5,4.4 13.5,9.6 9.6,13.5 4.4,13.5 .5,9.6 .5,4.4',
      baseline: 10,
    },
    high: { letter: 'H', points: '7,.4 13.8,13.2 .2,13.2', baseline: 11.9 },
    medium: { letter: 'M', points: '7,0 14,7 7,14 0,7', baseline: 9.9 },
    low: { letter: 'L', points: '', baseline: 9.9 },
    informational: { letter: 'I', points: '', baseline: 9.9 },
  };

/** CSS names of the colours of each level. */
export const LEVEL_FILL: Readonly<Record<Level, string>> = {
  critical: 'var(--sev-critical)',
  high: 'var(--sev-high)',
  medium: 'var(--sev-medium)',
  low: 'var(--sev-low)',
  informational: 'var(--sev-info)',
};

const LETTER_FILL: Readonly<Record<Level, string>> = {
  critical: 'var(--on-critical)',
  high: 'var(--on-high)',
  medium: 'var(--on-medium)',
  low: 'var(--on-low)',
  informational: 'var(--text)',
};

/** The drawing of a level in a 14 px box; `text` replaces the letter (the count of a cluster). */
export function severityShape(level: Level, text?: string): ReactElement {
  const mark = MARKS[level];
  const label = text ?? mark.letter;
  const size = label.length > 2 ? 5.6 : label.length > 1 ? 7 : level === 'critical' ? 8.5 : 7.6;
  return h(
    'g',
    null,
    shape(level, mark.points),
    h(
      'text',
      {
        x: 7,
        y: level === 'high' && label.length > 1 ? 11.6 : mark.baseline,
        textAnchor: 'middle',
        style: { font: `700 ${size}px var(--sans)`, fill: LETTER_FILL[level] },
      },
      label,
    ),
  );
}

function shape(level: Level, points: string): ReactElement {
  const fill = LEVEL_FILL[level];
  if (level === 'low') return h('circle', { cx: 7, cy: 7, r: 6.7, style: { fill } });
  if (level !== 'informational') return h('polygon', { points, style: { fill } });
  return h('rect', {
    x: 1.2,
    y: 1.2,
    width: 11.6,
    height: 11.6,
    style: { fill: 'var(--surface)', stroke: fill, strokeWidth: 1.6 },
  });
}
