import type { ReactNode } from 'react';
import type { Evidence } from '../../../core/contract/rows.ts';
import { copyText } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { usePlace } from '../../place.ts';
import { count } from '../../words/number.ts';
import { microseconds, wholeTime } from '../../words/time.ts';

/** One line of the ledger with all that is known of it. */
export function MemberPanel({ member, onClose }: { readonly member: Evidence; onClose(): void }): ReactNode {
  const { set } = usePlace();
  const facts: readonly (readonly [string, string])[] = [
    ['Containers', member.containers.join(', ') || 'none'],
    ['Format', member.format ?? 'none'],
    ['Encoding', member.encoding],
    ['Bytes', `${count(member.bytes)} unpacked`],
    ['First', member.firstTime === null ? 'no time' : wholeTime(microseconds(member.firstTime))],
    ['Last', member.lastTime === null ? 'no time' : wholeTime(microseconds(member.lastTime))],
    ['Server', member.server ?? 'not known'],
    ['Cluster', member.cluster ?? 'not known'],
    ...(member.label === undefined ? [] : [['Label', member.label] as const]),
    ...(member.nearMiss === undefined ? [] : [['Near miss', member.nearMiss] as const]),
    ...(member.limitHit === undefined ? [] : [['Limit reached', member.limitHit] as const]),
  ];
  return (
    <div className="panel-scroll">
      <div className="head panel-head">
        <h2>Member</h2>
        <span className="grow" />
        <IconButton icon="copy" label="Copy the hash" onClick={() => void copyText(member.sha256, 'SHA-256')} />
        <IconButton icon="close" label="Close the panel" onClick={onClose} />
      </div>
      <section className="sec">
        <p className="mono b breaks">
          <EvidenceText>{member.path}</EvidenceText>
        </p>
      </section>
      <section className="sec">
        <h2>Sum</h2>
        <table className="plain tn">
          <tbody>
            <SumRow title="Unique events" number={member.uniqueEvents} />
            <SumRow title="+ Duplicates" number={member.duplicates} />
            <SumRow
              title="+ Skipped"
              number={member.skippedRecords}
              onOpen={member.skippedRecords > 0 ? () => set({ rejected: 'skipped' }) : undefined}
            />
            <SumRow
              title="+ Malformed"
              number={member.malformedRecords}
              onOpen={member.malformedRecords > 0 ? () => set({ rejected: 'malformed' }) : undefined}
            />
            <tr className="b">
              <td>= Records</td>
              <td className="num">{count(member.records)}</td>
            </tr>
          </tbody>
        </table>
      </section>
      <section className="sec">
        <h2>Read as</h2>
        <dl className="nm">
          {facts.map(([title, value]) => (
            <Fact key={title} title={title} value={value} />
          ))}
        </dl>
      </section>
      <section className="sec">
        <h2>SHA-256</h2>
        <p className="mono t2 breaks">{member.sha256}</p>
        <p className="t3">of the member’s bytes</p>
        <p className="mono t2 breaks">{member.file.sha256}</p>
        <p className="t3">
          of the file given, <EvidenceText>{member.file.path}</EvidenceText>
        </p>
      </section>
      <section className="sec">
        <h2>Gaps</h2>
        {member.gaps.length === 0 ? <p className="t2">None in this member.</p> : null}
        {member.gaps.map((gap) => (
          <p key={gap.from} className="t2">
            {gap.from} – {gap.to}: <EvidenceText>{gap.reason}</EvidenceText>
          </p>
        ))}
      </section>
      {member.warnings.length === 0 && (member.rejectedMembers ?? []).length === 0 ? null : (
        <section className="sec">
          <h2>Warnings</h2>
          {member.warnings.map((warning) => (
            <p key={warning} className="t2">
              <EvidenceText>{warning}</EvidenceText>
            </p>
          ))}
          {(member.rejectedMembers ?? []).map((rejected) => (
            <p key={`${rejected.path} ${rejected.reason}`} className="t2 breaks">
              <EvidenceText>{`not read: ${rejected.path}: ${rejected.reason}`}</EvidenceText>
            </p>
          ))}
        </section>
      )}
    </div>
  );
}

function SumRow({
  title,
  number,
  onOpen,
}: {
  readonly title: string;
  readonly number: number;
  readonly onOpen?: (() => void) | undefined;
}): ReactNode {
  return (
    <tr>
      <td>
        {onOpen === undefined ? (
          title
        ) : (
          <button type="button" className="link" onClick={onOpen}>
            {title}
          </button>
        )}
      </td>
      <td className="num">{count(number)}</td>
    </tr>
  );
}

function Fact({ title, value }: { readonly title: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <EvidenceText>{value}</EvidenceText>
      </dd>
    </>
  );
}
