import { type ReactNode, useState } from 'react';
import type { EntityRef } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { count } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

/** Permissions that were used against those that the log shows as granted. */
export function AccessTable({ entity }: { readonly entity: EntityRef }): ReactNode {
  const access = useCall('entities/access', { entity }, { keeps: true });
  const [showsRole, setShowsRole] = useState(false);
  return (
    <section className="sec" aria-label="Permissions">
      <h2>
        Permissions, used against granted <small>as the log shows them</small>
        <span className="sp" />
        <span className="key">
          <span>
            <span className="perm u">get</span> used
          </span>
          <span>
            <span className="perm">get</span> granted, never used
          </span>
        </span>
      </h2>
      <Answered call={access} rows={4}>
        {(data) => (
          <>
            {data.rows.length === 0 ? (
              <p className="t2">It used none.</p>
            ) : (
              <table className="plain" aria-label="Permissions">
                <colgroup>
                  <col />
                  <col style={{ width: '20%' }} />
                  <col style={{ width: '30%' }} />
                  <col style={{ width: 66 }} />
                  <col style={{ width: 112 }} />
                </colgroup>
                <thead>
                  <tr>
                    {['Resource', 'Namespaces', 'Verbs', 'Used', 'Last (UTC)'].map((title) => (
                      <th key={title} scope="col" className={title === 'Used' ? 'num' : undefined}>
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.rows.slice(0, 40).map((row) => (
                    <tr
                      key={`${row.resource} ${row.namespaces.join()}`}
                      title={row.grantedBy.length === 0 ? undefined : `granted by ${row.grantedBy.join(', ')}`}
                    >
                      <td>
                        <EvidenceText>{row.resource}</EvidenceText>
                      </td>
                      <td className="t2">
                        <EvidenceText>
                          {row.namespaces.length > 3
                            ? `${row.namespaces.length} namespaces`
                            : row.namespaces.join(', ') || 'cluster'}
                        </EvidenceText>
                      </td>
                      <td>
                        {row.verbs.map((verb) => (
                          <span
                            key={verb.verb}
                            className={verb.used > 0 ? 'perm u' : 'perm'}
                            title={`${count(verb.used)} times`}
                          >
                            {verb.verb}
                          </span>
                        ))}
                      </td>
                      <td className="num">{count(row.used)}</td>
                      <td className="t2 tn">{row.lastUsed === null ? '' : dayAndTime(row.lastUsed)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {data.notes.map((note) => (
              <p key={note} className="t3">
                <EvidenceText>{note}</EvidenceText>
              </p>
            ))}
            {data.leastRole === '' ? null : (
              <div className="row" style={{ marginTop: 6 }}>
                <button
                  type="button"
                  className="btn"
                  aria-expanded={showsRole}
                  onClick={() => setShowsRole(!showsRole)}
                >
                  Least role as YAML
                </button>
                <CopyButton text={data.leastRole} what="Role" />
              </div>
            )}
            {showsRole ? <pre className="code pad">{data.leastRole}</pre> : null}
          </>
        )}
      </Answered>
    </section>
  );
}
