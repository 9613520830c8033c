import { readFileSync } from 'node:fs';
import { type Digest, type MemberEnd, type OpenOptions, openMembers, type Source } from '../../core/ingest/open.ts';
import { bufferSource } from '../../core/ingest/source.ts';

/** A member as a test sees it after it was read to the end. */
export interface ReadMember {
  readonly kind: 'leaf' | 'archive';
  readonly path: string;
  readonly containers: readonly string[];
  readonly bytes: Buffer;
  readonly end: MemberEnd;
}

export interface ReadSource {
  readonly members: readonly ReadMember[];
  readonly leaves: readonly ReadMember[];
  readonly archives: readonly ReadMember[];
  /** What `onSourceEnd` was given, each time. */
  readonly digests: readonly Digest[];
}

export async function readMembers(from: Source | Buffer, options: OpenOptions = {}): Promise<ReadSource> {
  const source = Buffer.isBuffer(from) ? bufferSource('in', from) : from;
  const digests: Digest[] = [];
  const members: ReadMember[] = [];
  for await (const member of openMembers(source, { ...options, onSourceEnd: (digest) => digests.push(digest) })) {
    const chunks: Buffer[] = [];
    for await (const bytes of member.read()) chunks.push(bytes);
    const { kind, path, containers, end } = member;
    members.push({ kind, path, containers, bytes: Buffer.concat(chunks), end });
  }
  const leaves = members.filter(({ kind }) => kind === 'leaf');
  return { members, leaves, archives: members.filter(({ kind }) => kind === 'archive'), digests };
}

/** One of the small files in `test/fixtures/containers`, made with the usual tools of a Linux system. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/containers/${name}`, import.meta.url));
}

/** What the fixtures hold. */
export const TEXT = fixture('text.log');

/** Lines that pack about as well as audit logs do. */
export function makeText(bytes: number): Buffer {
  const lines: string[] = [];
  let size = 0;
  for (let seed = 7; size < bytes; seed = (seed * 1103515245 + 12345) & 0x7fffffff) {
    const line = `{"kind":"Event","auditID":"${seed.toString(16)}","verb":"get","user":{"username":"user-${seed % 97}"}}\n`;
    lines.push(line);
    size += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
}
