import type { ReactNode } from 'react';
import type { EventLine } from '../../../core/contract/event-calls.ts';
import type { Preview, Share } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { count, counted } from '../../words/number.ts';
import { shortTime } from './time.ts';

/** What the rule finds in this case, while it is written. */
export function PreviewPanel({
  preview,
  isStale,
  chosen,
  onChoose,
}: {
  readonly preview: Preview | null;
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
  const more = preview.isExact ? '' : ' or more';
  const alerts = preview.alerts === null ? '' : `, ${counted(preview.alerts, 'alert')}`;
  return (
    <section className="sec" aria-label="Preview" aria-busy={isStale}>
      <h2>
        Preview
        <small className="sp t2">
          {preview.ms} ms, read {count(preview.read)} of {count(preview.ofEvents)}
        </small>
      </h2>
      <p className="studio-count" role="status">
        <b>
          {counted(preview.events, 'event')}
          {more}
        </b>
        {alerts}
        {isStale ? <span className="t3"> …</span> : null}
      </p>
      <Bars bars={preview.bars} />
      <ul className="studio-events" aria-label="First matches">
        {preview.first.map((event) => (
          <li key={event.id}>
            <button type="button" aria-pressed={event.id === chosen} onClick={() => onChoose(event)}>
              <span className="mono t2">{shortTime(event.time)}</span>{' '}
              <EvidenceText>{event.summary || `${event.user} ${event.verb} ${event.resource ?? ''}`}</EvidenceText>
              <Matched preview={preview} event={event.id} />
            </button>
          </li>
        ))}
      </ul>
      <Shares title="By identity" shares={preview.identities} />
      <Shares title="By object" shares={preview.objects} />
    </section>
  );
}

function Matched({ preview, event }: { readonly preview: Preview; readonly event: number }): ReactNode {
  const fields = preview.matched.filter((match) => match.event === event);
  return fields.length === 0 ? null : (
    <span className="studio-matched t2">
      {fields.map(({ field, value }) => (
        <mark key={`${field} ${value}`}>
          <EvidenceText>{`${field} = ${value}`}</EvidenceText>
        </mark>
      ))}
    </span>
  );
}

function Bars({ bars }: { readonly bars: readonly number[] }): ReactNode {
  const most = Math.max(1, ...bars);
  return (
    <svg className="studio-bars" viewBox={`0 0 ${bars.length} 24`} preserveAspectRatio="none" aria-hidden="true">
      {bars.map((events, index) => {
        const height = events === 0 ? 0 : Math.max(1, (events / most) * 24);
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        return <rect key={index} x={index} y={24 - height} width={0.8} height={height} />;
      })}
    </svg>
  );
}

function Shares({ title, shares }: { readonly title: string; readonly shares: readonly Share[] }): ReactNode {
  if (shares.length === 0) return null;
  return (
    <p className="t2">
      {title}:{' '}
      {shares.map(({ name, events }, index) => (
        <span key={name}>
          {index === 0 ? '' : ', '}
          <EvidenceText>{name === '' ? 'nobody' : name}</EvidenceText> {count(events)}
        </span>
      ))}
    </p>
  );
}
