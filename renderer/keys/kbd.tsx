import type { ReactNode } from 'react';
import type { CommandId } from './key-map.ts';
import { useKeyCommands } from './own-keys.ts';

const NAMES: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
};

/** `Ctrl+Shift+e` as `Ctrl Shift E`. */
export function keyText(key: string): string {
  return key
    .split(/(?<=.)\+/)
    .map((part) => NAMES[part] ?? (part.length === 1 && key.includes('+') && key !== '+' ? part.toUpperCase() : part))
    .join(' ');
}

/** The first key of a command, as a key cap. */
export function Kbd({ of }: { readonly of: CommandId }): ReactNode {
  const key = useKeyCommands().find((command) => command.id === of)?.keys[0];
  return key === undefined ? null : <kbd className="kbd">{keyText(key)}</kbd>;
}

/** `Star (s)`: a title that names the key as the person has set it. */
export function useKeyTitle(): (title: string, of: CommandId) => string {
  const commands = useKeyCommands();
  return (title, of) => {
    const key = commands.find((command) => command.id === of)?.keys[0];
    return key === undefined ? title : `${title} (${keyText(key)})`;
  };
}
