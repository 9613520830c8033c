import { Popover } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { TimeRange } from '../../core/contract/scope.ts';
import { useCase } from '../calls/use-call.ts';
import { Kbd } from '../keys/kbd.tsx';
import { useKeys } from '../keys/key-listener.ts';
import { Icon } from '../parts/icon.tsx';
import { usePlace } from '../place.ts';
import { DAY_US, duration, HOUR_US, MINUTE_US, microseconds, range as rangeText, rfc3339 } from '../words/time.ts';

/** The time range of every view: always in sight, always UTC, and one press from the whole case. */
export function RangeField(): ReactNode {
  const { range, setRange } = usePlace();
  const span = useCase()?.span ?? null;
  const [isOpen, setOpen] = useState(false);
  const shown = range ?? span;
  useKeys({
    'range.reset': () => {
      if (range === null) return false;
      setRange(null);
    },
  });
  return (
    <>
      <Popover
        unstyled
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        trapFocus
        returnFocus
        classNames={{ dropdown: 'over pop' }}
      >
        <Popover.Target>
          <button type="button" className="field range" onClick={() => setOpen(!isOpen)} title="Time range">
            <Icon name="clock" />
            {shown === null ? (
              <span className="t3">No time range</span>
            ) : (
              <span className="clip tn">
                {rangeText(shown.from, shown.to)} <span className="t3">UTC · {duration(shown.to - shown.from)}</span>
              </span>
            )}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Choose a time range">
          {span === null ? (
            <p className="t2">There is no time range before evidence has been read.</p>
          ) : (
            <RangeForm
              span={span}
              range={range ?? span}
              onPick={(next) => {
                setRange(next);
                setOpen(false);
              }}
            />
          )}
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className="btn"
        disabled={range === null}
        onClick={() => setRange(null)}
        title="Reset the time range to the whole case"
      >
        <Icon name="reset" size={13} />
        <span className="wide">Reset</span>
        <span className="vh">the time range</span> <Kbd of="range.reset" />
      </button>
    </>
  );
}

const LAST: readonly (readonly [string, number])[] = [
  ['Last 15 minutes', 15 * MINUTE_US],
  ['Last hour', HOUR_US],
  ['Last 6 hours', 6 * HOUR_US],
  ['Last day', DAY_US],
  ['Last 7 days', 7 * DAY_US],
];

function RangeForm({
  span,
  range,
  onPick,
}: {
  readonly span: TimeRange;
  readonly range: TimeRange;
  onPick(range: TimeRange | null): void;
}): ReactNode {
  const [from, setFrom] = useState(field(range.from));
  const [to, setTo] = useState(field(range.to));
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const next = { from: parsed(from), to: parsed(to) };
    if (Number.isNaN(next.from) || Number.isNaN(next.to)) setFault('Write a time like 2026-03-09 01:38:15, in UTC.');
    else if (next.from > next.to) setFault('The range ends before it begins.');
    else onPick(next);
  };
  return (
    <form onSubmit={submit} className="range-form">
      <label>
        <span>From (UTC)</span>
        <input
          className="field mono"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
          aria-invalid={fault !== null}
        />
      </label>
      <label>
        <span>To (UTC)</span>
        <input
          className="field mono"
          value={to}
          onChange={(event) => setTo(event.target.value)}
          aria-invalid={fault !== null}
        />
      </label>
      {fault === null ? null : (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <div className="row">
        <button type="submit" className="btn primary">
          Show this range
        </button>
        <button type="button" className="btn" onClick={() => onPick(null)}>
          Whole case
        </button>
      </div>
      <div className="range-last">
        {LAST.filter(([, length]) => length < span.to - span.from).map(([title, length]) => (
          <button
            key={title}
            type="button"
            className="btn quiet"
            onClick={() => onPick({ from: span.to - length, to: span.to })}
          >
            {title} of the log
          </button>
        ))}
      </div>
    </form>
  );
}

function field(us: number): string {
  return rfc3339(us)
    .replace('T', ' ')
    .replace(/(\.0+)?Z$/, '')
    .replace(/Z$/, '');
}

function parsed(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,6})?)?\s*(?:Z|UTC)?$/i.exec(text.trim());
  if (match === null) return Number.NaN;
  return microseconds(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? ':00'}${match[4] ?? ''}Z`);
}
