import { type ReactNode, useState } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { count } from '../../words/number.ts';

/** Why rules are blind, and the smallest change of the audit policy that would lift most of it. */
export function PolicyNote(): ReactNode {
  const sum = useCall('coverage/sum', {}, { keeps: true }).data;
  const [shows, setShows] = useState(false);
  if (sum === undefined) return null;
  return (
    <div className="note policy">
      <Icon name="bulb" />
      <div className="grow">
        <b>Blind is not clean.</b>{' '}
        <span className="t2">
          {sum.blind === 0
            ? 'No rule is blind in this case.'
            : sum.reasons.map((each) => `${count(each.rules)}: ${each.reason}`).join('; ')}
        </span>
        {sum.policy === null ? null : (
          <div className="row" style={{ marginTop: 6 }}>
            <button type="button" className="btn" aria-expanded={shows} onClick={() => setShows(!shows)}>
              Audit policy that would show more
            </button>
            <CopyButton text={sum.policy} what="Policy" />
          </div>
        )}
        {shows && sum.policy !== null ? (
          <pre className="code pad">
            <EvidenceTextBlock text={sum.policy} />
          </pre>
        ) : null}
      </div>
    </div>
  );
}

function EvidenceTextBlock({ text }: { readonly text: string }): ReactNode {
  return text.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
    <span key={index}>
      <EvidenceText>{line}</EvidenceText>
      {'\n'}
    </span>
  ));
}
