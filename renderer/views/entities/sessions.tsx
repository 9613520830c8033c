import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ShellSession } from '../../../core/contract/entity-calls.ts';
import type { EntityRef, Scope } from '../../../core/contract/scope.ts';
import { ask } from '../../calls/ask.ts';
import { useBridge, useCall } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered, Empty, FaultNote, Waiting } from '../../parts/state.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { userEntity } from '../../words/entity-of-field.ts';
import { shortUser } from '../../words/identity.ts';
import { counted } from '../../words/number.ts';
import { dayAndTime, duration } from '../../words/time.ts';
import { EventPanel } from '../event/event-panel.tsx';

const PAGE = 50;

/** Shells, attachments and forwards of one entity. */
export function SessionCards({
  entity,
  condition,
}: {
  readonly entity: EntityRef;
  readonly condition: string | null;
}): ReactNode {
  const { range } = usePlace();
  const scope: Scope = { query: condition ?? '', ...(range === null ? {} : { range }) };
  const sessions = useCall('sessions/page', { scope, limit: 20 }, { isOn: condition !== null, keeps: true });
  if (condition === null) return null;
  return (
    <section className="sec" aria-label="Shells and forwards">
      <h2>
        Shells and forwards{' '}
        <small>{sessions.data === undefined ? '' : counted(sessions.data.rows.length, 'session')}</small>
      </h2>
      <Answered call={sessions} rows={3}>
        {(page) =>
          page.rows.length === 0 ? (
            <p className="t2">None of {shortUser(entity.name)} in this range.</p>
          ) : (
            page.rows.map((session) => <SessionCard key={session.event} session={session} />)
          )
        }
      </Answered>
    </section>
  );
}

/** All shells and forwards of the scope. */
export function SessionsList({ scope }: { readonly scope: Scope }): ReactNode {
  const bridge = useBridge();
  const { search, set } = usePlace();
  const pages = useInfiniteQuery({
    queryKey: ['sessions/page', scope],
    queryFn: ({ pageParam, signal }) =>
      ask(
        bridge,
        'sessions/page',
        { scope, limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = (pages.data?.pages ?? []).flatMap((page) => page.rows);
  return (
    <>
      <div className="pane-scroll sessions">
        {pages.error === null ? null : <FaultNote error={pages.error} />}
        {pages.isPending ? <Waiting rows={6} /> : null}
        {!pages.isPending && rows.length === 0 && pages.error === null ? (
          <Empty title="No shell was opened and no port forwarded in this range.">
            Where the audit policy leaves out pods/exec, the log could not show it: see Rules, blind.
          </Empty>
        ) : null}
        <div className="session-cards">
          {rows.map((session) => (
            <SessionCard key={session.event} session={session} />
          ))}
        </div>
        {pages.hasNextPage ? (
          <button type="button" className="btn quiet" onClick={() => void pages.fetchNextPage()}>
            More sessions
          </button>
        ) : null}
      </div>
      {search.event === undefined ? null : (
        <Dock label="Event" onClose={() => set({ event: undefined })}>
          <EventPanel id={search.event} onClose={() => set({ event: undefined })} />
        </Dock>
      )}
    </>
  );
}

function SessionCard({ session }: { readonly session: ShellSession }): ReactNode {
  const place = usePlace();
  const target = [session.namespace, session.pod].filter((part) => part !== null).join('/');
  return (
    <article className="card session">
      <div className="row">
        <button type="button" className="link b clip grow" onClick={() => place.set({ event: session.event })}>
          <EvidenceText>{target === '' ? session.kind : target}</EvidenceText>
        </button>
        <span className="t2 tn">{session.startedAt === null ? 'no time' : dayAndTime(session.startedAt)}</span>
        <span className="t2 tn">{session.duration === null ? 'end not logged' : duration(session.duration)}</span>
      </div>
      <p className="mono breaks">
        {session.command.length > 0 ? (
          <EvidenceText>{session.command.join(' ')}</EvidenceText>
        ) : session.ports.length > 0 ? (
          `ports ${session.ports.join(', ')}`
        ) : (
          <span className="t3">{session.kind}</span>
        )}
      </p>
      <p className="t2">
        {session.kind}
        {session.isInteractive ? ', interactive: what was typed is not in an audit log' : ''} · by{' '}
        <button
          type="button"
          className="link"
          onClick={() => place.go('entities', entitySearch(userEntity(session.user)))}
        >
          <EvidenceText>{shortUser(session.user)}</EvidenceText>
        </button>
        {session.sourceIPs.length === 0 ? '' : ` from ${session.sourceIPs.join(', ')}`}
        {session.code === null ? '' : ` · ${session.code}`}
      </p>
      {session.followedText === '' ? null : (
        <p className="t2">
          then: <EvidenceText>{session.followedText}</EvidenceText>
        </p>
      )}
    </article>
  );
}
