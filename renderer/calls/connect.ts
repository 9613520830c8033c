import type { DecklogBridge } from '../../core/contract/calls.ts';
import type { ShellApi } from '../../core/contract/shell.ts';
import { CallFault } from './ask.ts';
import { openShellBridge } from './shell-bridge.ts';
import { openSocketBridge } from './socket-bridge.ts';

declare global {
  interface Window {
    /** Set by the shell's preload. */
    readonly decklogShell?: ShellApi;
  }
}

const TOKEN_KEY = 'decklog.token';

/** The way to the engine: the shell's bridge, or a socket to the server that this page came from. */
export async function connect(): Promise<DecklogBridge> {
  if (window.decklogShell !== undefined) return openShellBridge(window.decklogShell);
  const token = takeToken();
  if (token === null) {
    throw new CallFault({
      code: 'usage',
      message: 'This page was opened without its key.',
      hint: 'Open the address that decklog serve printed, with everything after the #.',
    });
  }
  return openSocketBridge(token);
}

/** The key comes behind the # and is taken out of sight; it lasts as long as the tab (decision: no cookies, they ignore ports). */
function takeToken(): string | null {
  const given =
    new URLSearchParams(location.hash.slice(1)).get('token') ??
    (/^#[\w-]{16,}$/.test(location.hash) ? location.hash.slice(1) : null);
  if (given !== null) {
    sessionStorage.setItem(TOKEN_KEY, given);
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  }
  return sessionStorage.getItem(TOKEN_KEY);
}
