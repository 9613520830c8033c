import type { ReactNode } from 'react';
import { tell, tellFault } from '../undo.ts';
import { Icon } from './icon.tsx';

/** Puts a text on the clipboard and says so. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(`${what} copied.`);
  } catch {
    tellFault('The browser does not let this page use the clipboard. Select the text and copy it by hand.');
  }
}

export function CopyButton({
  text,
  what,
  children,
}: {
  readonly text: string;
  readonly what: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      className={children === undefined ? 'ib' : 'btn'}
      aria-label={children === undefined ? `Copy ${what.toLowerCase()}` : undefined}
      onClick={() => void copyText(text, what)}
    >
      <Icon name="copy" />
      {children}
    </button>
  );
}
