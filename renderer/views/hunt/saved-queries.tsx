import { type ReactNode, useSyncExternalStore } from 'react';
import { useAct, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { Answered } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';
import { clockSeconds } from '../../words/time.ts';

interface Run {
  readonly query: string;
  readonly at: number;
}

const MOST_RUNS = 30;
const listeners = new Set<() => void>();
/** Of this page only: what was asked is about the case and is not left in the browser. */
let runs: readonly Run[] = [];

/** Puts a query on top of the history. */
export function remember(query: string): void {
  if (query === '') return;
  runs = [{ query, at: Date.now() * 1000 }, ...runs.filter((run) => run.query !== query)].slice(0, MOST_RUNS);
  for (const listener of listeners) listener();
}

function useRuns(): readonly Run[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => runs,
  );
}

/** Queries kept in the case, and those run last. */
export function SavedQueries({
  kind,
  onRun,
}: {
  readonly kind: 'query' | 'sql';
  onRun(text: string): void;
}): ReactNode {
  const saved = useCall('hunt/saved', {}, { keeps: true });
  const act = useAct();
  const mayChange = useMayChange();
  const last = useRuns();
  const forget = async (id: number, name: string): Promise<void> => {
    const done = await act('hunt/forget', { id });
    if (done !== null) {
      tell(`Query “${name}” removed.`, async () => {
        await act('actions/undo', { action: done.action });
      });
    }
  };
  return (
    <aside className="pane-scroll saved" aria-label="Saved queries">
      <section className="sec">
        <h2>Saved</h2>
        <Answered call={saved} rows={3}>
          {(list) => {
            const own = list.filter((query) => query.kind === kind);
            if (own.length === 0)
              return (
                <p className="t2">
                  None yet. A query that is worth keeping stays in the case, also for the next examiner.
                </p>
              );
            return (
              <ul>
                {own.map((query) => (
                  <li key={query.id} className="saved-query">
                    <button type="button" className="saved-run" onClick={() => onRun(query.text)}>
                      <b className="clip">
                        <EvidenceText>{query.name}</EvidenceText>
                      </b>
                      <span className="mono t2 clip">
                        <EvidenceText>{query.text}</EvidenceText>
                      </span>
                    </button>
                    {mayChange ? (
                      <IconButton
                        icon="close"
                        size={12}
                        label={`Remove query ${query.name}`}
                        onClick={() => void forget(query.id, query.name)}
                      />
                    ) : null}
                  </li>
                ))}
              </ul>
            );
          }}
        </Answered>
      </section>
      {last.length === 0 || kind === 'sql' ? null : (
        <section className="sec">
          <h2>Last runs</h2>
          <ul>
            {last.map((run) => (
              <li key={run.query} className="saved-query">
                <button type="button" className="saved-run" onClick={() => onRun(run.query)}>
                  <span className="mono clip">
                    <EvidenceText>{run.query}</EvidenceText>
                  </span>
                  <span className="t3 tn">{clockSeconds(run.at)} UTC</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {kind === 'sql' ? null : <Syntax />}
    </aside>
  );
}

function Syntax(): ReactNode {
  return (
    <section className="sec">
      <h2>Syntax</h2>
      <dl className="syntax">
        {SYNTAX.map(([example, about]) => (
          <div key={example}>
            <dt className="mono">{example}</dt>
            <dd className="t2">{about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const SYNTAX: readonly (readonly [string, string])[] = [
  ['verb:create', 'the whole value, in any case'],
  ['name:web-*', 'any run of characters'],
  ['verb:(get or list)', 'one of them'],
  ['code:>=400', 'numbers, also 4xx and 400..499'],
  ['ip:10.42.0.0/16', 'addresses in a network'],
  ['ns:*', 'the field has a value'],
  ['"bin/sh"', 'text anywhere in the event'],
  ['a and (b or not c)', 'joined'],
];
