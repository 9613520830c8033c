import type { ReactNode } from 'react';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Empty } from '../../parts/state.tsx';
import { WholeCase } from '../../parts/whole-case.tsx';
import { usePlace } from '../../place.ts';
import { count, counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';
import type { AlertListRow } from './alert-rows.ts';

/** A heading of the list, or what has not been fetched yet. */
export function Whole({ row }: { readonly row: AlertListRow }): ReactNode {
  if (row.kind === 'alert') return null;
  if (row.kind === 'more')
    return (
      <span className="t2">
        {row.left === null ? 'counting…' : `${counted(row.left, 'more alert')}; press Enter to show them`}
      </span>
    );
  const { group } = row;
  return (
    <span className="row group-row">
      <span className={row.isOpen ? 'turn open' : 'turn'}>
        <Icon name="right" size={12} />
      </span>
      <SeverityMark level={group.level} />
      <span className="clip">
        <EvidenceText>{group.title}</EvidenceText>
      </span>
      <span className="grow" />
      <span className="t2 tn wide">{group.firstTime === null ? '' : dayAndTime(group.firstTime)}</span>
      <span className="t2 tn">{group.open === 0 ? '' : `${count(group.open)} open`}</span>
      <span className="tn">{count(group.alerts)}</span>
    </span>
  );
}

/** Why the list is empty, and what to do. */
export function NoAlerts(): ReactNode {
  const { set, search, range } = usePlace();
  const isFiltered =
    range !== null ||
    search.level !== undefined ||
    search.status !== undefined ||
    search.text !== undefined ||
    search.rule !== undefined ||
    search.incident !== undefined ||
    search.starred !== undefined;
  if (!isFiltered) {
    return (
      <Empty title="No alert in this case.">
        That no rule fired does not mean that nothing happened: see under Rules what could not have fired, and under
        Evidence what was read.
      </Empty>
    );
  }
  return (
    <Empty title="No alert fits.">
      <div className="row" style={{ marginTop: 6 }}>
        <button
          type="button"
          className="btn"
          onClick={() =>
            set({
              level: undefined,
              status: undefined,
              text: undefined,
              rule: undefined,
              incident: undefined,
              starred: undefined,
              kind: undefined,
              entity: undefined,
            })
          }
        >
          Drop the filter
        </button>
        <WholeCase />
      </div>
    </Empty>
  );
}
