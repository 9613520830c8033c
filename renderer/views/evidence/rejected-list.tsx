import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { LedgerSum, RejectedRow } from '../../../core/contract/case-calls.ts';
import { ask } from '../../calls/ask.ts';
import { useBridge } from '../../calls/use-call.ts';
import { Grid, type GridColumn } from '../../grid/grid.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { FaultNote } from '../../parts/state.tsx';
import { Segments } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { count, counted } from '../../words/number.ts';
import { bytesOf, textOf } from '../event/bytes-text.ts';

const PAGE = 200;

const COLUMNS: readonly GridColumn<RejectedRow>[] = [
  {
    id: 'path',
    head: 'Member',
    width: 240,
    className: 'mono t2',
    cell: (row) => <EvidenceText>{row.path}</EvidenceText>,
    text: (row) => visibleText(row.path),
  },
  { id: 'offset', head: 'Offset', width: 108, align: 'right', className: 'mono', cell: (row) => count(row.offset) },
  { id: 'length', head: 'Length', width: 84, align: 'right', isSecond: true, cell: (row) => count(row.length) },
  {
    id: 'reason',
    head: 'Reason',
    width: 260,
    cell: (row) => (
      <EvidenceText>
        {(row.count ?? 1) > 1 ? `${row.reason} (${count(row.count ?? 1)} records)` : row.reason}
      </EvidenceText>
    ),
    text: (row) => row.reason,
  },
  {
    id: 'bytes',
    head: 'Bytes, as found',
    width: 220,
    isFlexible: true,
    className: 'mono t2',
    cell: (row) => textOfRow(row).slice(0, 400),
    text: (row) => textOfRow(row).slice(0, 4000),
  },
];

function textOfRow(row: RejectedRow): string {
  return row.encoding === 'utf-8' ? visibleText(row.bytes) : textOf(bytesOf(row.bytes));
}

/** Records that were not read, with their place, reason and bytes. */
export function RejectedList({ sum }: { readonly sum: LedgerSum }): ReactNode {
  const bridge = useBridge();
  const { search, set } = usePlace();
  const kind = search.rejected ?? (sum.malformed === 0 && sum.skipped > 0 ? 'skipped' : 'malformed');
  const pages = useInfiniteQuery({
    queryKey: ['rejected/page', kind, search.evidence ?? null],
    queryFn: ({ pageParam, signal }) =>
      ask(
        bridge,
        'rejected/page',
        {
          kind,
          limit: PAGE,
          ...(search.evidence === undefined ? {} : { evidence: search.evidence }),
          ...(pageParam === null ? {} : { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = (pages.data?.pages ?? []).flatMap((page) => page.rows);
  if (sum.malformed + sum.skipped === 0)
    return <p className="t2 pad">Every record was read: none was skipped, none is malformed.</p>;
  return (
    <section aria-label="Records not read">
      <div className="bar">
        <b>Records not read</b>
        <span className="t2 tn">
          {count(sum.malformed + sum.skipped)}: {count(sum.malformed)} malformed, {count(sum.skipped)} skipped
          {search.evidence === undefined ? '' : '; only of the chosen member'}
        </span>
        <span className="grow" />
        <Segments
          label="Kind"
          value={kind}
          options={[
            ['malformed', 'Malformed'],
            ['skipped', 'Skipped'],
          ]}
          onChange={(rejected) => set({ rejected })}
        />
      </div>
      {pages.error === null ? null : <FaultNote error={pages.error} />}
      <div className="boxed-grid" style={{ height: Math.min(360, (Math.max(1, rows.length) + 1) * 24 + 2) }}>
        <Grid<RejectedRow>
          label="Records not read"
          name="rejected"
          columns={COLUMNS}
          rowCount={rows.length}
          rowAt={(ordinal) => rows[ordinal]}
          onSight={(_, last) => {
            if (last >= rows.length - 20 && pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
          }}
          empty={
            <p className="t2 pad">
              {pages.isPending
                ? 'counting…'
                : `No record is ${kind}${search.evidence === undefined ? '' : ' in this member'}.`}
            </p>
          }
        />
      </div>
      {pages.hasNextPage ? (
        <p className="t3 pad">{counted(rows.length, 'row')} fetched; more come as you scroll.</p>
      ) : null}
    </section>
  );
}
