import { type ReactNode, useMemo, useRef, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { Ledger } from '../../../core/contract/case-calls.ts';
import type { Evidence } from '../../../core/contract/rows.ts';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Grid, type GridColumn, type GridHandle } from '../../grid/grid.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { usePlace } from '../../place.ts';
import { count, counted, shortHash } from '../../words/number.ts';

type Row =
  | { readonly kind: 'file'; readonly path: string; readonly members: readonly Evidence[]; readonly isOpen: boolean }
  | { readonly kind: 'member'; readonly line: Evidence };

const member = (row: Row): Evidence | null => (row.kind === 'member' ? row.line : null);
const number = (id: string, head: string, of: (line: Evidence) => number, isBad = false): GridColumn<Row> => ({
  id,
  head,
  width: 78,
  align: 'right',
  cell: (row) => {
    const line = member(row);
    return line === null ? (
      ''
    ) : (
      <span className={isBad && of(line) > 0 ? 'fault b' : undefined}>{count(of(line))}</span>
    );
  },
});

const COLUMNS: readonly GridColumn<Row>[] = [
  {
    id: 'path',
    head: 'Source and member',
    width: 200,
    isFlexible: true,
    className: 'mono',
    cell: (row) => <EvidenceText>{member(row)?.path ?? ''}</EvidenceText>,
    text: (row) => visibleText(member(row)?.path ?? ''),
  },
  {
    id: 'format',
    head: 'Format',
    width: 140,
    className: 't2',
    cell: (row) => <EvidenceText>{formatOf(member(row))}</EvidenceText>,
    text: (row) => formatOf(member(row)),
  },
  number('bytes', 'Bytes', (line) => line.bytes),
  number('records', 'Records', (line) => line.records),
  number('unique', 'Unique', (line) => line.uniqueEvents),
  number('duplicates', 'Duplicate', (line) => line.duplicates),
  { ...number('skipped', 'Skipped', (line) => line.skippedRecords), isSecond: true },
  number('malformed', 'Malformed', (line) => line.malformedRecords, true),
  {
    id: 'sha256',
    head: 'SHA-256',
    width: 96,
    className: 'mono t2',
    isSecond: true,
    cell: (row) => shortHash(member(row)?.sha256 ?? ''),
    text: (row) => member(row)?.sha256 ?? '',
  },
  {
    id: 'sum',
    head: '',
    width: 34,
    align: 'center',
    cell: (row) => {
      const line = member(row);
      if (line === null) return '';
      return reconciles(line) ? (
        <span className="ok" role="img" aria-label="the sum reconciles">
          ✓
        </span>
      ) : (
        <span className="fault" role="img" aria-label="the sum does not reconcile">
          ✗
        </span>
      );
    },
  },
];

function formatOf(line: Evidence | null): string {
  if (line === null) return '';
  if (line.format !== null) return line.format;
  return line.nearMiss === undefined ? line.containers.join(', ') : `not read: ${line.nearMiss}`;
}

function reconciles(line: Evidence): boolean {
  return line.records === line.uniqueEvents + line.duplicates + line.skippedRecords + line.malformedRecords;
}

/** Every member that was read, under the file that it came from. */
export function LedgerTable({ ledger }: { readonly ledger: Ledger }): ReactNode {
  const place = usePlace();
  const grid = useRef<GridHandle>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(ledger.rows, closed), [ledger.rows, closed]);
  const selected = rows.findIndex((row) => row.kind === 'member' && row.line.id === place.search.evidence);
  const toggle = (path: string): void => {
    const next = new Set(closed);
    if (!next.delete(path)) next.add(path);
    setClosed(next);
  };
  return (
    <section aria-label="Ledger">
      <div className="bar">
        <b>Ledger</b>
        <span className="t2">{counted(ledger.rows.length, 'line')}; Enter shows hashes, warnings and gaps</span>
        <span className="grow" />
        <ColumnChooser name="ledger" columns={COLUMNS} />
      </div>
      <div className="boxed-grid" style={{ height: Math.min(420, (rows.length + 1) * 24 + 2) }}>
        <Grid<Row>
          label="Ledger"
          name="ledger"
          handle={grid}
          columns={COLUMNS}
          rowCount={rows.length}
          rowAt={(ordinal) => rows[ordinal]}
          selected={selected < 0 ? null : selected}
          onSelect={(ordinal, by) => {
            const row = rows[ordinal];
            if (row?.kind === 'member' && (by === 'pointer' || place.search.evidence !== undefined))
              place.set({ evidence: row.line.id });
          }}
          onOpen={(ordinal) => {
            const row = rows[ordinal];
            if (row?.kind === 'file') toggle(row.path);
          }}
          whole={(row) => (row.kind === 'file' ? <FileRow row={row} /> : null)}
        />
      </div>
    </section>
  );
}

function FileRow({ row }: { readonly row: Extract<Row, { kind: 'file' }> }): ReactNode {
  const sum = (of: (line: Evidence) => number): number => row.members.reduce((total, line) => total + of(line), 0);
  return (
    <span className="row group-row">
      <span className={row.isOpen ? 'turn open' : 'turn'}>
        <Icon name="right" size={12} />
      </span>
      <span className="mono clip">
        <EvidenceText>{row.path}</EvidenceText>
      </span>
      <span className="grow" />
      <span className="t2 tn">
        {counted(row.members.length, 'line')},{' '}
        {counted(
          sum((line) => line.records),
          'record',
        )}
      </span>
    </span>
  );
}

/** A file that is its only member stands for itself. */
function rowsOf(lines: readonly Evidence[], closed: ReadonlySet<string>): readonly Row[] {
  const files = new Map<string, Evidence[]>();
  for (const line of lines) files.set(line.file.path, [...(files.get(line.file.path) ?? []), line]);
  return [...files].flatMap(([path, members]): readonly Row[] => {
    const rows = members.map((line): Row => ({ kind: 'member', line }));
    if (members.length === 1 && members[0]?.path === path) return rows;
    const isOpen = !closed.has(path);
    return [{ kind: 'file', path, members, isOpen }, ...(isOpen ? rows : [])];
  });
}
