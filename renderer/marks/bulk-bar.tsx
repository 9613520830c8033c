import { type ReactNode, useState } from 'react';
import type { MarkKind, MarkTarget } from '../../core/contract/mark-calls.ts';
import { useMayChange } from '../calls/use-call.ts';
import { Kbd } from '../keys/kbd.tsx';
import { useKeys } from '../keys/key-listener.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { MarkEditor } from './mark-bar.tsx';
import { useMarking } from './use-marks.ts';

const MARKS = [
  ['star', 'Star', 'star', 'alert.star'],
  ['tag', 'Tag', 'tag', 'alert.tag'],
  ['note', 'Note', 'note', 'alert.note'],
] as const satisfies readonly (readonly [MarkKind, string, IconName, string])[];

/** What can be done with all selected rows at once: star, tag, note, and what the view adds. */
export function BulkBar({
  what,
  targets,
  onClear,
  children,
}: {
  /** `alert`, `event`. */
  readonly what: string;
  /** Answers once the selected rows are known. */
  targets(): Promise<readonly MarkTarget[]> | readonly MarkTarget[];
  onClear(): void;
  readonly children?: ReactNode;
}): ReactNode {
  const marking = useMarking();
  const mayChange = useMayChange();
  const [editing, setEditing] = useState<'tag' | 'note' | null>(null);
  const put = async (kind: MarkKind, text: string): Promise<void> => {
    const chosen = await targets();
    if (chosen.length > 0) await marking.add(chosen, { kind, text }, what);
  };
  const begin = (kind: MarkKind) => (): void => {
    if (kind === 'tag' || kind === 'note') setEditing(kind);
    else void put(kind, '');
  };
  // What is selected goes before what is open.
  useKeys(mayChange ? { 'alert.star': begin('star'), 'alert.tag': begin('tag'), 'alert.note': begin('note') } : {}, 1);
  return (
    <>
      <div className="bar bulk" role="group" aria-label={`With the selected ${what}s`}>
        {children}
        {MARKS.map(([kind, title, icon, key]) => (
          <button key={kind} type="button" className="btn" disabled={!mayChange} onClick={begin(kind)}>
            <Icon name={icon} size={12} />
            {title} <Kbd of={key} />
          </button>
        ))}
        <span className="grow" />
        <button type="button" className="btn quiet" onClick={onClear}>
          Select none
        </button>
      </div>
      {editing === null ? null : (
        <MarkEditor
          key={editing}
          kind={editing}
          onCancel={() => setEditing(null)}
          onSave={(text) => {
            setEditing(null);
            void put(editing, text);
          }}
        />
      )}
    </>
  );
}
