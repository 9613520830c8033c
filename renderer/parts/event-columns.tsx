import { visibleText } from '../../core/chart/visible-text.ts';
import type { EventLine } from '../../core/contract/event-calls.ts';
import type { GridColumn } from '../grid/grid.tsx';
import { useIsOneDay } from '../one-day.ts';
import { objectText, shortUser } from '../words/identity.ts';
import { clockMicroseconds, day, wholeTime } from '../words/time.ts';
import { EvidenceText } from './evidence-text.tsx';
import { Icon } from './icon.tsx';
import { SeverityMark } from './severity-mark.tsx';

/** Field of the query language behind a column, for filter in and out; null where there is none. */
export const COLUMN_FIELDS: Readonly<Record<string, string>> = {
  verb: 'verb',
  namespace: 'namespace',
  object: 'name',
  resource: 'resource',
  user: 'user',
  code: 'code',
  source: 'sourceIPs',
  agent: 'userAgent',
  server: 'server',
  cluster: 'cluster',
  stage: 'stage',
  level: 'level',
  auditID: 'auditID',
  decision: 'decision',
  impersonated: 'impersonatedUser',
  group: 'apiGroup',
};

/** The value that a condition on a column compares with; null: the event has none. */
export function columnValue(line: EventLine, column: string): string | null {
  switch (column) {
    case 'verb':
      return line.verb;
    case 'namespace':
      return line.namespace;
    case 'object':
      return line.name;
    case 'resource':
      return line.resource;
    case 'user':
      return line.user;
    case 'code':
      return line.code === null ? null : String(line.code);
    case 'source':
      return line.sourceIPs.at(-1) ?? null;
    case 'agent':
      return line.userAgent;
    case 'server':
      return line.server;
    case 'cluster':
      return line.cluster;
    case 'stage':
      return line.stage;
    case 'level':
      return line.level;
    case 'auditID':
      return line.auditID;
    case 'decision':
      return line.decision;
    case 'impersonated':
      return line.impersonatedUser;
    case 'group':
      return line.apiGroup;
    default:
      return null;
  }
}

function plain(
  id: string,
  head: string,
  width: number,
  options: Partial<GridColumn<EventLine>> = {},
): GridColumn<EventLine> {
  return {
    id,
    head,
    width,
    cell: (line) => <EvidenceText>{columnValue(line, id) ?? ''}</EvidenceText>,
    text: (line) => visibleText(columnValue(line, id) ?? ''),
    ...options,
  };
}

/** Columns of every list of events; the day is left out where all lie in one, which the top bar names. */
export function useEventColumns(): readonly GridColumn<EventLine>[] {
  return useIsOneDay() ? COLUMNS_OF_A_DAY : EVENT_COLUMNS;
}

const EVENT_COLUMNS: readonly GridColumn<EventLine>[] = [
  {
    id: 'time',
    head: 'Time (UTC)',
    width: 176,
    className: 'tn t2',
    cell: (line) =>
      line.time === null ? <span className="t3">no time</span> : `${day(line.time)} ${clockMicroseconds(line.time)}`,
    text: (line) => (line.time === null ? 'the record has no time' : wholeTime(line.time)),
  },
  {
    id: 'alert',
    head: '',
    width: 40,
    align: 'center',
    cell: (line) => (
      <>
        {line.alertLevel === null ? null : (
          <SeverityMark level={line.alertLevel} label={`proves an alert: ${line.alertLevel}`} />
        )}
        {line.marks.isStarred ? (
          <span className="starred" role="img" aria-label="starred">
            <Icon name="star" size={11} isFilled />
          </span>
        ) : null}
      </>
    ),
  },
  plain('verb', 'Verb', 64),
  {
    id: 'object',
    head: 'Object',
    width: 170,
    isFlexible: true,
    cell: (line) => {
      const object = objectOf(line);
      return object === '' ? (
        <span className="t3">
          <EvidenceText>{line.summary}</EvidenceText>
        </span>
      ) : (
        <EvidenceText>{object}</EvidenceText>
      );
    },
    text: (line) => visibleText(objectOf(line) || line.summary),
  },
  {
    id: 'user',
    head: 'Identity',
    width: 170,
    cell: (line) => (
      <>
        <EvidenceText>{shortUser(line.user)}</EvidenceText>
        {line.impersonatedUser === null ? null : (
          <span className="t3">
            {' as '}
            <EvidenceText>{shortUser(line.impersonatedUser)}</EvidenceText>
          </span>
        )}
      </>
    ),
    text: (line) =>
      visibleText(line.impersonatedUser === null ? line.user : `${line.user} as ${line.impersonatedUser}`),
  },
  {
    id: 'code',
    head: 'Code',
    width: 46,
    align: 'right',
    cell: (line) => <span className={(line.code ?? 0) >= 400 ? 'fault' : 't2'}>{line.code ?? ''}</span>,
    text: (line) => String(line.code ?? 'no answer was recorded'),
  },
  plain('source', 'Source', 112, { className: 'tn t2', isSecond: true }),
  plain('agent', 'Client', 130, { className: 't2', isSecond: true }),
  plain('namespace', 'Namespace', 110, { isExtra: true }),
  plain('resource', 'Resource', 110, { isExtra: true }),
  plain('group', 'API group', 110, { isExtra: true }),
  plain('impersonated', 'Acting as', 150, { isExtra: true }),
  plain('decision', 'Decision', 70, { isExtra: true }),
  plain('stage', 'Stage', 130, { isExtra: true }),
  plain('level', 'Level', 110, { isExtra: true }),
  plain('server', 'Server', 90, { isExtra: true }),
  plain('cluster', 'Cluster', 90, { isExtra: true }),
  plain('auditID', 'auditID', 250, { isExtra: true, className: 'mono' }),
  {
    id: 'summary',
    head: 'What happened',
    width: 320,
    isExtra: true,
    cell: (line) => <EvidenceText>{line.summary}</EvidenceText>,
    text: (line) => visibleText(line.summary),
  },
];

function objectOf(line: EventLine): string {
  return objectText(line);
}

const COLUMNS_OF_A_DAY: readonly GridColumn<EventLine>[] = EVENT_COLUMNS.map((column) =>
  column.id === 'time'
    ? {
        ...column,
        width: 128,
        cell: (line) => (line.time === null ? <span className="t3">no time</span> : clockMicroseconds(line.time)),
      }
    : column,
);
