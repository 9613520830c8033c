import { type ReactNode, useState } from 'react';
import { keyText } from '../keys/kbd.tsx';
import { KeyChange } from '../keys/key-change.tsx';
import type { KeyCommand } from '../keys/key-map.ts';
import { useKeyCommands } from '../keys/own-keys.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { prefer, usePreferences } from '../prefs.ts';
import { Sheet } from './modal.tsx';
import { fits } from './palette.tsx';

const PLACES: readonly KeyCommand['where'][] = ['Anywhere', 'Lists', 'Alerts', 'Timeline', 'Hunt and rules'];

/** `?`: every key, by where it works. */
export function KeySheet({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }): ReactNode {
  const [text, setText] = useState('');
  const [changes, setChanges] = useState(false);
  const { keys } = usePreferences();
  const commands = useKeyCommands().filter((command) => text === '' || fits(text, command.title));
  return (
    <Sheet isOpen={isOpen} label="Keyboard" onClose={onClose} size={1040}>
      <div className="sheet-head">
        <h2>Keyboard</h2>
        <label className="field">
          <Icon name="search" />
          <input
            value={text}
            placeholder="Find a key or a command"
            aria-label="Find a key or a command"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <span className="grow" />
        {Object.keys(keys).length === 0 ? null : (
          <button type="button" className="btn quiet" onClick={() => prefer({ keys: {} })}>
            All as shipped
          </button>
        )}
        <button type="button" className="btn" aria-pressed={changes} onClick={() => setChanges(!changes)}>
          Change keys
        </button>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className="key-columns">
        {PLACES.map((place) => {
          const here = commands.filter((command) => command.where === place);
          return here.length === 0 ? null : (
            <section key={place}>
              <h3>{place}</h3>
              <dl>
                {here.map((command) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      {changes && command.keys[0] !== undefined ? (
                        <KeyChange command={command} isOwn={Object.hasOwn(keys, command.id)} />
                      ) : (
                        command.keys.map((key) => (
                          <kbd key={key} className="kbd">
                            {keyText(key)}
                          </kbd>
                        ))
                      )}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <p className="sheet-foot t2">
        Single letters rest while you type in a field. No function needs the pointer. In a browser, Ctrl 1 to 8 may
        belong to its tabs: use g and a letter.
      </p>
    </Sheet>
  );
}
