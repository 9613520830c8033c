import { type ReactNode, useState } from 'react';
import type { AlertDetail } from '../../../core/contract/alert-calls.ts';
import type { EventDetail, EventLine } from '../../../core/contract/event-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { EventTable } from '../../parts/event-table.tsx';
import { Answered } from '../../parts/state.tsx';
import { Segments } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { count } from '../../words/number.ts';
import { EventBodies } from '../event/event-bodies.tsx';
import { EventPlaces, rangeAround } from '../event/event-panel.tsx';

/** Proving events with what was before and after, the first of them marked in JSON, and where its bytes lie. */
export function AlertProof({ data }: { readonly data: AlertDetail }): ReactNode {
  const place = usePlace();
  const [chosen, setChosen] = useState<number | null>(null);
  const [shows, setShows] = useState<'around' | 'proof'>('around');
  const first = data.proof.rows[0];
  const proving = new Set(data.proof.rows.map((line) => line.id));
  const rows = shows === 'proof' ? data.proof.rows : merged(data);
  const shown = chosen ?? first?.id ?? null;
  const detail = useCall('events/detail', { id: shown ?? 0 }, { isOn: shown !== null, keeps: true });
  const around = (minutes: number): void => {
    if (first === undefined || first.time === null) return;
    place.go('timeline', { event: first.id, ...rangeAround(first.time, minutes) });
  };
  return (
    <>
      <section className="sec">
        <h2>
          Proof, and what was before and after
          <span className="sp" />
          <Segments
            label="Rows"
            value={shows}
            options={[
              ['around', 'Around'],
              ['proof', `Proof ${count(data.line.eventCount)}`],
            ]}
            onChange={setShows}
          />
        </h2>
        <EventTable
          label="Proving events"
          rows={rows}
          chosen={shown}
          note={(line) => (proving.has(line.id) ? <span className="marked">proof</span> : null)}
          onChoose={(line) => setChosen(line.id)}
          onOpen={(line) => place.set({ event: line.id })}
        />
        {data.proof.next === null || shows === 'around' ? null : (
          <p className="t3">
            The first {count(data.proof.rows.length)} are shown. All are one hunt away: see the next steps.
          </p>
        )}
        <div className="row" style={{ marginTop: 6 }}>
          <span className="t3">On the timeline:</span>
          <span className="seg">
            <button type="button" className="btn" onClick={() => around(1)}>
              ± 1 min
            </button>
            <button type="button" className="btn" onClick={() => around(5)}>
              ± 5 min
            </button>
            <button type="button" className="btn" onClick={() => around(60)}>
              ± 1 h
            </button>
          </span>
        </div>
      </section>
      {shown === null ? null : (
        <Answered call={detail} rows={6}>
          {(event) => (
            <>
              <EventBodies key={event.line.id} detail={marking(event, data)} />
              <EventPlaces detail={event} />
            </>
          )}
        </Answered>
      )}
    </>
  );
}

/** Only what made this alert fire is marked here. */
function marking(event: EventDetail, data: AlertDetail): EventDetail {
  return { ...event, matched: event.matched.filter((match) => match.alert === data.line.id) };
}

function merged(data: AlertDetail): readonly EventLine[] {
  const proof = data.proof.rows.slice(0, 8);
  const known = new Set<number>();
  return [...data.before.slice(-5), ...proof, ...data.after.slice(0, 5)]
    .filter((line) => !known.has(line.id) && known.add(line.id) !== undefined)
    .sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || a.id - b.id);
}
