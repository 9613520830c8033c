import type { Evidence, LogGap } from '../../contract/rows.ts';
import { formatTime, parseTime } from '../../event/time.ts';
import { lengthText } from './length.ts';

/** `audit-2026-11-11T12-57-56.008.log.zst`: the API server names a file after the time at which it ended it. */
const DATED = /-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d(?:\.\d{1,6})?)(?:\.[A-Za-z][\w.]*)?$/;
/** `audit.log.2.gz`: logrotate counts the files back. */
const NUMBERED = /^(.*?)\.(\d{1,4})((?:\.[A-Za-z]\w*)*)$/;
/** A file whose last event lies longer before the end that its name tells has lost its tail. */
const LEAST_TAIL_US = 10 * 60_000_000;
/** Missing numbers that are named. */
const MOST_NAMED = 10;

/** Files that are missing in a sequence of rotations, and files that end before their names say. */
export function rotationGaps(ledger: readonly Evidence[]): LogGap[] {
  const members = ledger.filter((line) => line.format !== null);
  return [...members.flatMap(lostTail), ...missingNumbers(members)];
}

function lostTail({ path, lastTime, server, cluster }: Evidence): LogGap[] {
  const match = DATED.exec(path);
  const last = parseTime(lastTime);
  if (match === null || last === null) return [];
  const ended = parseTime(`${match[1]}${match[2]}:${match[3]}:${match[4]}Z`);
  if (ended === null || ended - last < LEAST_TAIL_US) return [];
  const reason = `its name says that it was ended ${lengthText(ended - last)} after its last event: its tail is missing, or it was named by another clock`;
  return [{ kind: 'rotation', from: formatTime(last), to: formatTime(ended), reason, server, cluster, paths: [path] }];
}

interface Numbered {
  readonly number: number;
  readonly line: Evidence;
}

/** Numbers count from the newest; compressed and plain files of one stem are one sequence. */
function missingNumbers(members: readonly Evidence[]): LogGap[] {
  const numbered = members.flatMap((line): (Numbered & { stem: string })[] => {
    const match = NUMBERED.exec(line.path);
    return match === null ? [] : [{ stem: match[1] as string, number: Number(match[2]), line }];
  });
  return [...Map.groupBy(numbered, ({ stem }) => stem)].flatMap(([stem, files]) => missingIn(stem, files));
}

function missingIn(stem: string, files: readonly Numbered[]): LogGap[] {
  const byNumber = new Map(files.map((file) => [file.number, file.line]));
  const numbers = [...byNumber.keys()].sort((a, b) => a - b);
  const [least = 0, most = 0] = [numbers[0], numbers.at(-1)];
  // Years and the like are no sequence.
  if (numbers.length < 2 || most > 1000) return [];
  const missing: number[] = [];
  for (let number = Math.min(least, 1); number < most; number++)
    if (number > 0 && !byNumber.has(number)) missing.push(number);
  if (missing.length === 0) return [];
  const older = byNumber.get(numbers.find((number) => number > (missing[0] as number)) ?? most) as Evidence;
  const newer = byNumber.get(numbers.findLast((number) => number < (missing[0] as number)) ?? -1);
  const names = missing.slice(0, MOST_NAMED).map((number) => `${stem.split('/').at(-1)}.${number}`);
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  const reason = `${names.join(', ')}${more} missing in a sequence of rotated files that goes to ${most}`;
  const { server, cluster } = older;
  const times = { from: older.lastTime ?? '', to: newer?.firstTime ?? '' };
  return [{ kind: 'rotation', ...times, reason, server, cluster, paths: [older.path] }];
}
