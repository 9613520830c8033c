import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { keyText } from './kbd.tsx';
import { type CommandId, type KeyCommand, strokeOf } from './key-map.ts';
import { setKey, takenBy, useKeyCommands } from './own-keys.ts';

const HELD: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'Meta']);

/** A command's key as a button: press it, then the new key. Esc leaves all as it was; a key that is taken is refused. */
export function KeyChange({ command, isOwn }: { readonly command: KeyCommand; readonly isOwn: boolean }): ReactNode {
  const commands = useKeyCommands();
  const [listens, setListens] = useState(false);
  const [refused, setRefused] = useState('');
  const id = command.id as CommandId;
  const hear = (event: KeyboardEvent): void => {
    if (!listens || event.key === 'Tab' || HELD.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setListens(false);
      return;
    }
    const key = strokeOf(event);
    const others = takenBy(key, id, commands);
    setRefused(others.length === 0 ? '' : `${keyText(key)} is ${others.map(({ title }) => title).join(', ')}`);
    if (others.length > 0) return;
    setKey(id, key);
    setListens(false);
  };
  return (
    <span className="key-change">
      {refused === '' ? null : (
        <span className="fault" role="alert">
          {refused}
        </span>
      )}
      <button
        type="button"
        className="btn quiet"
        aria-label={`Key of ${command.title}: ${command.keys.map(keyText).join(' or ')}`}
        aria-pressed={listens}
        onKeyDown={hear}
        onBlur={() => setListens(false)}
        onClick={() => {
          setRefused('');
          setListens(true);
        }}
      >
        {listens ? 'press a key' : command.keys.map(keyText).join('  ')}
      </button>
      {isOwn ? (
        <button
          type="button"
          className="btn quiet"
          onClick={() => setKey(id, null)}
          aria-label={`Key of ${command.title} as shipped`}
        >
          reset
        </button>
      ) : null}
    </span>
  );
}
