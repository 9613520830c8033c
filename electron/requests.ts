import * as v from 'valibot';

const PATH = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768));

/** What pages may say on each channel that takes something. */
export const REQUESTS = {
  ticket: v.strictObject({
    token: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    name: v.pipe(v.string(), v.maxLength(255)),
    mediaType: v.pipe(v.string(), v.maxLength(100)),
    sizeBytes: v.pipe(v.number(), v.safeInteger()),
  }),
  kind: v.picklist(['files', 'folder']),
  path: PATH,
  paths: v.pipe(v.array(PATH), v.maxLength(10_000)),
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
} as const;

/** A name that is proposed for a file: never a path, never hidden, nothing that a terminal or file manager would obey. */
export function safeName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '_').replace(/^\.+/, '_');
  return plain.trim() || 'decklog';
}
