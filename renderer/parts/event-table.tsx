import type { ReactNode } from 'react';
import { visibleText } from '../../core/chart/visible-text.ts';
import type { EventLine } from '../../core/contract/event-calls.ts';
import { objectText, shortUser } from '../words/identity.ts';
import { clockSeconds, day, wholeTime } from '../words/time.ts';
import { EvidenceText } from './evidence-text.tsx';
import { SeverityMark } from './severity-mark.tsx';

/** A short table of events inside a panel; a press chooses, a second opens. */
export function EventTable({
  label,
  rows,
  chosen = null,
  note,
  onChoose,
  onOpen,
}: {
  readonly label: string;
  readonly rows: readonly EventLine[];
  readonly chosen?: number | null;
  note?(line: EventLine): ReactNode;
  onChoose?(line: EventLine): void;
  onOpen(line: EventLine): void;
}): ReactNode {
  const days = new Set(rows.map((line) => (line.time === null ? '' : day(line.time))));
  return (
    <table className="plain pad event-table" aria-label={label}>
      <colgroup>
        <col style={{ width: days.size > 1 ? 108 : 74 }} />
        <col style={{ width: 22 }} />
        <col style={{ width: 54 }} />
        <col />
        <col className="p-u" />
        <col style={{ width: 40 }} />
        <col style={{ width: 50 }} />
      </colgroup>
      <thead className="vh">
        <tr>
          {['Time', 'Alert', 'Verb', 'Object', 'Identity', 'Code', 'Note'].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((line) => (
          <tr key={line.id} className={line.id === chosen ? 'sel' : undefined} onDoubleClick={() => onOpen(line)}>
            <td className="t2 tn" title={line.time === null ? undefined : wholeTime(line.time)}>
              {line.time === null
                ? 'no time'
                : days.size > 1
                  ? `${day(line.time)} ${clockSeconds(line.time)}`
                  : clockSeconds(line.time)}
            </td>
            <td className="ic">
              {line.alertLevel === null ? null : <SeverityMark level={line.alertLevel} size={12} />}
            </td>
            <td>
              <EvidenceText>{line.verb}</EvidenceText>
            </td>
            <td title={visibleText(line.summary)}>
              <button
                type="button"
                className="text-button clip"
                onClick={() => (line.id === chosen || onChoose === undefined ? onOpen(line) : onChoose(line))}
              >
                <EvidenceText>{objectText(line) || line.summary}</EvidenceText>
              </button>
            </td>
            <td className="t2" title={visibleText(line.user)}>
              <EvidenceText>{shortUser(line.user)}</EvidenceText>
            </td>
            <td className={(line.code ?? 0) >= 400 ? 'num fault' : 'num t2'}>{line.code ?? ''}</td>
            <td>{note?.(line)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
