import type { ReactNode } from 'react';
import { type CommandId, KEY_COMMANDS } from './key-map.ts';

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
  const key = KEY_COMMANDS.find((command) => command.id === of)?.keys[0];
  return key === undefined ? null : <kbd className="kbd">{keyText(key)}</kbd>;
}
