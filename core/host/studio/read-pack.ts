import { createHash } from 'node:crypto';
import { basename, dirname, join, normalize } from 'node:path/posix';
import type { Problem } from '../../contract/fault.ts';
import { MOST_RULE_CHARACTERS } from '../../contract/studio-calls.ts';
import { CaseError } from '../../fault.ts';
import { type Member, openMembers } from '../../ingest/open.ts';
import { findSources } from '../../ingest/source.ts';

/** One file of a pack, by its place in it. */
export interface PackFile {
  /** `mine.zip!/cloud/shell.yml`: a label, never a path to open. */
  readonly path: string;
  readonly text: string;
}

export interface RefusedFile {
  readonly path: string;
  readonly problems: readonly Problem[];
}

/** Rules, and the tests beside them, as they came. */
export interface ReadPack {
  readonly rules: readonly PackFile[];
  /** By the path of the rule that they stand beside. */
  readonly tests: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedFile[];
  /** Files that are neither rules nor tests. */
  readonly passedOver: number;
}

/** What a pack may hold: some times more than the largest public collection does. */
const MOST_FILES = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILE_BYTES = 4 * MOST_RULE_CHARACTERS;

const IS_RULE = /\.ya?ml$/i;
const IS_TEST = /\.test\.ya?ml$/i;
const SUMS = 'SHA256SUMS';

interface Found {
  readonly bytes: Map<string, Buffer>;
  readonly refused: RefusedFile[];
  passedOver: number;
  size: number;
}

/**
 * Reads files, folders and archives of rules. What cannot be read is refused by itself; a pack that is too large is refused
 * whole (`rule/invalid`). `names`: how a path is called that only stands for something else, such as an upload.
 */
export async function readPack(
  paths: readonly string[],
  names: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadPack> {
  const found: Found = { bytes: new Map(), refused: [], passedOver: 0, size: 0 };
  const { sources, rejected } = await findSources(paths, names);
  for (const { path, reason } of rejected) found.refused.push(refusal(path, 'pack/unreadable', reason));
  for (const source of sources) {
    for await (const member of openMembers(source, { signal })) await takeMember(member, found);
  }
  compareSums(found);
  return sorted(found);
}

async function takeMember(member: Member, found: Found): Promise<void> {
  const { path, end } = member;
  if (member.kind === 'archive') {
    for (const one of end.rejected) found.refused.push(refusal(one.path, 'pack/unreadable', one.reason));
    if (end.limitHit !== null)
      found.refused.push(refusal(path, 'pack/limit', `the limit “${end.limitHit}” was reached`));
    return;
  }
  if (!IS_RULE.test(path) && basename(path) !== SUMS) {
    found.passedOver++;
    return;
  }
  if (found.bytes.size >= MOST_FILES) throw tooLarge(`more than ${MOST_FILES} files`);
  const bytes = await bytesOf(member);
  if (bytes === null) {
    found.refused.push(refusal(path, 'yaml/limit', `A rule may have ${MOST_RULE_CHARACTERS} characters`));
    return;
  }
  found.size += bytes.length;
  if (found.size > MOST_BYTES) throw tooLarge(`more than ${MOST_BYTES / 1024 ** 2} MiB of rules`);
  const broken = end.warnings.find((warning) => warning.startsWith('unexpected'));
  if (end.limitHit !== null) found.refused.push(refusal(path, 'pack/limit', `the limit “${end.limitHit}” was reached`));
  else if (broken !== undefined) found.refused.push(refusal(path, 'pack/unreadable', broken));
  else if (found.bytes.has(path)) found.refused.push(refusal(path, 'pack/twice', 'Another file has the same name'));
  else found.bytes.set(path, bytes);
}

/** Null for a file that is too long, of which no more is read than it takes to know. */
async function bytesOf(member: Member): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of member.read()) {
    size += part.length;
    if (size > MOST_FILE_BYTES) return null;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

const tooLarge = (what: string): CaseError =>
  new CaseError('rule/invalid', `The pack holds ${what}; nothing was taken from it.`, {
    hint: 'Bring in the folder that holds the rules for Kubernetes.',
  });

export function refusal(path: string, code: string, message: string): RefusedFile {
  return { path, problems: [{ path, severity: 'error', code, message, line: 1, column: 1 }] };
}

/** Where hashes stand beside the files, a file that is not the one that was packed is refused. */
function compareSums({ bytes, refused }: Found): void {
  for (const [path, sums] of [...bytes].filter(([each]) => basename(each) === SUMS)) {
    bytes.delete(path);
    for (const [, wanted, name] of sums.toString('utf8').matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)) {
      const named = normalize(join(dirname(path), name ?? ''));
      const file = bytes.get(named);
      if (file !== undefined && createHash('sha256').update(file).digest('hex') === wanted) continue;
      const what = file === undefined ? `${SUMS} names it, and it is not there` : `Its SHA-256 is not that of ${SUMS}`;
      if (refused.some((one) => one.path === named)) continue;
      refused.push(refusal(named, 'pack/hash', what));
      bytes.delete(named);
    }
  }
}

function sorted({ bytes, refused, passedOver }: Found): ReadPack {
  const rules: PackFile[] = [];
  const tests = new Map<string, string>();
  const more: RefusedFile[] = [];
  for (const [path, content] of [...bytes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = textOf(content);
    if (text === null) more.push(refusal(path, 'yaml/syntax', 'The file is not UTF-8 text'));
    else if (IS_TEST.test(path)) tests.set(stemOf(path), text);
    else if (/(^|\/)lists\/[^/]+$/.test(path)) {
      more.push(refusal(path, 'pack/list', 'A list is no rule: add its values under Rules, Lists'));
    } else rules.push({ path, text });
  }
  const stems = new Set([...rules, ...refused, ...more].map(({ path }) => stemOf(path)));
  for (const stem of tests.keys()) {
    if (!stems.has(stem))
      more.push(refusal(`${stem}.test.yml`, 'pack/no-rule', 'The rule that it tests is not beside it'));
  }
  return { rules, tests, refused: [...refused, ...more], passedOver };
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What a rule and its tests have in common. */
export const stemOf = (path: string): string => path.replace(/(\.test)?\.ya?ml$/i, '');
