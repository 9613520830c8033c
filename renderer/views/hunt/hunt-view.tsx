import { type ReactNode, useMemo, useState } from 'react';
import type { Scope } from '../../../core/contract/scope.ts';
import { ask, faultOf } from '../../calls/ask.ts';
import { useAct, useBridge, useCall, useCase, useMayChange } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Kbd } from '../../keys/kbd.tsx';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { useEventColumns } from '../../parts/event-columns.tsx';
import { EventHistogram } from '../../parts/event-histogram.tsx';
import { EventList } from '../../parts/event-list.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NoEvidence } from '../../parts/no-evidence.tsx';
import { Opening } from '../../parts/opening.tsx';
import { RowsInSight, useSight } from '../../parts/rows-in-sight.tsx';
import { Empty } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { WholeCase } from '../../parts/whole-case.tsx';
import { usePlace } from '../../place.ts';
import { tell, tellFault } from '../../undo.ts';
import { conjuncts } from '../../words/conjuncts.ts';
import { count } from '../../words/number.ts';
import { duration } from '../../words/time.ts';
import { EventPanel } from '../event/event-panel.tsx';
import { queryRulePath } from '../studio/draft-source.ts';
import { Facets } from './facets.tsx';
import { QueryBar } from './query-bar.tsx';
import { remember, SavedQueries } from './saved-queries.tsx';
import { SqlTab } from './sql-tab.tsx';

const EXPORT_FIELDS = [
  'time',
  'auditID',
  'stage',
  'verb',
  'user',
  'impersonatedUser',
  'sourceIPs',
  'userAgent',
  'apiGroup',
  'resource',
  'subresource',
  'namespace',
  'name',
  'code',
  'decision',
  'cluster',
  'server',
] as const;

/** Questions to every event: a query with facets, or read-only SQL. */
export function HuntView(): ReactNode {
  const opened = useCase();
  const { search, set } = usePlace();
  if (opened === null) return <Opening title="Hunt" />;
  if (opened.events === 0) return <NoEvidence title="Hunt" />;
  const tabs = (
    <Segments
      label="Ask by"
      value={search.tab === 'sql' ? 'sql' : 'search'}
      options={[
        ['search', 'Search'],
        ['sql', 'SQL, read-only'],
      ]}
      onChange={(tab) => set({ tab: tab === 'sql' ? 'sql' : undefined, event: undefined })}
    />
  );
  return search.tab === 'sql' ? <SqlTab tabs={tabs} /> : <SearchTab tabs={tabs} />;
}

function SearchTab({ tabs }: { readonly tabs: ReactNode }): ReactNode {
  const place = usePlace();
  const { search, range, set } = place;
  const query = search.q ?? '';
  const [draft, setDraft] = useState(query);
  const scope: Scope = useMemo(() => ({ query, ...(range === null ? {} : { range }) }), [query, range]);
  const order = search.order === 'newest' ? 'newest' : 'oldest';
  const total = useCall('events/count', { scope });
  const run = (next: string): void => {
    remember(next);
    set({ q: next === '' ? undefined : next, event: undefined });
  };
  const columns = useEventColumns();
  const sight = useSight();
  const found = total.data?.count;
  return (
    <>
      <ViewHead title="Hunt" tabs={tabs}>
        <SaveButton query={query} kind="query" />
        <button
          type="button"
          className="btn"
          disabled={query === ''}
          title="A rule in the rule studio that finds what this query finds"
          onClick={() => place.go('rules', { edit: queryRulePath(query), q: query })}
        >
          Make a rule
        </button>
        <ExportEvents scope={scope} order={order} found={found} />
      </ViewHead>
      <QueryBar key={query} value={query} scope={scope} onRun={run} onDraft={setDraft} />
      <div className="body">
        <Facets scope={scope} onQuery={run} />
        <div className="pane grow">
          <div className="bar found-bar">
            <b className="tn">
              {total.error !== null ? 'not counted' : found === undefined ? 'counting…' : `${count(found)} events`}
            </b>
            <span className="t3 clip">
              {draft.trim() === query ? '' : 'of the query as last run; the text above has changed'}
            </span>
            <span className="grow" />
            <Segments
              label="Order"
              value={order}
              options={[
                ['oldest', 'Oldest'],
                ['newest', 'Newest'],
              ]}
              onChange={(next) => set({ order: next === 'newest' ? 'newest' : undefined })}
            />
            <ColumnChooser name="events" columns={columns} />
          </div>
          <When scope={scope} />
          <EventList
            label="Events found"
            name="events"
            scope={scope}
            order={order}
            columns={columns}
            onSight={sight.onSight}
            empty={<NoMatch query={query} onQuery={run} />}
          />
          <div className="bar keys-bar">
            <span className="tn">
              {found === undefined || found === 0 ? '' : <RowsInSight sight={sight} total={found} />}
            </span>
            <span className="grow" />
            <span>on a cell:</span>
            <Kbd of="cell.in" /> <span>filter in ·</span>
            <Kbd of="cell.out" /> <span>filter out ·</span>
            <Kbd of="cell.pivot" /> <span>pivot</span>
          </div>
        </div>
        {search.event === undefined ? (
          <SavedQueries kind="query" onRun={run} />
        ) : (
          <Dock label="Event" onClose={() => set({ event: undefined })}>
            <EventPanel id={search.event} onClose={() => set({ event: undefined })} />
          </Dock>
        )}
      </div>
    </>
  );
}

/** When what was found happened, small. */
function When({ scope }: { readonly scope: Scope }): ReactNode {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { range, setRange } = usePlace();
  const span = useCase()?.span ?? null;
  const histogram = useCall(
    'events/histogram',
    { scope, bins: Math.max(20, Math.min(160, Math.round(width / 8))), stack: 'outcome' },
    { isOn: width > 0 && span !== null, keeps: true },
  );
  return (
    <div ref={ref} className="when">
      {histogram.data === undefined || span === null ? null : (
        <>
          <EventHistogram
            histogram={histogram.data}
            range={range ?? span}
            width={width - 24}
            height={64}
            left={36}
            onBrush={setRange}
          />
          <span className="vh">{duration(histogram.data.step)} a bar</span>
        </>
      )}
    </div>
  );
}

function NoMatch({ query, onQuery }: { readonly query: string; onQuery(query: string): void }): ReactNode {
  const parts = conjuncts(query) ?? [];
  return (
    <Empty title="No event matches.">
      <div className="row wrap" style={{ marginTop: 6 }}>
        {parts.length > 1
          ? parts.slice(0, 5).map((part) => (
              <button
                key={part}
                type="button"
                className="btn"
                onClick={() => onQuery(parts.filter((each) => each !== part).join(' and '))}
              >
                Drop <span className="mono">{part.length > 32 ? `${part.slice(0, 30)}…` : part}</span>
              </button>
            ))
          : null}
        {query === '' ? null : (
          <button type="button" className="btn" onClick={() => onQuery('')}>
            Drop the query
          </button>
        )}
        <WholeCase />
      </div>
    </Empty>
  );
}

function ExportEvents({
  scope,
  order,
  found,
}: {
  readonly scope: Scope;
  readonly order: 'oldest' | 'newest';
  readonly found: number | undefined;
}): ReactNode {
  const bridge = useBridge();
  const run = async (format: 'csv' | 'jsonl'): Promise<void> => {
    try {
      await bridge.save(await ask(bridge, 'export/events', { scope, order, fields: EXPORT_FIELDS, format }));
    } catch (error) {
      tellFault(faultOf(error).message);
    }
  };
  return (
    <DropMenu
      label="Export what is found"
      options={[
        { key: 'csv', title: 'As CSV', onPick: () => void run('csv') },
        { key: 'jsonl', title: 'As JSON lines', onPick: () => void run('jsonl') },
      ]}
    >
      <Icon name="download" size={13} />
      Export{found === undefined ? '' : ` ${count(found)}`}
    </DropMenu>
  );
}

/** Keeps a query in the case under a name. */
export function SaveButton({ query, kind }: { readonly query: string; readonly kind: 'query' | 'sql' }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <button type="button" className="btn" disabled={!mayChange || query === ''} onClick={() => setName('')}>
        <Icon name="star" size={13} />
        Save query…
      </button>
    );
  }
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        void act('hunt/save', { name: name.trim(), kind, text: query }).then((saved) => {
          if (saved === null) return;
          setName(null);
          tell(`Query “${saved.name}” saved in the case.`);
        });
      }}
    >
      <input
        className="field"
        aria-label="Name of the query"
        placeholder="Name of the query"
        value={name}
        onChange={(event) => setName(event.target.value)}
        ref={(element) => element?.focus()}
        onKeyDown={(event) => event.key === 'Escape' && setName(null)}
      />
      <button type="submit" className="btn primary">
        Save
      </button>
    </form>
  );
}
