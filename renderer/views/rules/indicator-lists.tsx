import { type ReactNode, useRef, useState } from 'react';
import type { IndicatorListRow } from '../../../core/contract/rows.ts';
import { useAct, useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { tell, tellFault } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';

/** Lists of indicators of this case, with what they hit; a new one comes from a file. */
export function IndicatorLists(): ReactNode {
  const bridge = useBridge();
  const act = useAct();
  const mayChange = useMayChange();
  const lists = useCall('indicators/lists', {}, { keeps: true });
  const file = useRef<HTMLInputElement>(null);
  const add = async (token: string, name: string): Promise<void> => {
    const added = await act('indicators/add', { token, name });
    if (added !== null) tell(`List “${added.name}” added. Run the rules again to compare with it.`);
  };
  const choose = async (): Promise<void> => {
    if (!bridge.door.canChooseEvidence) {
      file.current?.click();
      return;
    }
    const chosen = await bridge.chooseEvidence('files');
    if (!chosen.ok) tellFault(chosen.fault.message);
    else for (const { token, name } of chosen.value) await add(token, name);
  };
  return (
    <section className="sec" aria-label="Lists of indicators">
      <h2>
        Lists of indicators{' '}
        <small>plain, CSV, STIX 2.1 or MISP; compared with addresses, clients, users and images</small>
        <span className="sp" />
        {mayChange ? (
          <button type="button" className="btn" onClick={() => void choose()}>
            Add a list…
          </button>
        ) : null}
      </h2>
      <input
        ref={file}
        type="file"
        hidden
        aria-label="File of indicators"
        onChange={async (event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen === undefined) return;
          const given = await bridge.giveEvidence(chosen);
          if (given.ok) await add(given.value.token, chosen.name);
          else tellFault(given.fault.message);
        }}
      />
      <Answered call={lists} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <p className="t2">
              None in this case. A list of known bad addresses or images shows who in the log is on it.
            </p>
          ) : (
            <ul>
              {all.map((list) => (
                <IndicatorList key={list.name} list={list} />
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}

function IndicatorList({ list }: { readonly list: IndicatorListRow }): ReactNode {
  const act = useAct();
  const { go } = usePlace();
  const mayChange = useMayChange();
  const [reason, setReason] = useState<string | null>(null);
  const remove = async (): Promise<void> => {
    if (reason === null || reason.trim() === '') return;
    if ((await act('indicators/remove', { name: list.name, reason: reason.trim() })) !== null)
      tell(`List “${list.name}” removed.`);
  };
  const skipped = Object.entries(list.skipped);
  return (
    <li className="list">
      <div className="row wrap">
        <b className="mono">
          <EvidenceText>{list.name}</EvidenceText>
        </b>
        <span className="t2 grow">
          {Object.entries(list.counts)
            .map(([kind, values]) => `${count(values)} ${kind}`)
            .join(', ')}
        </span>
        <button
          type="button"
          className="btn quiet"
          disabled={list.hits === 0}
          onClick={() => go('alerts', { text: list.name })}
        >
          {counted(list.hits, 'alert')}
        </button>
        {mayChange ? (
          <button type="button" className="btn quiet" onClick={() => setReason(reason === null ? '' : null)}>
            Remove…
          </button>
        ) : null}
      </div>
      <p className="t3">
        <EvidenceText>{list.file}</EvidenceText>, {list.format}, {list.date ?? 'of an unknown day'}, SHA-256{' '}
        {list.sha256.slice(0, 12)}…
        {skipped.length === 0
          ? ''
          : `; passed over: ${skipped.map(([why, entries]) => `${entries} ${why}`).join(', ')}`}
      </p>
      {list.isStale ? (
        <p className="warn" role="note">
          <EvidenceText>{list.staleness}</EvidenceText>
        </p>
      ) : null}
      {reason === null ? null : (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void remove();
          }}
        >
          <input
            className="field grow"
            aria-label={`Why ${list.name} is removed`}
            placeholder="Why, for the action log"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" className="btn" disabled={reason.trim() === ''}>
            Remove
          </button>
        </form>
      )}
    </li>
  );
}
