import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AlertChange, AlertDifference } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { counted } from '../../words/number.ts';
import { NoFolderNote, useRuleFolders } from '../rules/rule-folders.tsx';

/** What saving would change among the alerts of this case, and the reason for it. */
export function SavePanel({
  difference,
  hasErrors,
  path,
  title,
  onSave,
  onClose,
}: {
  readonly difference: AlertDifference | null;
  readonly hasErrors: boolean;
  readonly path: string;
  /** Of a new rule, which may be named; null: it stands where it stands. */
  readonly title: string | null;
  onSave(reason: string, runs: boolean, path: string): void;
  onClose(): void;
}): ReactNode {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // Whoever asks to save says why next.
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const [target, setTarget] = useState(() => (title === null ? path : namedAfter(title, path)));
  const isReady = reason.trim() !== '' && !hasErrors && target !== '';
  return (
    <section className="sec studio-save" aria-label="Save">
      <h2>If saved, against the last run</h2>
      {hasErrors ? (
        <p className="fault">The text has errors: a run would refuse it.</p>
      ) : (
        <Changes difference={difference} />
      )}
      {title === null ? null : <NoFolderNote />}
      <form
        className="row wrap"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onSave(reason, true, target);
        }}
      >
        {title === null ? null : <Target path={target} onChange={setTarget} />}
        <label className="field grow">
          <input
            ref={field}
            aria-label="Reason"
            placeholder="Why"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <button type="submit" className="btn primary" disabled={!isReady}>
          Save and run
        </button>
        <button type="button" className="btn" disabled={!isReady} onClick={() => onSave(reason, false, target)}>
          Save
        </button>
        <button type="button" className="btn quiet" onClick={onClose}>
          Cancel
        </button>
      </form>
    </section>
  );
}

/** `Shell in a pod` is kept as `case/shell-in-a-pod.yml`; without a title the name stays. */
function namedAfter(title: string, path: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? path : `${folderOf(path)}/${name}.yml`;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const IN_CASE = 'case';

/** Where a new rule is kept: in the case, or as a file in a folder that the program was started with. */
function Target({ path, onChange }: { readonly path: string; onChange(path: string): void }): ReactNode {
  const { folders, choose } = useRuleFolders();
  const [name, setName] = useState(path.slice(path.lastIndexOf('/') + 1).replace(/\.yml$/, ''));
  const [folder, setFolder] = useState(folderOf(path));
  const change = (place: string, next: string): void => {
    setFolder(place);
    setName(next);
    onChange(next === '' ? '' : `${place}/${next}.yml`);
  };
  return (
    <>
      {folders.length === 0 ? null : (
        <select
          className="field"
          aria-label="Keep it in"
          value={folder}
          onChange={(event) => change(event.target.value, name)}
        >
          <option value={IN_CASE}>the case</option>
          {folders.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      )}
      {choose === null ? null : (
        <button
          type="button"
          className="btn"
          onClick={() => void choose().then((chosen) => chosen !== null && change(chosen, name))}
        >
          Choose a folder…
        </button>
      )}
      <label className="field">
        <input
          aria-label="Name of the rule"
          placeholder="Name"
          value={name}
          onChange={(event) => change(folder, event.target.value.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 90))}
        />
      </label>
    </>
  );
}

function Changes({ difference }: { readonly difference: AlertDifference | null }): ReactNode {
  if (difference === null) return <p className="t3">comparing…</p>;
  const { appear, vanish, change, same } = difference;
  return (
    <>
      <p role="status">
        {appear.length} appear, {vanish.length} vanish, {change.length} change, {same} stay.
      </p>
      <ul className="studio-changes">
        <List sign="+" alerts={appear} />
        <List sign="−" alerts={vanish} />
        <List sign="~" alerts={change} />
      </ul>
    </>
  );
}

const SHOWN = 10;

function List({ sign, alerts }: { readonly sign: string; readonly alerts: readonly AlertChange[] }): ReactNode {
  return (
    <>
      {alerts.slice(0, SHOWN).map((alert, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: alerts that do not exist yet have no name
        <li key={index}>
          {sign} <SeverityMark level={alert.level} size={12} /> <EvidenceText>{alert.title}</EvidenceText>{' '}
          <EvidenceText>{[alert.user, alert.object].filter(Boolean).join(', ')}</EvidenceText>,{' '}
          {counted(alert.events, 'event')}
        </li>
      ))}
      {alerts.length > SHOWN ? <li className="t2">{`${sign} ${alerts.length - SHOWN} more`}</li> : null}
    </>
  );
}
