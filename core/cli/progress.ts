import type { Progress } from '../contract/rows.ts';
import { visible } from '../text.ts';
import { shortened } from './table.ts';
import { count, duration, size } from './words.ts';

/** A stream that progress is told on. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells progress while a long call runs. */
export interface ProgressTeller {
  report(progress: Progress): void;
  /** Takes the bar away, so that something else can be written. */
  clear(): void;
}

const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5000;
const BAR_CELLS = 20;

/** A bar on a terminal, a plain line every five seconds elsewhere, nothing where quiet is asked for. */
export function progressTeller(
  stream: ProgressStream,
  isQuiet: boolean,
  now = () => performance.now(),
): ProgressTeller {
  if (isQuiet) return { report: () => {}, clear: () => {} };
  return stream.isTTY ? bar(stream, now) : lines(stream, now);
}

function bar(stream: ProgressStream, now: () => number): ProgressTeller {
  let last = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    report(progress) {
      if (now() - last < BAR_EVERY_MS) return;
      last = now();
      isShown = true;
      stream.write(`\r${shortened(barText(progress), (stream.columns || 80) - 1)}\x1b[K`);
    },
    clear() {
      if (isShown) stream.write('\r\x1b[K');
      isShown = false;
    },
  };
}

function lines(stream: ProgressStream, now: () => number): ProgressTeller {
  let last = now();
  return {
    report(progress) {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      stream.write(`${progress.phase}: ${facts(progress).join(', ')}\n`);
    },
    clear() {},
  };
}

function barText(progress: Progress): string {
  const share = progress.totalBytes > 0 ? Math.min(1, progress.bytes / progress.totalBytes) : 0;
  const filled = Math.round(share * BAR_CELLS);
  const drawn = `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]`;
  return `${progress.phase} ${drawn} ${Math.floor(share * 100)} %  ${facts(progress).join('  ')}`;
}

function facts({ bytes, totalBytes, events, eventsPerSecond, secondsLeft, file }: Progress): string[] {
  return [
    ...(totalBytes > 0 ? [`${size(bytes)} of ${size(totalBytes)}`] : []),
    `${count(events)} events`,
    `${count(Math.round(eventsPerSecond))}/s`,
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft * 1000)} left`]),
    ...(file === null ? [] : [visible(file)]),
  ];
}
