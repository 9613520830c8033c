import { objectRefOfUri } from '../../event/request-uri.ts';
import { compact, type JsonObject } from './json-object.ts';
import { type Context, type Cursor, child, inside, type Told, type Walk } from './walk.ts';

const LEGACY_LINE = /^(\d{4}-\d\d-\d\dT\S+) AUDIT: (id=".*)$/;
const FIELD = /([\w-]+)="((?:[^"\\]|\\.)*)"/g;
const PLACEHOLDERS = new Set(['<none>', '<self>', '<lookup>', '<unknown>', '<deferred>', '']);

/** A line of the API server's old text format; null if it is none. */
export function readLegacyLine(walk: Walk, line: string, at: Cursor, context: Context): Told | null {
  const match = LEGACY_LINE.exec(line);
  if (match === null) return null;
  const fields = new Map<string, string>();
  for (const [, name, quoted] of match[2]!.matchAll(FIELD)) fields.set(name!, unquoteGo(quoted!));
  const id = fields.get('id');
  if (id === undefined || !fields.has('uri') || !fields.has('stage')) return walk.malformed('cut legacy line', line);
  return walk.rebuilt(eventOf(match[1]!, fields), child(at), inside(context, 'k8s-audit-legacy-text'));
}

/** Level is inferred, `objectRef` derived from the path. */
function eventOf(time: string, fields: ReadonlyMap<string, string>): JsonObject {
  const field = (name: string) => (PLACEHOLDERS.has(fields.get(name) ?? '') ? undefined : fields.get(name));
  const uri = field('uri') ?? '';
  const response = field('response');
  const asUser = field('as');
  const ip = field('ip');
  return compact({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: field('id'),
    stage: field('stage'),
    requestURI: uri,
    verb: field('method'),
    user: compact({ username: field('user'), groups: groupsOf(field('groups')) }),
    impersonatedUser:
      asUser === undefined ? undefined : compact({ username: asUser, groups: groupsOf(field('asgroups')) }),
    sourceIPs: ip === undefined ? undefined : [ip],
    userAgent: field('user-agent'),
    objectRef: objectRefOfUri(uri),
    responseStatus:
      response === undefined || !/^\d+$/.test(response) ? undefined : { metadata: {}, code: Number(response) },
    requestReceivedTimestamp: time,
  });
}

/** A comma list of quoted names. */
function groupsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => unquoteGo(match[1]!));
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
const LETTERS: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Undoes Go's `strconv.Quote`: `\x` and octal escapes are bytes, `\u` and `\U` are characters. */
export function unquoteGo(quoted: string): string {
  if (!quoted.includes('\\')) return quoted;
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of quoted.matchAll(ESCAPE)) {
    parts.push(Buffer.from(quoted.slice(from, match.index)), escaped(match));
    from = match.index + match[0].length;
  }
  parts.push(Buffer.from(quoted.slice(from)));
  return Buffer.concat(parts).toString('utf8');
}

function escaped(match: RegExpMatchArray): Buffer {
  const [, hex, short, long, octal, letter = ''] = match;
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff]);
  const code = short ?? long;
  if (code !== undefined) return Buffer.from(characterOf(Number.parseInt(code, 16)));
  const known = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
  return known === undefined ? Buffer.from(letter) : Buffer.from([known]);
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
