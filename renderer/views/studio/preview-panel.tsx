import type { ReactNode } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { EventLine } from '../../../core/contract/event-calls.ts';
import type { TimeRange } from '../../../core/contract/scope.ts';
import type { Preview, Share } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { objectText, shortUser } from '../../words/identity.ts';
import { count } from '../../words/number.ts';
import { clock, DAY_US, day, dayAndTime } from '../../words/time.ts';

/** What the rule finds in this case, while it is written. */
export function PreviewPanel({
  preview,
  isCounting,
  isStale,
  chosen,
  onChoose,
}: {
  readonly preview: Preview | null;
  /** Whether the number of events is not that of the text as it stands. */
  readonly isCounting: boolean;
  /** Whether anything is not, the number of alerts too. */
  readonly isStale: boolean;
  readonly chosen: number | null;
  onChoose(event: EventLine): void;
}): ReactNode {
  if (preview === null) return <p className="t3 pad">looking…</p>;
  if (preview.problems.some(({ severity }) => severity === 'error')) {
    return (
      <section className="sec" aria-label="Preview">
        <h2>Preview</h2>
        <p className="t2">Nothing is looked for while the text has errors.</p>
      </section>
    );
  }
  const { isExact, ms, read, ofEvents } = preview;
  return (
    <section className="sec" aria-label="Preview" aria-busy={isStale}>
      <h2>
        Preview{' '}
        <small className="t2">
          {isExact ? 'exact' : 'a beginning'}, {ms} ms, read {count(read)} of {count(ofEvents)}{' '}
        </small>
        <span className="sp" />
        <small className={isStale ? 't3' : 'studio-live'}>
          {isCounting ? 'looking…' : isStale ? 'joining alerts…' : 'live'}
        </small>
      </h2>
      <div className="studio-found">
        <p className="studio-count" role="status">
          <Figure number={preview.events} noun="event" more={isExact ? '' : ' or more'} />{' '}
          {preview.alerts === null ? null : <Figure number={preview.alerts} noun="alert" more="" />}
        </p>
        <Bars bars={preview.bars} range={preview.range} />
      </div>
      <ul className="studio-events" aria-label="First matches">
        {preview.first.map((event) => (
          <li key={event.id}>
            <Match
              event={event}
              fields={preview.matched.filter((match) => match.event === event.id)}
              isChosen={event.id === chosen}
              onChoose={onChoose}
            />
          </li>
        ))}
      </ul>
      <div className="studio-shares">
        <Shares title="By identity" shares={preview.identities} of={preview.events} />
        <Shares title="By object" shares={preview.objects} of={preview.events} />
      </div>
    </section>
  );
}

function Figure({
  number,
  noun,
  more,
}: {
  readonly number: number;
  readonly noun: string;
  readonly more: string;
}): ReactNode {
  return (
    <span>
      <b>{count(number)}</b> {number === 1 ? noun : `${noun}s`}
      {more}
    </span>
  );
}

/** A line of what happened and one of the fields that made it match; chosen, both whole. */
function Match({
  event,
  fields,
  isChosen,
  onChoose,
}: {
  readonly event: EventLine;
  readonly fields: Preview['matched'];
  readonly isChosen: boolean;
  onChoose(event: EventLine): void;
}): ReactNode {
  return (
    <button type="button" aria-pressed={isChosen} onClick={() => onChoose(event)}>
      <span className="mono t2">{event.time === null ? 'no time' : dayAndTime(event.time)}</span>
      <span className="studio-deed">
        {isChosen && event.summary !== '' ? (
          <EvidenceText>{event.summary}</EvidenceText>
        ) : (
          <>
            <EvidenceText>{event.user === '' ? 'nobody' : shortUser(event.user)}</EvidenceText>{' '}
            <span className="t2">{event.verb}</span> <EvidenceText>{objectText(event)}</EvidenceText>
          </>
        )}
      </span>
      {fields.length === 0 ? null : (
        <span className="studio-matched t2">
          {fields.map(({ field, value }) => (
            <mark key={`${field} ${value}`}>
              <EvidenceText>{`${field} = ${value}`}</EvidenceText>
            </mark>
          ))}
        </span>
      )}
    </button>
  );
}

const BARS_HIGH = 28;

function Bars({ bars, range }: { readonly bars: readonly number[]; readonly range: TimeRange | null }): ReactNode {
  const most = Math.max(1, ...bars);
  return (
    <div className="studio-when">
      <svg
        className="studio-bars"
        viewBox={`0 0 ${bars.length} ${BARS_HIGH}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path
          d={bars
            .map((events, place) => barPath(place, events === 0 ? 0 : Math.max(2, (events / most) * BARS_HIGH)))
            .join('')}
        />
      </svg>
      {range === null ? null : (
        <p className="studio-ends t3">
          <span>{ends(range, range.from)}</span>
          <span>{ends(range, range.to)}</span>
        </p>
      )}
    </div>
  );
}

const barPath = (place: number, height: number): string =>
  height === 0 ? '' : `M${place} ${BARS_HIGH}v${-height}h.8v${height}z`;

/** An end of the range as exactly as its length wants it. */
const ends = ({ from, to }: TimeRange, time: number): string =>
  to - from > 2 * DAY_US ? day(time) : `${day(time)} ${clock(time)}`;

function Shares({
  title,
  shares,
  of,
}: {
  readonly title: string;
  readonly shares: readonly Share[];
  readonly of: number;
}): ReactNode {
  if (shares.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {shares.map(({ name, events }) => (
          <li key={name} title={visibleText(name)}>
            <span className="studio-share" style={{ width: `${(100 * events) / Math.max(1, of)}%` }} />
            <span className="studio-name">
              <EvidenceText>{name === '' ? 'nobody' : name}</EvidenceText>
            </span>
            <span className="t2">{count(events)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
