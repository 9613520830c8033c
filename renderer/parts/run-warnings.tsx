import type { ReactNode } from 'react';
import { useCall } from '../calls/use-call.ts';
import { counted } from '../words/number.ts';
import { WARNING_ADVICE } from '../words/run-warning.ts';
import { EvidenceText } from './evidence-text.tsx';
import { Icon } from './icon.tsx';

/** Few enough to be read at once. */
const FEW = 2;

/** Limits that the last run of the rules reached, each with what it means and what to do; nothing where there are none. */
export function RunWarnings(): ReactNode {
  const warnings = useCall('overview/show', {}, { keeps: true }).data?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <section className="note warn run-warnings" aria-label="Limits of the last run">
      <Icon name="alerts" />
      <details className="more grow" open={warnings.length <= FEW}>
        <summary>
          <b>The last run of the rules reached {counted(warnings.length, 'limit')}.</b>
        </summary>
        <ul>
          {warnings.map(({ kind, text }) => {
            const { means, next } = WARNING_ADVICE[kind];
            return (
              <li key={text}>
                <b>
                  <EvidenceText>{text}</EvidenceText>
                </b>{' '}
                <span className="t2">{means}</span> <span>{next}</span>
              </li>
            );
          })}
        </ul>
      </details>
    </section>
  );
}
