import type { ReactNode } from 'react';
import type { MatrixTechnique } from '../../../core/contract/rule-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered, Empty } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { count } from '../../words/number.ts';

/** Tactics across, techniques down; each says what fired, what was clean and what was blind. */
export function Matrix(): ReactNode {
  const matrix = useCall('rules/matrix', {}, { keeps: true });
  const { set } = usePlace();
  return (
    <div className="matrix-scroll">
      <Answered call={matrix} rows={10}>
        {(tactics) =>
          tactics.length === 0 ? (
            <Empty title="No rule names a technique." />
          ) : (
            <div className="matrix" style={{ gridTemplateColumns: `repeat(${tactics.length}, minmax(132px, 1fr))` }}>
              {tactics.map((tactic) => (
                <section key={tactic.tactic} aria-label={tactic.title}>
                  <h2>{tactic.title}</h2>
                  {tactic.techniques.map((technique) => (
                    <Technique
                      key={technique.id}
                      technique={technique}
                      onOpen={() => set({ tab: undefined, text: technique.id })}
                    />
                  ))}
                </section>
              ))}
            </div>
          )
        }
      </Answered>
      <p className="t3 pad">
        <span className="state state-fired">fired</span> an alert · <span className="state state-clean">clean</span>{' '}
        could have fired and did not · <span className="state state-blind">blind</span> could not have fired in this log
      </p>
    </div>
  );
}

function Technique({ technique, onOpen }: { readonly technique: MatrixTechnique; onOpen(): void }): ReactNode {
  const state = technique.fired > 0 ? 'fired' : technique.clean > 0 ? 'clean' : 'blind';
  return (
    <button type="button" className={`technique technique-${state}`} onClick={onOpen}>
      <span className="row">
        <span className="mono t2 grow">{technique.id}</span>
        {technique.level === null ? null : <SeverityMark level={technique.level} size={12} />}
        {technique.alerts === 0 ? null : <b className="tn">{count(technique.alerts)}</b>}
      </span>
      <span className="technique-name">{technique.name === technique.id ? '' : technique.name}</span>
      <small className="t2">
        {[
          technique.fired > 0 ? `${technique.fired} fired` : '',
          technique.clean > 0 ? `${technique.clean} clean` : '',
          technique.blind > 0 ? `${technique.blind} blind` : '',
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </small>
    </button>
  );
}
