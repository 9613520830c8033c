import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, faultOf } from '../../calls/ask.ts';
import { useBridge, useCase } from '../../calls/use-call.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { FaultNote } from '../../parts/state.tsx';
import { tellFault } from '../../undo.ts';
import { shortHash } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

const PAGE = 50;

/** What every person did in this case, newest first; each entry is chained to the one before by its hash. */
export function ActionLog(): ReactNode {
  const bridge = useBridge();
  const head = useCase()?.head ?? '';
  const pages = useInfiniteQuery({
    queryKey: ['actions/page'],
    queryFn: ({ pageParam, signal }) =>
      ask(bridge, 'actions/page', { limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const run = async (format: 'csv' | 'jsonl'): Promise<void> => {
    try {
      await bridge.save(await ask(bridge, 'export/actions', { format }));
    } catch (error) {
      tellFault(faultOf(error).message);
    }
  };
  const rows = (pages.data?.pages ?? []).flatMap((page) => page.rows);
  return (
    <section aria-label="Action log" className="action-log">
      <div className="bar">
        <b>Action log</b>
        <span className="t2">
          head <span className="mono">{shortHash(head)}</span>: note it down; with it{' '}
          <span className="mono">verify --head</span> proves that nothing was cut off
        </span>
        <span className="grow" />
        <CopyButton text={head} what="Head" />
        <DropMenu
          label="Export the action log"
          options={[
            { key: 'csv', title: 'As CSV', onPick: () => void run('csv') },
            { key: 'jsonl', title: 'As JSON lines', onPick: () => void run('jsonl') },
          ]}
        >
          <Icon name="download" size={13} />
        </DropMenu>
      </div>
      {pages.error === null ? null : <FaultNote error={pages.error} />}
      <table aria-label="Actions">
        <colgroup>
          <col style={{ width: 132 }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 124 }} />
          <col />
          <col style={{ width: 92 }} />
        </colgroup>
        <thead>
          <tr>
            {['When (UTC)', 'Who', 'Action', 'What', 'Hash'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="t2 tn">{dayAndTime(row.time)}</td>
              <td>
                <EvidenceText>{row.examiner}</EvidenceText>
              </td>
              <td className="t2">{row.name}</td>
              <td title={row.text}>
                <EvidenceText>{row.text}</EvidenceText>
              </td>
              <td className="mono t3" title={row.hash}>
                {shortHash(row.hash)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages.hasNextPage ? (
        <button type="button" className="btn quiet" onClick={() => void pages.fetchNextPage()}>
          Older actions
        </button>
      ) : null}
    </section>
  );
}
