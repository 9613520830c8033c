import { type ReactNode, useMemo, useState } from 'react';
import type { EventDetail } from '../../../core/contract/event-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { DiffView } from '../../json/diff-view.tsx';
import { JsonView } from '../../json/json-view.tsx';
import { parseExact } from '../../json/parse-exact.ts';
import { Answered, Empty } from '../../parts/state.tsx';
import { Segments } from '../../parts/view-head.tsx';
import { clockMicroseconds, day } from '../../words/time.ts';
import { RawBytes } from './raw-bytes.tsx';

type Tab = 'request' | 'response' | 'both' | 'diff' | 'previous' | 'event' | 'raw';

/** Bodies side by side or as a difference, the event as JSON, and its bytes. */
export function EventBodies({ detail }: { readonly detail: EventDetail }): ReactNode {
  const hasRequest = detail.requestObject !== null;
  const hasResponse = detail.responseObject !== null;
  const options: (readonly [Tab, string])[] = [
    ...(hasRequest ? ([['request', 'Request']] as const) : []),
    ...(hasResponse ? ([['response', 'Response']] as const) : []),
    ...(hasRequest && hasResponse
      ? ([
          ['both', 'Both'],
          ['diff', 'Diff'],
        ] as const)
      : []),
    ...(hasRequest || hasResponse ? ([['previous', 'Previous']] as const) : []),
    ['event', 'Event'],
    ['raw', 'Raw'],
  ];
  const [tab, setTab] = useState<Tab>(options[0]?.[0] ?? 'event');
  return (
    <section className="sec">
      <h2>
        Body <small>{hasRequest || hasResponse ? '' : `not recorded at level ${detail.line.level}`}</small>
        <span className="sp" />
        <Segments label="Body" value={tab} options={options} onChange={setTab} />
      </h2>
      <Shown tab={tab} detail={detail} />
    </section>
  );
}

function Shown({ tab, detail }: { readonly tab: Tab; readonly detail: EventDetail }): ReactNode {
  switch (tab) {
    case 'request':
      return <Body text={detail.requestObject} prefix="requestObject" detail={detail} />;
    case 'response':
      return <Body text={detail.responseObject} prefix="responseObject" detail={detail} />;
    case 'both':
      return (
        <div className="side-by-side">
          <div>
            <h3 className="t3">Request</h3>
            <Body text={detail.requestObject} prefix="requestObject" detail={detail} />
          </div>
          <div>
            <h3 className="t3">Response</h3>
            <Body text={detail.responseObject} prefix="responseObject" detail={detail} />
          </div>
        </div>
      );
    case 'diff':
      return <DiffView before={detail.requestObject} after={detail.responseObject} names={['request', 'response']} />;
    case 'previous':
      return <AgainstPrevious detail={detail} />;
    case 'event':
      return (
        <>
          {detail.isJsonCut ? (
            <p className="t2">Only the first part of this event is shown; the raw bytes hold all of it.</p>
          ) : null}
          <Body text={detail.json} prefix="" detail={detail} />
        </>
      );
    case 'raw':
      return <RawBytes id={detail.line.id} />;
  }
}

function Body({
  text,
  prefix,
  detail,
}: {
  readonly text: string | null;
  readonly prefix: string;
  readonly detail: EventDetail;
}): ReactNode {
  const parsed = useParsed(text);
  const marks = useMemo(
    () => detail.matched.map((match) => ({ field: match.field, value: undefined })),
    [detail.matched],
  );
  if (text === null) return <p className="t2">The log holds no body here.</p>;
  if (parsed === undefined) return <pre className="code pad breaks">{text}</pre>;
  return <JsonView value={parsed.value} marks={marks} prefix={prefix} />;
}

/** A JSON text as a value; undefined where it is none (a body may be cut). */
export function useParsed(text: string | null): { readonly value: unknown } | undefined {
  return useMemo(() => {
    if (text === null) return undefined;
    try {
      return { value: parseExact(text) };
    } catch {
      return undefined;
    }
  }, [text]);
}

/** What this write changed, against the last recorded write of the same object. */
export function AgainstPrevious({ detail }: { readonly detail: EventDetail }): ReactNode {
  const previous = useCall('events/previous-write', { id: detail.line.id });
  const before = previous.data ?? null;
  const other = useCall('events/detail', { id: before?.event.id ?? 0 }, { isOn: before !== null });
  return (
    <Answered call={previous}>
      {(found) =>
        found === null ? (
          <Empty title="No earlier write of this object is in the log.">
            Either it did not exist before, or its writes were recorded without bodies.
          </Empty>
        ) : (
          <Answered call={other}>
            {(old) => (
              <>
                <p className="t3">
                  {found.object}, before: event {found.event.id}
                  {found.event.time === null
                    ? ''
                    : `, ${day(found.event.time)} ${clockMicroseconds(found.event.time)} UTC`}
                </p>
                <DiffView
                  before={old.responseObject ?? old.requestObject}
                  after={detail.responseObject ?? detail.requestObject}
                  names={['before', 'after']}
                />
              </>
            )}
          </Answered>
        )
      }
    </Answered>
  );
}
