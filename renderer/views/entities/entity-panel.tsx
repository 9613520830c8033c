import type { ReactNode } from 'react';
import { HEAT_TOP, heatMap } from '../../../core/chart/heat-map.ts';
import { timeAxis } from '../../../core/chart/histogram.ts';
import { laneChart } from '../../../core/chart/lane.ts';
import type { EntityDetail } from '../../../core/contract/entity-calls.ts';
import type { EntityRef } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { MarkList, useMarkBar } from '../../marks/mark-bar.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EventTable } from '../../parts/event-table.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { entitySearch, usePlace } from '../../place.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { DAY_US, dayAndTime } from '../../words/time.ts';
import { EventPanel } from '../event/event-panel.tsx';
import { DAYS } from '../timeline/heat.tsx';
import { AccessTable } from './access-table.tsx';
import { ObjectHistory } from './object-history.tsx';
import { RelationsPane } from './relations.tsx';
import { SessionCards } from './sessions.tsx';

/** One entity: when, how, what stands out, with whom, and what it opened. */
export function EntityPanel({ entity }: { readonly entity: EntityRef }): ReactNode {
  const place = usePlace();
  const { search, range, set } = place;
  const inRange = range === null ? {} : { range };
  const detail = useCall('entities/detail', { entity, ...inRange }, { keeps: true });
  const back = (): void => set({ entity: undefined, event: undefined });
  useKeys({
    close: () => {
      if (search.event !== undefined) return false;
      back();
    },
  });
  return (
    <div className="ent">
      <div className="pane-scroll">
        <Answered call={detail} rows={10}>
          {(data) => <Detail key={`${data.line.entity.kind} ${data.line.entity.name}`} data={data} onBack={back} />}
        </Answered>
      </div>
      {search.event === undefined ? (
        <aside className="pane-scroll ent-side" aria-label="Relations and shells">
          <RelationsPane entity={entity} />
          <SessionCards entity={entity} condition={detail.data?.condition ?? null} />
          <MarkList target={{ kind: 'entity', entity }} />
        </aside>
      ) : (
        <Dock label="Event" onClose={() => set({ event: undefined })}>
          <EventPanel id={search.event} onClose={() => set({ event: undefined })} />
        </Dock>
      )}
    </div>
  );
}

function Detail({ data, onBack }: { readonly data: EntityDetail; onBack(): void }): ReactNode {
  const place = usePlace();
  const { line } = data;
  const { buttons, editor } = useMarkBar({
    target: { kind: 'entity', entity: line.entity },
    what: shortUser(line.entity.name),
    marks: line.marks,
    hasKeys: true,
  });
  return (
    <>
      <div className="head panel-head">
        <button type="button" className="btn quiet" onClick={onBack}>
          <Icon name="left" size={12} /> All
        </button>
        <h2 className="clip">
          <b>
            <EvidenceText>
              {line.entity.kind === 'serviceaccount' ? shortUser(line.entity.name) : line.title}
            </EvidenceText>
          </b>
        </h2>
        <span className="chip">{line.entity.kind === 'serviceaccount' ? 'service account' : line.entity.kind}</span>
        {line.alerts === 0 ? null : (
          <button type="button" className="chip on" onClick={() => place.go('alerts', entitySearch(line.entity))}>
            {line.alertLevel === null ? null : <SeverityMark level={line.alertLevel} size={12} />}
            {counted(line.alerts, 'alert')}
          </button>
        )}
        <span className="grow" />
        {buttons}
        <CopyButton text={line.entity.name} what="Name" />
        <button type="button" className="btn" onClick={() => place.go('timeline', { q: data.condition })}>
          <Icon name="timeline" size={13} />
          <span className="wide">Timeline</span>
        </button>
        <button type="button" className="btn" onClick={() => place.go('hunt', { q: data.condition })}>
          <Icon name="search" size={13} />
          {count(line.events)} events
        </button>
      </div>
      {editor}
      {line.title === line.entity.name && line.entity.kind !== 'serviceaccount' ? null : (
        <p className="mono t2 pad breaks">
          <EvidenceText>{line.entity.name}</EvidenceText>
        </p>
      )}
      <div className="sec facts tn">
        <Fact value={line.firstSeen === null ? '–' : dayAndTime(line.firstSeen)} title="first seen" />
        <Fact value={line.lastSeen === null ? '–' : dayAndTime(line.lastSeen)} title="last seen" />
        <Fact value={count(line.events)} title="events" />
        <Fact value={count(line.writes)} title="writes" />
        <Fact value={count(line.denied)} title="denied" />
      </div>
      <Rhythm data={data} />
      <Unusual data={data} />
      <Uses data={data} />
      {line.entity.kind === 'user' || line.entity.kind === 'serviceaccount' ? (
        <AccessTable entity={line.entity} />
      ) : null}
      {line.entity.kind === 'object' ? <ObjectHistory object={line.entity.name} /> : null}
      {data.alsoKnownAs.length === 0 ? null : (
        <section className="sec">
          <h2>Also seen as</h2>
          {data.alsoKnownAs.map((other) => (
            <p key={`${other.entity.kind} ${other.entity.name}`}>
              <button type="button" className="link" onClick={() => place.go('entities', entitySearch(other.entity))}>
                <EvidenceText>{shortUser(other.entity.name)}</EvidenceText>
              </button>{' '}
              <span className="t2">
                {other.sureness}: <EvidenceText>{other.why}</EvidenceText>
              </span>
            </p>
          ))}
        </section>
      )}
      {data.firstEvents.length === 0 ? null : (
        <section className="sec">
          <h2>First events</h2>
          <EventTable label="First events" rows={data.firstEvents} onOpen={(event) => place.set({ event: event.id })} />
        </section>
      )}
    </>
  );
}

function Fact({ value, title }: { readonly value: string; readonly title: string }): ReactNode {
  return (
    <div>
      <b>{value}</b>
      <span>{title}</span>
    </div>
  );
}

function Rhythm({ data }: { readonly data: EntityDetail }): ReactNode {
  const [ref, width] = useWidth<HTMLDivElement>();
  const rows = data.rhythm.cells.map((counts, index) => ({ label: (DAYS[index] ?? '').slice(0, 3), counts }));
  const days = {
    from: data.days.from,
    to: data.days.from + data.days.counts.length * DAY_US,
    width: Math.max(1, width - 74),
  };
  return (
    <section className="sec" aria-label="Rhythm">
      <h2>
        Rhythm <small>events by weekday and hour (UTC), stronger is more, square root scale</small>
      </h2>
      <div ref={ref}>
        {width === 0 ? null : (
          <>
            <svg
              width={width}
              height={HEAT_TOP + rows.length * 17}
              role="img"
              aria-label={`Events by weekday and hour; at most ${counted(data.rhythm.most, 'event')} in one hour of the week`}
            >
              {heatMap(rows, {
                width,
                rowHeight: 17,
                title: (row, column, events) =>
                  `${DAYS[row]} ${String(column).padStart(2, '0')}:00, ${counted(events, 'event')}`,
              })}
            </svg>
            {data.days.counts.length < 2 ? null : (
              <svg
                width={width}
                height={56}
                role="img"
                aria-label={`Events a day over ${counted(data.days.counts.length, 'day')}`}
              >
                <g transform="translate(74 8)">
                  {laneChart({ start: data.days.from, binUs: DAY_US, counts: data.days.counts, denied: [] }, days, 28)}
                  {timeAxis(days, 28)}
                </g>
              </svg>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Unusual({ data }: { readonly data: EntityDetail }): ReactNode {
  const place = usePlace();
  return (
    <section className="sec" aria-label="Unusual">
      <h2>Unusual</h2>
      {data.unusual.length === 0 ? (
        <p className="t2">Nothing about it stands out against its own history in this log.</p>
      ) : null}
      <ul>
        {data.unusual.map((each) => (
          <li key={`${each.text} ${each.event}`} className="unusual">
            {each.alert !== null || each.event !== null ? (
              <button
                type="button"
                className="link"
                onClick={() =>
                  each.alert !== null
                    ? place.go('alerts', { alert: each.alert })
                    : place.set({ event: each.event ?? undefined })
                }
              >
                <EvidenceText>{each.text}</EvidenceText>
              </button>
            ) : (
              <EvidenceText>{each.text}</EvidenceText>
            )}{' '}
            <span className="t3">
              <EvidenceText>{each.usual}</EvidenceText>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Uses({ data }: { readonly data: EntityDetail }): ReactNode {
  const { go } = usePlace();
  if (data.uses.length === 0) return null;
  return (
    <section className="sec uses" aria-label="What it uses">
      {data.uses
        .filter((use) => use.values.length > 0)
        .map((use) => (
          <div key={use.field}>
            <h3>
              {use.title} <small className="t3">{counted(use.values.length + use.others, 'value')}</small>
            </h3>
            {use.values.slice(0, 6).map((value) => (
              <button
                key={value.condition}
                type="button"
                className="use"
                onClick={() => go('hunt', { q: `${data.condition} and ${value.condition}` })}
              >
                <span className="clip grow">
                  <EvidenceText>{use.field === 'user' ? shortUser(value.text) : value.text}</EvidenceText>
                </span>
                <span className="t2 tn">{count(value.count)}</span>
              </button>
            ))}
          </div>
        ))}
    </section>
  );
}
