import type { ReactNode } from 'react';

/** Line drawings in a 16 px box. */
const PATHS = {
  overview: 'M2.5 2.5h5v6h-5zM9.5 2.5h4v3h-4zM9.5 7.5h4v6h-4zM2.5 10.5h5v3h-5z',
  evidence: 'M2 3h12v3H2zM3 6v7h10V6M6.2 8.7h3.6',
  timeline: 'M2 3.5h6M5 8h7M9 12.5h5M2 8h1M2 12.5h4',
  alerts: 'M8 2.2 14.3 13.3H1.7zM8 6.4v3.4M8 11.4v.4',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4 14 14',
  entities:
    'M8 2.2a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8zM3.4 10a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8zM12.6 10a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8zM7.1 5.8 4.4 10M8.9 5.8l2.7 4.2M5.3 11.9h5.4',
  rules: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4',
  report: 'M4 1.8h5.5L12.5 5v9.2H4zM9.3 2v3.2h3M6 8h4.5M6 10.6h4.5',
  settings: 'M3 4.5h6M12 4.5h1M3 11.5h1M7 11.5h6M10.5 2.7v3.6M5.5 9.7v3.6',
  clock: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 4.8V8l2.3 1.6',
  reset: 'M5.5 3 2.5 6l3 3M2.5 6h7a3.5 3.5 0 0 1 0 7H6',
  person: 'M8 2.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2zM3 13.7c.4-2.7 2.3-4.2 5-4.2s4.600 1.500 5 4.200',
  caret: 'M4.5 6.5 8 10l3.5-3.5',
  right: 'M6.5 4.5 10 8l-3.500 3.500',
  left: 'M9.500 4.500 6 8l3.500 3.500',
  play: 'M5 3l8 5-8 5z',
  note: 'M3 2.500h10v8H8.500L5.500 13.300V10.500H3z',
  star: 'M8 1.900l1.900 3.900 4.200.6-3 3 .7 4.300L8 11.600l-3.800 2.100.7-4.300-3-3 4.200-.6z',
  tag: 'M2.500 2.500h5l6 6-5 5-6-6zM5.300 5.300h.1',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  pivot: 'M5 11 11 5M6.500 5H11v4.500',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  download: 'M8 2.500v8M4.500 7.500 8 11l3.500-3.500M3 13.500h10',
  upload: 'M8 11V3M4.500 6.500 8 3l3.500 3.500M3 13.500h10',
  flag: 'M4 14V2.500h8l-2 3 2 3H4',
  columns: 'M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10',
  lock: 'M4 7.500h8v6H4zM5.500 7.500V5.300a2.500 2.500 0 0 1 5 0v2.200',
  file: 'M4 1.800h5.500L12.500 5v9.200H4zM9.300 2v3.200h3',
  bulb: 'M8 2a4 4 0 0 1 2.300 7.300V11H5.700V9.300A4 4 0 0 1 8 2zM6.300 13.500h3.400',
  pencil: 'M3 13l.6-2.800L11 2.800l2.200 2.200-7.400 7.400z',
  menu: 'M3 8h.1M8 8h.1M13 8h.1',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word; on its own its button carries the name. */
export function Icon({
  name,
  size = 14,
  isFilled = false,
}: {
  readonly name: IconName;
  readonly size?: number;
  readonly isFilled?: boolean;
}): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={isFilled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
