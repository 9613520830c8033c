import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useState } from 'react';
import type { SearchHit } from '../../core/contract/entity-calls.ts';
import { useCall } from '../calls/use-call.ts';
import { keyText } from '../keys/kbd.tsx';
import { availableCommands, runCommand } from '../keys/key-listener.ts';
import type { CommandId } from '../keys/key-map.ts';
import { keyCommands } from '../keys/own-keys.ts';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePlace } from '../place.ts';
import { Sheet } from './modal.tsx';
import { openHit } from './search-field.tsx';

/** A command of the palette that has no key of its own. */
export interface PaletteAction {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  run(): void;
}

interface Entry {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly kbd: string;
  run(): void;
}

/** Ctrl+K: every command, and everything that has a name. */
export function Palette({
  isOpen,
  onClose,
  actions,
}: {
  readonly isOpen: boolean;
  onClose(): void;
  readonly actions: readonly PaletteAction[];
}): ReactNode {
  return (
    <Sheet isOpen={isOpen} label="Commands" onClose={onClose} size={620}>
      {isOpen ? <PaletteBody onClose={onClose} actions={actions} /> : null}
    </Sheet>
  );
}

function PaletteBody({ onClose, actions }: { onClose(): void; readonly actions: readonly PaletteAction[] }): ReactNode {
  const id = useId();
  const place = usePlace();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const typed = text.trim();
  // Names are searched for when the keys rest. Enter carries out what is listed, so only what fits the text of now may be.
  const wanted = useDeferredValue(typed);
  const hits = useCall('search/all', { text: wanted, limit: 8 }, { isOn: wanted.length > 1 });
  const run = (act: () => void) => (): void => {
    onClose();
    // After the sheet has given the focus back.
    setTimeout(act, 0);
  };
  const entries: readonly Entry[] = [
    ...commandEntries(typed, actions, run),
    ...(wanted.length > 1 && wanted === typed ? (hits.data ?? []) : []).map((hit: SearchHit) => ({
      key: JSON.stringify(hit),
      title: hit.title,
      detail: hit.detail,
      kbd: hit.kind,
      run: run(() => openHit(hit, place)),
    })),
  ];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % Math.max(1, entries.length));
    else if (event.key === 'ArrowUp') setChosen((chosen + entries.length - 1) % Math.max(1, entries.length));
    else if (event.key === 'Enter') entries[chosen]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <label className="palette-field">
        <Icon name="search" />
        <input
          data-autofocus
          value={text}
          placeholder="A command, a name, an alert…"
          aria-label="Find a command or a name"
          role="combobox"
          aria-expanded
          aria-controls={`${id}list`}
          aria-activedescendant={`${id}-${chosen}`}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="kbd">Esc</kbd>
      </label>
      <div role="listbox" id={`${id}list`} aria-label="Commands" className="palette-list">
        {entries.length === 0 ? <p className="t2 pad">No command and no name holds “{text}”.</p> : null}
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="opt"
            ref={index === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onMouseMove={() => setChosen(index)}
            onClick={entry.run}
            onKeyDown={() => undefined}
          >
            <span className="clip">
              <EvidenceText>{entry.title}</EvidenceText>
            </span>
            <span className="clip grow t3">
              <EvidenceText>{entry.detail}</EvidenceText>
            </span>
            {entry.kbd === '' ? null : <kbd className="kbd">{entry.kbd}</kbd>}
          </div>
        ))}
      </div>
    </>
  );
}

function commandEntries(
  text: string,
  actions: readonly PaletteAction[],
  run: (act: () => void) => () => void,
): readonly Entry[] {
  const available = availableCommands();
  const own = actions.map((action) => ({
    key: action.id,
    title: action.title,
    detail: action.detail ?? '',
    kbd: '',
    run: run(action.run),
  }));
  const keyed = keyCommands()
    .filter((command) => available.has(command.id as CommandId) && command.id !== 'palette' && command.id !== 'close')
    .map((command) => ({
      key: command.id,
      title: command.id.startsWith('go.') ? `Go to ${command.title}` : command.title,
      detail: command.where === 'Anywhere' ? '' : command.where,
      kbd: keyText(command.keys[0] ?? ''),
      run: run(() => void runCommand(command.id as CommandId)),
    }));
  return [...keyed, ...own].filter((entry) => fits(text, `${entry.title} ${entry.detail}`));
}

/** Whether every word of the text begins somewhere in the title. */
export function fits(text: string, title: string): boolean {
  const low = title.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}
