import { useMemo } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { GridColumn } from '../../grid/grid.tsx';
import { useIsOneDay } from '../../one-day.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { shortUser } from '../../words/identity.ts';
import { count } from '../../words/number.ts';
import { clockSeconds, day, wholeTime } from '../../words/time.ts';
import type { AlertListRow } from './alert-rows.ts';

type Column = GridColumn<AlertListRow>;
const line = (row: AlertListRow) => (row.kind === 'alert' ? row.line : null);

const ALERT_COLUMNS: readonly Column[] = [
  {
    id: 'number',
    isSecond: true,
    head: 'No.',
    width: 46,
    align: 'right',
    className: 't2',
    cell: (row) => line(row)?.id ?? '',
  },
  {
    id: 'level',
    head: '',
    width: 44,
    align: 'center',
    cell: (row) => {
      const alert = line(row);
      if (alert === null) return '';
      return (
        <>
          <SeverityMark level={alert.level} />
          {alert.marks.isStarred ? (
            <span className="starred" role="img" aria-label="starred">
              <Icon name="star" size={11} isFilled />
            </span>
          ) : null}
        </>
      );
    },
  },
  {
    id: 'title',
    head: 'Alert',
    width: 150,
    isFlexible: true,
    cell: (row) => <EvidenceText>{line(row)?.title ?? ''}</EvidenceText>,
    text: (row) => visibleText(line(row)?.summary ?? ''),
  },
  {
    id: 'user',
    head: 'Identity',
    width: 130,
    isSecond: true,
    isExtra: true,
    className: 't2',
    cell: (row) => <EvidenceText>{shortUser(line(row)?.user ?? ' ')}</EvidenceText>,
    text: (row) => visibleText(line(row)?.user ?? ''),
  },
  {
    id: 'object',
    head: 'Object',
    width: 130,
    isExtra: true,
    className: 't2',
    cell: (row) => <EvidenceText>{line(row)?.object ?? ''}</EvidenceText>,
    text: (row) => visibleText(line(row)?.object ?? ''),
  },
  {
    id: 'first',
    head: 'First (UTC)',
    width: 122,
    className: 'tn t2',
    cell: (row) => {
      const time = line(row)?.firstTime ?? null;
      return time === null ? '' : `${day(time)} ${clockSeconds(time)}`;
    },
    text: (row) => {
      const time = line(row)?.firstTime ?? null;
      return time === null ? '' : wholeTime(time);
    },
  },
  {
    id: 'events',
    isSecond: true,
    head: 'Events',
    width: 56,
    align: 'right',
    className: 't2',
    cell: (row) => count(line(row)?.eventCount ?? 0),
  },
  {
    id: 'status',
    head: 'Status',
    width: 78,
    cell: (row) => {
      const status = line(row)?.status;
      return <span className={status === 'open' ? 'b' : 't2'}>{status ?? ''}</span>;
    },
  },
];

/** Columns of the list of alerts. `isAlone`: no panel stands beside it, and there is room for more. */
export function useAlertColumns(isAlone: boolean): readonly Column[] {
  const isOneDay = useIsOneDay();
  return useMemo(
    () =>
      ALERT_COLUMNS.map((column) => {
        if (isAlone && (column.id === 'user' || column.id === 'object')) return { ...column, isExtra: false };
        if (!isOneDay || column.id !== 'first') return column;
        return {
          ...column,
          width: 78,
          cell: (row) => {
            const time = line(row)?.firstTime ?? null;
            return time === null ? '' : clockSeconds(time);
          },
        };
      }),
    [isAlone, isOneDay],
  );
}
