import { type ReactNode, useState } from 'react';
import type { EventLine } from '../../../core/contract/event-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { shortTime } from './time.ts';
import { useLive } from './use-live.ts';
import { WhyPanel } from './why-panel.tsx';

/** The event that is asked about: a match, one by its number, or one that was pasted. */
export type Picked = EventLine | { readonly id: number } | { readonly json: string };

/** What a call is told of it. */
export const askedOf = (picked: Picked): { readonly event: number } | { readonly json: string } =>
  'json' in picked ? picked : { event: picked.id };

const ASK_MS = 120;

/** Why the rule matches an event, or why not, while it is written. */
export function WhySection({
  path,
  text,
  picked,
  onPick,
}: {
  readonly path: string;
  readonly text: string;
  readonly picked: Picked | null;
  onPick(picked: Picked): void;
}): ReactNode {
  return (
    <>
      <PickEvent onPick={onPick} />
      {picked === null ? (
        <WhyPanel trees={[]} title="" fault={null} />
      ) : (
        <Why key={JSON.stringify(askedOf(picked))} path={path} text={text} picked={picked} />
      )}
    </>
  );
}

function Why({ path, text, picked }: { readonly path: string; readonly text: string; readonly picked: Picked }) {
  const whys = useLive('studio/why', { path, text, ...askedOf(picked) }, ASK_MS);
  return <WhyPanel trees={whys.data} title={titleOf(picked)} fault={whys.fault} />;
}

function titleOf(picked: Picked): string {
  if ('json' in picked) return 'the event that was pasted';
  return 'user' in picked ? `event ${picked.id}, ${picked.user}, ${shortTime(picked.time)}` : `event ${picked.id}`;
}

function PickEvent({ onPick }: { onPick(picked: Picked): void }): ReactNode {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const pick = (): void => {
    const asked = typed.trim();
    const isNumber = /^[1-9]\d{0,14}$/.test(asked);
    const isJson = asked.startsWith('{');
    setProblem(isNumber || isJson ? '' : 'Give the number of an event, or paste one as it stands in the log.');
    if (isNumber) onPick({ id: Number(asked) });
    else if (isJson) onPick({ json: asked });
  };
  return (
    <form
      className="pad"
      onSubmit={(event) => {
        event.preventDefault();
        pick();
      }}
    >
      <div className="row">
        <label className="field grow">
          <input
            aria-label="Number of an event, or its JSON"
            placeholder="Number of an event, or paste its JSON"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" className="btn">
          Why not?
        </button>
      </div>
      {problem === '' ? null : (
        <p className="fault" role="alert">
          <EvidenceText>{problem}</EvidenceText>
        </p>
      )}
    </form>
  );
}
