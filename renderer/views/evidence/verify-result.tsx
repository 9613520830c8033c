import type { ReactNode } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { counted } from '../../words/number.ts';
import { dayAndTime } from '../../words/time.ts';

/** What the last verification of this session found. */
export function VerifyResult(): ReactNode {
  const last = useCall('verify/last', {}, { keeps: true }).data ?? null;
  if (last === null) return null;
  const failed = last.result.checks.filter((check) => !check.ok);
  return (
    <div className={last.result.ok ? 'note okn verified' : 'note fault verified'} role="status">
      <span className={last.result.ok ? 'ok' : 'fault'}>
        <Icon name={last.result.ok ? 'check' : 'alerts'} />
      </span>
      <div className="grow">
        <b>
          {last.result.ok
            ? `Verified: ${counted(last.result.checks.length, 'check')} agree.`
            : `Verification found ${counted(failed.length, 'difference')}.`}
        </b>{' '}
        <span className="t3">{dayAndTime(last.time)} UTC</span>
        <details className="more">
          <summary>All checks</summary>
          <ul>
            {[...failed, ...last.result.checks.filter((check) => check.ok)].map((check) => (
              <li key={check.name}>
                <span className={check.ok ? 'ok' : 'fault'}>{check.ok ? '✓' : '✗'}</span> <b>{check.name}</b>{' '}
                <span className="t2">
                  <EvidenceText>{check.detail}</EvidenceText>
                </span>
              </li>
            ))}
          </ul>
        </details>
      </div>
    </div>
  );
}
