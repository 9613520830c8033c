/** The app's own scheme and host. */
export const SCHEME = 'decklog';
export const HOST = 'app';
export const ORIGIN = `${SCHEME}://${HOST}`;

/** Whether an address is of the app, by its parsed parts: a prefix test would take `decklog://app.evil`. */
export function isOurs(text: string): boolean {
  try {
    const url = new URL(text);
    return url.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}

/** What of Electron's frame is looked at. */
export interface SenderFrame {
  readonly url: string;
  readonly parent?: unknown;
}

/** Whether a message comes from the main frame of a page of ours. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  return frame !== null && (frame.parent === null || frame.parent === undefined) && isOurs(frame.url);
}
