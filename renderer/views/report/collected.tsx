import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { MARK_KINDS, type Mark, type MarkTarget } from '../../../core/contract/mark-calls.ts';
import { ask } from '../../calls/ask.ts';
import { useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceTextLines } from '../../marks/mark-bar.tsx';
import { useMarking } from '../../marks/use-marks.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Empty, FaultNote, Waiting } from '../../parts/state.tsx';
import { entitySearch, type Place, usePlace } from '../../place.ts';
import { rangeParams, type SearchParams } from '../../search-params.ts';
import { dayAndTime } from '../../words/time.ts';

const PAGE = 200;
const ICONS: Readonly<Record<Mark['kind'], IconName>> = {
  star: 'star',
  tag: 'tag',
  note: 'note',
  verdict: 'check',
  marker: 'flag',
};

/** Every mark of the case with a way to the thing, and every alert that was decided. */
export function Collected(): ReactNode {
  const bridge = useBridge();
  const pages = useInfiniteQuery({
    queryKey: ['marks/list', 'collected'],
    queryFn: ({ pageParam, signal }) =>
      ask(
        bridge,
        'marks/list',
        { kinds: MARK_KINDS, limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const decided = useCall(
    'alerts/page',
    { filter: { statuses: ['confirmed', 'benign', 'dismissed'] }, order: 'time', limit: 200 },
    { keeps: true },
  );
  const marks = (pages.data?.pages ?? []).flatMap((page) => page.rows);
  const alerts = decided.data?.rows ?? [];
  if (pages.isPending || decided.isPending) return <Waiting rows={8} />;
  return (
    <div className="pane-scroll">
      {pages.error === null ? null : <FaultNote error={pages.error} />}
      {decided.error === null ? null : <FaultNote error={decided.error} />}
      {marks.length === 0 && alerts.length === 0 && pages.error === null ? (
        <Empty title="Nothing has been collected yet.">
          Star, tag or note what matters while you look at it (s, t, c), and decide on alerts (y, b, d): it is collected
          here and goes into the report with its citations.
        </Empty>
      ) : null}
      {marks.length === 0 ? null : (
        <section aria-label="Marks">
          <div className="bar">
            <b>Stars, tags, notes and markers</b>
          </div>
          {marks.map((mark) => (
            <MarkRow key={mark.id} mark={mark} />
          ))}
          {pages.hasNextPage ? (
            <button type="button" className="btn quiet" onClick={() => void pages.fetchNextPage()}>
              More
            </button>
          ) : null}
        </section>
      )}
      {alerts.length === 0 ? null : <Decided alerts={alerts} />}
    </div>
  );
}

function Decided({
  alerts,
}: {
  readonly alerts: readonly {
    readonly id: number;
    readonly title: string;
    readonly status: string;
    readonly level: Parameters<typeof SeverityMark>[0]['level'];
  }[];
}): ReactNode {
  const { go } = usePlace();
  return (
    <section aria-label="Decided alerts">
      <div className="bar">
        <b>Decided alerts</b>
      </div>
      {alerts.map((alert) => (
        <div key={alert.id} className="collected">
          <SeverityMark level={alert.level} />
          <button type="button" className="link grow clip" onClick={() => go('alerts', { alert: alert.id })}>
            <EvidenceText>{`Alert ${alert.id}: ${alert.title}`}</EvidenceText>
          </button>
          <span className="t2">{alert.status}</span>
        </div>
      ))}
    </section>
  );
}

function MarkRow({ mark }: { readonly mark: Mark }): ReactNode {
  const place = usePlace();
  const marking = useMarking();
  const mayChange = useMayChange();
  const { target } = mark;
  return (
    <div className="collected">
      <span className={mark.kind === 'star' ? 'starred' : 't2'}>
        <Icon name={ICONS[mark.kind]} isFilled={mark.kind === 'star'} />
      </span>
      <div className="grow">
        {target === null ? (
          <span className="t2">
            <EvidenceText>{mark.title}</EvidenceText> (not in the case any more)
          </span>
        ) : (
          <button type="button" className="link" onClick={() => openTarget(target, place)}>
            <EvidenceText>{mark.title}</EvidenceText>
          </button>
        )}
        {mark.text === '' ? null : (
          <p className="pre">
            <EvidenceTextLines text={mark.text} />
          </p>
        )}
      </div>
      <span className="t3 tn">
        <EvidenceText>{mark.examiner}</EvidenceText>, {dayAndTime(mark.time)}
      </span>
      {mayChange ? (
        <IconButton
          icon="close"
          size={12}
          label={`Remove this ${mark.kind}`}
          onClick={() => void marking.remove(mark.id, `The ${mark.kind}`)}
        />
      ) : null}
    </div>
  );
}

function openTarget(target: MarkTarget, place: Place): void {
  if (target.kind === 'event') place.go('timeline', { event: target.id });
  else if (target.kind === 'alert') place.go('alerts', { alert: target.id });
  else if (target.kind === 'incident') place.go('alerts', { incident: target.id });
  else if (target.kind === 'entity') place.go('entities', entitySearch(target.entity));
  else
    place.go('timeline', rangeParams({ from: target.from - 300_000_000, to: target.to + 300_000_000 }) as SearchParams);
}
