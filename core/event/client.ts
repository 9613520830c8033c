/**
 * The program that a user agent names, without version and platform: `kubectl/v1.35.4 (linux/amd64)` is `kubectl`. Undefined
 * where there is none.
 */
export function clientOf(userAgent: string | undefined): string | undefined {
  const name = /^[^/\s]+/.exec(userAgent ?? '')?.[0];
  return name === undefined ? undefined : name.slice(0, MOST_CHARACTERS);
}

const MOST_CHARACTERS = 200;
