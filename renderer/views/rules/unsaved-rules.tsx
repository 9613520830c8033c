import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useAct, useCall, useCase, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import { shortTime } from '../studio/time.ts';
import { writeHere } from '../studio/unsaved.ts';

/** Rules that were written and not saved: nobody has to remember their names. */
export function UnsavedRules(): ReactNode {
  const { set } = usePlace();
  const act = useAct();
  const client = useQueryClient();
  const mayChange = useMayChange();
  const { path: casePath } = useCase() ?? { path: '' };
  const rules = useCall('studio/unsaved', {}, { isOn: mayChange, keeps: true }).data ?? [];
  const giveUp = async (path: string): Promise<void> => {
    const opened = await act('studio/open', { path });
    const was = opened?.unsaved ?? null;
    if (was === null || (await act('studio/give-up', { path })) === null) return;
    writeHere(casePath, path, null);
    client.removeQueries({ queryKey: ['studio/open', { path }] });
    tell(`What was written of ${path} is given up.`, async () => {
      await act('studio/keep', was);
      client.removeQueries({ queryKey: ['studio/open', { path }] });
    });
  };
  if (rules.length === 0) return null;
  return (
    <section className="sec unsaved-rules" aria-label="Not saved yet">
      <h2>Not saved yet</h2>
      <ul>
        {rules.map(({ path, time }) => (
          <li key={path} className="row">
            <span className="mono">
              <EvidenceText>{path}</EvidenceText>
            </span>
            <span className="t2 grow">{shortTime(time * 1000)}</span>
            <button type="button" className="btn" aria-label={`Go on with ${path}`} onClick={() => set({ edit: path })}>
              Go on
            </button>
            <button
              type="button"
              className="btn quiet"
              aria-label={`Give up ${path}`}
              onClick={() => void giveUp(path)}
            >
              Give up
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
