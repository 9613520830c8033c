import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { mayChangeCase, useAct, useBridge, useCall, useCase, useMayChange } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { JobCard, useJobs } from '../../frame/jobs.tsx';
import { DropMenu } from '../../parts/drop-menu.tsx';
import { droppedFiles } from '../../parts/dropped-files.ts';
import { Icon } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { RunWarnings } from '../../parts/run-warnings.tsx';
import { Answered } from '../../parts/state.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import { count, counted, megabytes } from '../../words/number.ts';
import { ActionLog } from './action-log.tsx';
import { BrowseFolders } from './browse-folders.tsx';
import { ForeignFiles, isOverForeign } from './foreign-files.tsx';
import { ImportForm } from './import-form.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { MemberPanel } from './member-panel.tsx';
import { RejectedList } from './rejected-list.tsx';
import { type Sending, useSending } from './sending.ts';
import { ServerStrips } from './server-strips.tsx';
import { VerifyResult } from './verify-result.tsx';

/** What was read, whether the sums agree, what could not be read; and the door for more. */
export function EvidenceView(): ReactNode {
  const bridge = useBridge();
  const place = usePlace();
  const opened = useCase();
  const mayChange = useMayChange();
  const act = useAct();
  const sending = useSending();
  const ledger = useCall('evidence/ledger', {}, { keeps: true });
  const [isOver, setOver] = useState(false);
  const [browses, setBrowses] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);
  const running = useJobs().filter((job) => job.state === 'running');
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    if (!bridge.door.canChooseEvidence) {
      (kind === 'files' ? picker : folderPicker).current?.click();
      return;
    }
    const chosen = await bridge.chooseEvidence(kind);
    if (chosen.ok) sending.take(chosen.value);
  };
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    if (isOverForeign(event.target)) return;
    // What was dropped can only be taken out at once.
    const dropped = droppedFiles(event.dataTransfer);
    const known = opened ?? (await act('case/open', {}));
    if (known === null) return;
    if (mayChangeCase(known)) sending.send((await dropped).map(({ file }) => file));
    else tell('Nothing was taken: this case is open for reading only.');
  };
  const verify = async (): Promise<void> => {
    if ((await act('verify/start', {})) !== null) tell('Everything is computed again; the top bar shows how far.');
  };
  const evidence = place.search.evidence;
  const member = ledger.data?.rows.find((row) => row.id === evidence);
  const sum = ledger.data?.sum;
  return (
    // Files may be dropped anywhere on the view; buttons do the same for the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way, the buttons are the first
    <div
      className={isOver ? 'drop-zone over-now' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!isOverForeign(event.target));
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setOver(false);
      }}
      onDrop={(event) => void drop(event)}
    >
      <ViewHead
        title="Evidence"
        about={
          sum === undefined
            ? 'counting…'
            : `${counted(sum.files, 'file')}, ${counted(sum.members, 'member')}, ${megabytes(sum.bytes)} unpacked, case ${megabytes(opened?.sizeBytes ?? 0)}`
        }
      >
        <button type="button" className="btn" onClick={() => void verify()}>
          <Icon name="check" size={13} />
          <span className="wide">Verify everything again</span>
        </button>
        <DropMenu
          label="Add evidence"
          options={[
            { key: 'files', title: 'Files…', isOff: !mayChange, onPick: () => void choose('files') },
            { key: 'folder', title: 'A folder…', isOff: !mayChange, onPick: () => void choose('folder') },
            ...(bridge.door.hasEvidenceRoots
              ? [
                  {
                    key: 'browse',
                    title: 'From the server’s evidence folders…',
                    isOff: !mayChange,
                    onPick: () => setBrowses(true),
                  },
                ]
              : []),
          ]}
        >
          <Icon name="plus" size={13} />
          Add evidence
        </DropMenu>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Evidence files"
          onChange={(event) => sending.send([...(event.target.files ?? [])])}
        />
        <input
          ref={folderPicker}
          type="file"
          hidden
          aria-label="Evidence folder"
          {...{ webkitdirectory: '' }}
          onChange={(event) => sending.send([...(event.target.files ?? [])])}
        />
      </ViewHead>
      <div className="body">
        <div className="pane-scroll grow evidence">
          {browses ? <BrowseFolders onTake={sending.take} onClose={() => setBrowses(false)} /> : null}
          <Sendings sending={sending} />
          {running.map((job) => (
            <div key={job.id} className="running" role="status">
              <JobCard job={job} />
            </div>
          ))}
          <VerifyResult />
          <RunWarnings />
          <Answered call={ledger} rows={8}>
            {(data) =>
              data.rows.length === 0 ? (
                <DropHere onFiles={() => void choose('files')} mayChange={mayChange} />
              ) : (
                <>
                  <Sum sum={data.sum} />
                  <ServerStrips />
                  <LedgerTable ledger={data} />
                  <RejectedList sum={data.sum} />
                  <ForeignFiles />
                  <ActionLog />
                </>
              )
            }
          </Answered>
        </div>
        {member === undefined ? null : (
          <Dock label="Member" onClose={() => place.set({ evidence: undefined })}>
            <MemberPanel member={member} onClose={() => place.set({ evidence: undefined })} />
          </Dock>
        )}
      </div>
      {isOver ? (
        <div className="drop-hint" aria-hidden="true">
          <Icon name="download" size={28} />
          Drop files, folders or archives: they are read as evidence
        </div>
      ) : null}
    </div>
  );
}

function DropHere({ onFiles, mayChange }: { onFiles(): void; readonly mayChange: boolean }): ReactNode {
  return (
    <div className="first-steps">
      <h2>Start this case from logs</h2>
      <p className="prose t2">
        Drop files, folders or archives anywhere in this view. They are opened read-only, hashed while they are read,
        and stay on this machine.
      </p>
      <div className="row">
        <button type="button" className="btn primary" disabled={!mayChange} onClick={onFiles}>
          Choose evidence…
        </button>
      </div>
      <h3>What can be read</h3>
      <p className="t2">
        JSON lines, JSON lists and EventList; CloudWatch, Azure, Google Cloud and OpenShift exports; Fluent Bit, Vector
        and Loki wrappers; in gzip, zstd, xz, bzip2, zip and tar, nested as they come.
      </p>
    </div>
  );
}

function Sendings({ sending }: { readonly sending: Sending }): ReactNode {
  if (sending.files.length === 0) return null;
  return (
    <section className="sec sendings" aria-label="Files to import">
      <h2>
        To be read <small>{counted(sending.files.length, 'file')}</small>
      </h2>
      {sending.files.map((file) => (
        <div key={file.id} className="row sending">
          <Icon name="file" />
          <span className="mono clip sending-name">{file.name}</span>
          <span className="grow">
            {file.token === null && file.fault === null ? (
              <span
                className="meter"
                role="progressbar"
                aria-label={`Sending ${file.name}`}
                aria-valuenow={percent(file)}
                aria-valuemin={0}
                aria-valuemax={100}
              >
                <i style={{ width: `${percent(file)}%` }} />
              </span>
            ) : null}
          </span>
          <span className={file.fault === null ? 't2 tn' : 'fault'}>
            {file.fault !== null
              ? file.fault.message
              : file.token === null
                ? `${megabytes(file.sent)} of ${megabytes(file.size)}`
                : `${megabytes(file.size)}, ready`}
          </span>
          <IconButton icon="close" size={12} label={`Leave out ${file.name}`} onClick={() => sending.drop(file.id)} />
        </div>
      ))}
      <ImportForm sending={sending} />
    </section>
  );
}

function percent(file: { readonly sent: number; readonly size: number }): number {
  return file.size === 0 ? 100 : Math.floor((file.sent / file.size) * 100);
}

function Sum({
  sum,
}: {
  readonly sum: {
    readonly records: number;
    readonly unique: number;
    readonly duplicates: number;
    readonly skipped: number;
    readonly malformed: number;
    readonly reconciles: boolean;
  };
}): ReactNode {
  return (
    <section className="sum tn" aria-label="Sum">
      <Figure number={sum.records} title="records read" />
      <Figure sign="=" number={sum.unique} title="unique events" />
      <Figure sign="+" number={sum.duplicates} title="duplicates, folded" />
      <Figure sign="+" number={sum.skipped} title="skipped, not audit" />
      <Figure sign="+" number={sum.malformed} title="malformed, kept" />
      <span className="grow" />
      <div className="sum-says">
        {sum.reconciles ? (
          <span className="ok b">✓ The sum reconciles</span>
        ) : (
          <span className="fault b">✗ The sum does not reconcile</span>
        )}
        <small>
          {sum.reconciles ? 'in every member; nothing was dropped' : 'see the members marked below, and verify'}
        </small>
      </div>
    </section>
  );
}

function Figure({
  sign,
  number,
  title,
}: {
  readonly sign?: '=' | '+';
  readonly number: number;
  readonly title: string;
}): ReactNode {
  return (
    <div className="sum-part">
      {sign === undefined ? null : <i>{sign}</i>}
      <div>
        <b>{count(number)}</b>
        <small>{title}</small>
      </div>
    </div>
  );
}
