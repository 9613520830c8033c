import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { EvidenceToken } from '../../../core/contract/calls.ts';
import type { Answer } from '../../../core/contract/fault.ts';
import type { ForeignFile } from '../../../core/contract/rows.ts';
import { ask, CallFault } from '../../calls/ask.ts';
import { useAct, useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Answered, FaultNote } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import { count, counted, megabytes, shortHash } from '../../words/number.ts';

const SHAPES: Readonly<Record<ForeignFile['shape'], string>> = {
  rest: 'as its alerts API answers',
  'event-hub': 'as sent to Event Hubs',
  table: 'rows of the SecurityAlert table',
};

interface Refusal {
  readonly name: string;
  readonly error: unknown;
}

/** Whether something is dragged over the place for alerts of other tools: such files are no evidence of the cluster. */
export function isOverForeign(target: EventTarget): boolean {
  return target instanceof Element && target.closest('.foreign-files') !== null;
}

/** Alerts of Defender for Cloud that were brought into the case: what was taken, what was refused and why, and the way out. */
export function ForeignFiles(): ReactNode {
  const bridge = useBridge();
  const act = useAct();
  const { go } = usePlace();
  const mayChange = useMayChange();
  const found = useCall('foreign/list', {}, { keeps: true });
  const picker = useRef<HTMLInputElement>(null);
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [isBusy, setBusy] = useState(false);

  /** A file counts as a whole or not at all; one that is refused does not hold up the others. */
  const addAll = async (given: readonly Promise<Answer<EvidenceToken>>[], names: readonly string[]): Promise<void> => {
    setBusy(true);
    const [refused, taken]: [Refusal[], ForeignFile[]] = [[], []];
    for (const [index, giving] of given.entries()) {
      try {
        const answer = await giving;
        if (!answer.ok) throw new CallFault(answer.fault);
        taken.push(await ask(bridge, 'foreign/add', { token: answer.value.token }));
      } catch (error) {
        refused.push({ name: names[index] ?? '', error });
      }
    }
    setRefusals(refused);
    setBusy(false);
    if (taken.length === 0) return;
    const alerts = taken.reduce((sum, file) => sum + file.alerts, 0);
    tell(
      `${counted(alerts, 'alert')} of Defender for Cloud taken in from ${counted(taken.length, 'file')}.`,
      async () => {
        for (const { id } of taken) await act('foreign/remove', { id, reason: 'undone' });
      },
    );
  };
  const addFiles = (files: readonly File[]): Promise<void> =>
    addAll(
      files.map((file) => bridge.giveEvidence(file)),
      files.map(({ name }) => name),
    );
  const choose = async (): Promise<void> => {
    if (!bridge.door.canChooseEvidence) {
      picker.current?.click();
      return;
    }
    const chosen = await bridge.chooseEvidence('files');
    if (!chosen.ok) return;
    await addAll(
      chosen.value.map((value) => Promise.resolve({ ok: true, value } as const)),
      chosen.value.map(({ name }) => name),
    );
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    if (mayChange) void addFiles([...event.dataTransfer.files]);
  };
  return (
    // Files may be dropped here; the button does the same for the keyboard.
    <section className="foreign-files" aria-label="Alerts of other tools" onDrop={drop}>
      <div className="bar">
        <b>Alerts of other tools</b>
        <span className="t2 clip">exports of Defender for Cloud as JSON; no finding rests on them</span>
        <span className="grow" />
        {found.data === undefined || found.data.total === 0 ? null : (
          <button type="button" className="btn quiet" onClick={() => go('timeline', {})}>
            See them on the timeline
          </button>
        )}
        <button type="button" className="btn" disabled={!mayChange || isBusy} onClick={() => void choose()}>
          <Icon name="plus" size={13} />
          {isBusy ? 'Reading…' : 'Add Defender alerts…'}
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept=".json,.jsonl,.ndjson"
          aria-label="Files with alerts of Defender for Cloud"
          onChange={(event) => {
            void addFiles([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      {refusals.map(({ name, error }) => (
        <div key={name} className="pad">
          <p className="b">
            Nothing was taken from <EvidenceText>{name}</EvidenceText>
          </p>
          <FaultNote error={error} />
        </div>
      ))}
      {refusals.length === 0 ? null : (
        <button type="button" className="btn quiet" onClick={() => setRefusals([])}>
          Close
        </button>
      )}
      <Answered call={found} rows={1}>
        {({ files }) =>
          files.length === 0 ? (
            <p className="pad t2">
              None. Drop an export here to see on the timeline what the other tool said, beside the alerts of this case.
            </p>
          ) : (
            <ul>
              {files.map((file) => (
                <ForeignFileLine key={file.id} file={file} />
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}

function ForeignFileLine({ file }: { readonly file: ForeignFile }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const [reason, setReason] = useState<string | null>(null);
  const remove = async (why: string): Promise<void> => {
    if ((await act('foreign/remove', { id: file.id, reason: why })) === null) return;
    tell(`Alerts of ${file.name} are shown no more. The file stays in the case; add it again to see them.`);
  };
  return (
    <li className="row pad">
      <Icon name="file" />
      <span className="mono clip">
        <EvidenceText>{file.name}</EvidenceText>
      </span>
      <span className="tn">{counted(file.alerts, 'alert')}</span>
      <span className="t2 clip">
        {SHAPES[file.shape]}, {megabytes(file.bytes)}, added by <EvidenceText>{file.examiner}</EvidenceText>
      </span>
      <span className="mono t3" title={`SHA-256 ${file.sha256}`}>
        {shortHash(file.sha256)}
      </span>
      <span className="grow" />
      {reason === null ? (
        <button type="button" className="btn quiet" disabled={!mayChange} onClick={() => setReason('')}>
          Remove…
        </button>
      ) : (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== '') void remove(reason.trim());
          }}
        >
          <input
            className="field"
            aria-label={`Reason to remove ${file.name}`}
            placeholder="Reason, for the action log"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setReason(null)}
            ref={(element) => element?.focus()}
          />
          <button type="submit" className="btn" disabled={reason.trim() === ''}>
            Remove {count(file.alerts)}
          </button>
        </form>
      )}
    </li>
  );
}
