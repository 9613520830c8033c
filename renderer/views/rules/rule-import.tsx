import { type ReactNode, useRef, useState } from 'react';
import type { PackReport, TakenRule } from '../../../core/contract/studio-calls.ts';
import { ask, CallFault } from '../../calls/ask.ts';
import { useAct, useBridge, useMayChange } from '../../calls/use-call.ts';
import { DropMenu } from '../../parts/drop-menu.tsx';
import type { DroppedFile } from '../../parts/dropped-files.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { FaultNote } from '../../parts/state.tsx';
import { tell, tellFault } from '../../undo.ts';
import { counted } from '../../words/number.ts';
import { useRuleFolders } from './rule-folders.tsx';

interface PackSource {
  readonly token: string;
  readonly name: string;
}

interface Tried {
  readonly sources: readonly PackSource[];
  readonly report: PackReport;
}

/** A pack on its way into the case: what would be taken is told first, then a reason is asked for. */
export interface RuleImport {
  readonly tried: Tried | null;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly isOff: boolean;
  choose(kind: 'files' | 'folder'): Promise<void>;
  addFiles(files: readonly DroppedFile[]): Promise<void>;
  take(reason: string): Promise<void>;
  close(): void;
  /** The pickers of a browser, to be put into the page. */
  readonly pickers: ReactNode;
}

export function useRuleImport(): RuleImport {
  const bridge = useBridge();
  const act = useAct();
  const mayChange = useMayChange();
  const [tried, setTried] = useState<Tried | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  /** Reads what was chosen and tells what would become of it. */
  const attempt = async (given: () => Promise<readonly PackSource[]>): Promise<void> => {
    setBusy(true);
    setError(null);
    setTried(null);
    try {
      const sources = await given();
      if (sources.length === 0) return;
      setTried({ sources, report: await ask(bridge, 'studio/import', { sources, reason: '', isTrial: true }) });
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  };
  const addFiles = (chosen: readonly DroppedFile[]): Promise<void> =>
    attempt(async () => {
      const sources: PackSource[] = [];
      for (const { file, name } of chosen) {
        const answer = await bridge.giveEvidence(file);
        if (!answer.ok) throw new CallFault(answer.fault);
        sources.push({ token: answer.value.token, name });
      }
      return sources;
    });
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    if (!bridge.door.canChooseEvidence) {
      (kind === 'files' ? files : folder).current?.click();
      return;
    }
    const chosen = await bridge.chooseEvidence(kind);
    if (!chosen.ok) tellFault(chosen.fault.message);
    else await attempt(async () => chosen.value.map(({ token, name }) => ({ token, name })));
  };
  const close = (): void => {
    setTried(null);
    setError(null);
  };
  const take = async (reason: string): Promise<void> => {
    if (tried === null) return;
    const report = await act('studio/import', { sources: tried.sources, reason, isTrial: false });
    if (report === null) return;
    close();
    const { action } = report;
    if (action === null) tell('Nothing was taken: the case holds these rules already.');
    else
      tell(`${counted(report.taken.length, 'rule')} taken in. Run the rules again to use them.`, async () => {
        await act('actions/undo', { action });
      });
  };
  const picker = (label: string, place: typeof files, more: object): ReactNode => (
    <input
      ref={place}
      type="file"
      multiple
      hidden
      aria-label={label}
      {...more}
      onChange={(event) => {
        const chosen = [...(event.target.files ?? [])];
        event.target.value = '';
        void addFiles(chosen.map((file) => ({ file, name: file.webkitRelativePath || file.name })));
      }}
    />
  );
  return {
    ...{ tried, error, isBusy, isOff: !mayChange || isBusy, choose, addFiles, take, close },
    pickers: (
      <>
        {picker('Files of rules', files, { accept: '.yml,.yaml,.zip,.tar,.gz,.tgz' })}
        {picker('Folder of rules', folder, { webkitdirectory: '' })}
      </>
    ),
  };
}

export function ImportMenu({ rules }: { readonly rules: RuleImport }): ReactNode {
  const { choose } = useRuleFolders();
  const open = { key: 'open', title: 'Open a folder to work in…', isOff: rules.isOff, onPick: () => void choose?.() };
  return (
    <>
      <DropMenu
        label="Bring in rules"
        options={[
          { key: 'files', title: 'Files or a zip…', isOff: rules.isOff, onPick: () => void rules.choose('files') },
          { key: 'folder', title: 'A folder…', isOff: rules.isOff, onPick: () => void rules.choose('folder') },
          ...(choose === null ? [] : [open]),
        ]}
      >
        {rules.isBusy ? 'Reading…' : 'Bring in'}
      </DropMenu>
      {rules.pickers}
    </>
  );
}

/** What would be taken of a pack, what is refused and why. */
export function ImportPanel({ rules }: { readonly rules: RuleImport }): ReactNode {
  const [reason, setReason] = useState('');
  const { tried, error } = rules;
  if (error !== null)
    return (
      <section className="sec rule-import" aria-label="Rules to bring in">
        <FaultNote error={error} />
        <button type="button" className="btn quiet" onClick={rules.close}>
          Close
        </button>
      </section>
    );
  if (tried === null) return null;
  const { taken, same, refused, passedOver } = tried.report;
  return (
    <section className="sec rule-import" aria-label="Rules to bring in">
      <h2>Rules to bring in</h2>
      <p role="status">
        {counted(taken.length, 'rule')} to take, {refused.length} refused, {same.length} in the case already,{' '}
        {counted(passedOver, 'other file')} left out.
      </p>
      <form
        className="row"
        style={{ marginTop: 6 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') void rules.take(reason.trim()).then(() => setReason(''));
        }}
      >
        {taken.length === 0 ? null : (
          <>
            <label className="field grow">
              <input
                ref={(element) => {
                  // Whoever asks to bring rules in says why next.
                  if (reason === '') element?.focus();
                }}
                aria-label="Reason to bring the rules in"
                placeholder="Why, for the action log"
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                onKeyDown={(event) => event.key === 'Escape' && rules.close()}
              />
            </label>
            <button type="submit" className="btn primary" disabled={reason.trim() === ''}>
              Take {taken.length} in
            </button>
          </>
        )}
        <button type="button" className="btn quiet" onClick={rules.close}>
          {taken.length === 0 ? 'Close' : 'Cancel'}
        </button>
      </form>
      <ul aria-label="Files of the pack">
        {refused.map(({ path, problems }) => (
          <li key={path}>
            <span className="fault">✗</span> <span className="vh">refused</span>{' '}
            <span className="mono">
              <EvidenceText>{path}</EvidenceText>
            </span>
            {problems.map(({ line, column, code, message }) => (
              <div key={`${line} ${column} ${code}`} className="t2 rule-import-why">
                {line}:{column} <EvidenceText>{message}</EvidenceText> <span className="mono t3">{code}</span>
              </div>
            ))}
          </li>
        ))}
        {taken.map((rule) => (
          <Taken key={rule.file} rule={rule} />
        ))}
      </ul>
    </section>
  );
}

const HOW: Readonly<Record<TakenRule['how'], string>> = {
  new: 'new',
  changed: 'a further version of',
  replaces: 'stands in the place of',
};

function Taken({ rule }: { readonly rule: TakenRule }): ReactNode {
  const { title, file, path, how, hasTests, warnings } = rule;
  return (
    <li>
      <span className="ok">✓</span> <span className="vh">taken</span> <EvidenceText>{title}</EvidenceText>{' '}
      <span className="t2">
        <EvidenceText>{`${file}, ${HOW[how]} ${path}${hasTests ? ', with tests' : ''}`}</EvidenceText>
      </span>
      {warnings.map(({ line, column, code, message }) => (
        <div key={`${line} ${column} ${code}`} className="t2 rule-import-why">
          {line}:{column} <EvidenceText>{message}</EvidenceText>
        </div>
      ))}
    </li>
  );
}
