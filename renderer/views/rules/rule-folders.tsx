import type { ReactNode } from 'react';
import { useAct, useBridge, useCall, useMayChange } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { tell, tellFault } from '../../undo.ts';
import { faultText } from '../../words/fault.ts';

export interface RuleFolders {
  readonly folders: readonly string[];
  /** Lets the person choose one more; its path, null: none. Null where this door has no dialog for it. */
  readonly choose: (() => Promise<string | null>) | null;
}

/** Folders of rules besides the case: what is saved there is a file. */
export function useRuleFolders(): RuleFolders {
  const bridge = useBridge();
  const mayChange = useMayChange();
  const folders = useCall('studio/folders', {}, { keeps: true }).data ?? [];
  const choose = async (): Promise<string | null> => {
    const chosen = await bridge.chooseRuleFolder();
    if (!chosen.ok) {
      tellFault(faultText(chosen.fault));
      return null;
    }
    if (chosen.value !== null) tell(`Rules of ${chosen.value} are read. Run the rules again to use them.`);
    return chosen.value;
  };
  return { folders, choose: bridge.door.canChooseRuleFolder && mayChange ? choose : null };
}

/** Which folders are open. What a dialog has opened can be closed here; what a command line named stays. */
export function RuleFolderList(): ReactNode {
  const { folders, choose } = useRuleFolders();
  const act = useAct();
  if (folders.length === 0) return null;
  const close = async (path: string): Promise<void> => {
    if ((await act('studio/leave-folder', { path })) !== null)
      tell(`${path} is closed. Its files stay as they are; the next run leaves its rules out.`);
  };
  return (
    <section className="sec unsaved-rules" aria-label="Folders of rules">
      <h2>Folders of rules</h2>
      <ul>
        {folders.map((path) => (
          <li key={path} className="row">
            <span className="mono grow breaks">
              <EvidenceText>{path}</EvidenceText>
            </span>
            {choose === null ? null : (
              <button
                type="button"
                className="btn quiet"
                aria-label={`Close the folder ${path}`}
                onClick={() => void close(path)}
              >
                Close
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where rules can be kept as files, while no folder is open. */
export function NoFolderNote(): ReactNode {
  const { folders, choose } = useRuleFolders();
  if (folders.length > 0) return null;
  return (
    <p className="t2">
      It is kept in the case.{' '}
      {choose === null ? (
        <>
          To keep rules as files in a folder of your own, start with{' '}
          <span className="mono">decklog serve CASE --rules DIR</span>.
        </>
      ) : (
        'To keep it as a file, choose a folder.'
      )}
    </p>
  );
}
