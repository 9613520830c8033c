import { type ReactNode, useMemo, useRef, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { SqlResult, SqlValue } from '../../../core/contract/hunt-calls.ts';
import { SQL_LIMITS } from '../../../core/contract/hunt-calls.ts';
import { ask, faultOf } from '../../calls/ask.ts';
import { useBridge, useCall } from '../../calls/use-call.ts';
import { Grid, type GridColumn } from '../../grid/grid.tsx';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Answered, Empty, FaultNote } from '../../parts/state.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tellFault } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';
import { SaveButton } from './hunt-view.tsx';
import { SavedQueries } from './saved-queries.tsx';

const START = 'SELECT * FROM event_readable LIMIT 100';
const ROWS = 1000;

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: SqlResult }
  | { readonly kind: 'fault'; readonly error: unknown };

/** One SELECT at a time over the published schema, on a connection of its own that can be stopped. */
export function SqlTab({ tabs }: { readonly tabs: ReactNode }): ReactNode {
  const bridge = useBridge();
  const { search, set } = usePlace();
  const [sql, setSql] = useState(search.q ?? START);
  const [state, setState] = useState<State>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const run = async (text: string): Promise<void> => {
    running.current?.abort();
    const end = new AbortController();
    running.current = end;
    setState({ kind: 'running' });
    set({ q: text }, { replace: true });
    try {
      const result = await ask(
        bridge,
        'sql/run',
        { sql: text, limit: ROWS, timeoutMs: SQL_LIMITS.timeoutMs },
        { signal: end.signal },
      );
      setState({ kind: 'done', result });
    } catch (error) {
      setState(end.signal.aborted ? { kind: 'idle' } : { kind: 'fault', error });
    }
  };
  useKeys({
    'hunt.run': () => void run(sql),
    close: () => {
      if (state.kind !== 'running') return false;
      running.current?.abort();
    },
  });
  const save = async (format: 'csv' | 'jsonl'): Promise<void> => {
    try {
      await bridge.save(await ask(bridge, 'export/sql', { sql, format }));
    } catch (error) {
      tellFault(faultOf(error).message);
    }
  };
  return (
    <>
      <ViewHead title="Hunt" tabs={tabs}>
        <SaveButton query={sql} kind="sql" />
        <DropMenu
          label="Export the result"
          options={[
            { key: 'csv', title: 'As CSV', onPick: () => void save('csv') },
            { key: 'jsonl', title: 'As JSON lines', onPick: () => void save('jsonl') },
          ]}
        >
          <Icon name="download" size={13} />
          Export
        </DropMenu>
      </ViewHead>
      <div className="body">
        <Schema onTake={(text) => setSql(`${sql.trimEnd()} ${text}`)} />
        <div className="pane grow">
          <div className="sql-box">
            <textarea
              className="field mono"
              rows={6}
              aria-label="SQL"
              spellCheck={false}
              value={sql}
              onChange={(event) => setSql(event.target.value)}
            />
            <div className="row">
              <button type="button" className="btn primary" onClick={() => void run(sql)}>
                Run <Kbd of="hunt.run" />
              </button>
              {state.kind === 'running' ? (
                <button type="button" className="btn" onClick={() => running.current?.abort()}>
                  Stop <Kbd of="close" />
                </button>
              ) : null}
              <span className="t3">
                One SELECT, read-only; at most {count(ROWS)} rows are shown and {SQL_LIMITS.timeoutMs / 1000} s used.
              </span>
            </div>
          </div>
          <SqlState state={state} />
        </div>
        <SavedQueries
          kind="sql"
          onRun={(text) => {
            setSql(text);
            void run(text);
          }}
        />
      </div>
    </>
  );
}

function SqlState({ state }: { readonly state: State }): ReactNode {
  switch (state.kind) {
    case 'idle':
      return (
        <Empty title="Ask the case itself.">
          Tables and columns stand at the left; docs/case-file.md tells what they hold. Times are microseconds since
          1970: <span className="mono">datetime(time / 1000000, 'unixepoch')</span>.
        </Empty>
      );
    case 'running':
      return (
        <p className="t2 pad" role="status">
          running…
        </p>
      );
    case 'fault':
      return <FaultNote error={state.error} />;
    case 'done':
      return <Result result={state.result} />;
  }
}

type SqlRow = readonly SqlValue[];

function Result({ result }: { readonly result: SqlResult }): ReactNode {
  const columns = useMemo(
    () =>
      result.columns.map((name, index): GridColumn<SqlRow> => {
        const isNumber = result.rows.every((row) => row[index] === null || typeof row[index] === 'number');
        return {
          id: `${index}`,
          head: visibleText(name),
          width: isNumber ? 110 : 180,
          isFlexible: !isNumber && index === result.columns.length - 1,
          ...(isNumber ? { align: 'right' as const } : {}),
          cell: (row) =>
            row[index] === null ? <span className="t3">null</span> : <EvidenceText>{String(row[index])}</EvidenceText>,
          text: (row) => visibleText(String(row[index])),
        };
      }),
    [result],
  );
  return (
    <>
      <div className="bar">
        <b className="tn">{counted(result.rows.length, 'row')}</b>
        <span className="t3 tn">
          in {count(Math.round(result.elapsedMs))} ms{result.isCut ? '; more would follow, the export holds them' : ''}
        </span>
      </div>
      <Grid<SqlRow>
        label="Result"
        name={`sql ${result.columns.join(' ')}`}
        columns={columns}
        rowCount={result.rows.length}
        rowAt={(ordinal) => result.rows[ordinal]}
        empty={<p className="t2 pad">No row.</p>}
      />
    </>
  );
}

function Schema({ onTake }: { onTake(text: string): void }): ReactNode {
  const schema = useCall('sql/schema', {}, { keeps: true });
  return (
    <aside className="pane-scroll facets" aria-label="Schema">
      <Answered call={schema} rows={8}>
        {(tables) =>
          tables.map((table) => (
            <details key={table.name} className="sec">
              <summary>
                <span className="mono b">{table.name}</span>
              </summary>
              <p className="t3">{table.about}</p>
              <ul>
                {table.columns.map((column) => (
                  <li key={column.name} className="row">
                    <button type="button" className="link mono grow" onClick={() => onTake(column.name)}>
                      {column.name}
                    </button>
                    <span className="t3">{column.type.toLowerCase()}</span>
                  </li>
                ))}
              </ul>
            </details>
          ))
        }
      </Answered>
    </aside>
  );
}
