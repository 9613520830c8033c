import { type ReactNode, useState } from 'react';
import { LEVELS, type Level } from '../../../core/contract/rows.ts';
import { useAct, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { LEVEL_WORDS } from '../../parts/severity-mark.tsx';
import { tell } from '../../undo.ts';

/** Switches a rule off in this case, or gives it another level, with a reason; the next run follows. */
export function RuleSettingForm({ rule }: { readonly rule: string }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const settings = useCall('studio/settings', {}, { keeps: true }).data ?? [];
  const now = settings.find((setting) => setting.rule === rule);
  const [reason, setReason] = useState('');
  const set = (isEnabled: boolean, level: Level | null): void => {
    void act('studio/set', { rule, isEnabled, level, reason }).then((done) => {
      if (done === null) return;
      setReason('');
      const what = !isEnabled
        ? 'Rule switched off'
        : level === null
          ? 'Rule as it says itself'
          : `Rule set to ${LEVEL_WORDS[level]}`;
      tell(`${what} in this case. Run the rules again to follow.`, async () => {
        await act('actions/undo', { action: done.action });
      });
    });
  };
  const isReady = mayChange && reason.trim() !== '';
  return (
    <section className="sec" aria-label="In this case">
      <h2>In this case</h2>
      {now === undefined ? null : (
        <p>
          {now.isEnabled ? `Level ${now.level === null ? 'of its own' : LEVEL_WORDS[now.level]}` : 'Switched off'}:{' '}
          <EvidenceText>{now.reason}</EvidenceText>{' '}
          <span className="t2">
            <EvidenceText>{now.examiner}</EvidenceText>
          </span>
        </p>
      )}
      <label className="field">
        <input
          aria-label="Reason for the setting"
          placeholder="Why, before you change it"
          value={reason}
          disabled={!mayChange}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="row wrap" style={{ marginTop: 6 }}>
        <button type="button" className="btn" disabled={!isReady} onClick={() => set(now?.isEnabled === false, null)}>
          {now?.isEnabled === false ? 'Switch on' : 'Switch off'}
        </button>
        {LEVELS.map((level) => (
          <button key={level} type="button" className="btn" disabled={!isReady} onClick={() => set(true, level)}>
            {LEVEL_WORDS[level]}
          </button>
        ))}
        <button
          type="button"
          className="btn quiet"
          disabled={!isReady || now === undefined}
          onClick={() => set(true, null)}
        >
          As the rule says
        </button>
      </div>
    </section>
  );
}
