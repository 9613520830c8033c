import { createHash } from 'node:crypto';
import { LIMITS } from '../../contract/limits.ts';
import type { Digest, Member, MemberEnd } from '../member.ts';
import { ByteReader } from './byte-reader.ts';
import { LayerAccount, openLayer, ZIP_METHODS } from './layers.ts';
import { Budget, type Meter, RatioGuard, scaled } from './meter.ts';
import { escapeName, isUnsafeName } from './names.ts';
import { type RandomAccess, readStretch } from './random-access.ts';
import { HEAD_BYTES, recognise } from './recognise.ts';
import { spool } from './spool.ts';
import { TarReader } from './tar.ts';
import { openZip, type ZipMember } from './zip.ts';

/** What all members of one source share. */
export interface Trip {
  readonly passwords: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly spoolFolder: string;
  /** Members that may still come (`LIMITS.members`). */
  membersLeft: number;
  /** Reads the source to its end and gives its digest. */
  readonly sourceDigest: () => Promise<Digest>;
}

/** Where the walk stands: the way to the bytes that are looked at now. */
export interface Place {
  readonly path: string;
  readonly containers: readonly string[];
  /** Null as long as nothing around is compressed. */
  readonly meter: Meter | null;
  readonly budget: Budget | null;
  readonly end: MemberEnd;
  /** The source itself, while no layer is around these bytes. */
  readonly access: RandomAccess | null;
}

export function newEnd(warnings: string[] = []): MemberEnd {
  return { warnings, limitHit: null, stoppedAt: null, rejected: [], digest: null };
}

/** Yields what lies in a stream of bytes: itself, or what it contains. */
export async function* walk(input: ByteReader, place: Place, trip: Trip): AsyncGenerator<Member> {
  const kind = recognise(await input.peek(HEAD_BYTES));
  if (kind === null) yield leaf(input, place, trip);
  else if (kind.kind === 'unsupported') yield plainLeaf(input, place, trip, `unsupported: ${kind.name}`);
  else if (place.containers.length >= LIMITS.nesting) yield tooDeep(input, place, trip, kind.id);
  else if (kind.id === 'tar') yield* walkTar(input, place, trip);
  else if (kind.id === 'zip') yield* walkZip(input, place, trip);
  else {
    const opened = await openLayer(kind.id, input, place.meter, place.end, trip.signal);
    if (opened === null) yield leaf(input, place, trip);
    else {
      const containers = [...place.containers, kind.id];
      try {
        yield* walk(opened.output, { ...place, containers, meter: opened.meter, access: null }, trip);
      } finally {
        await opened.output.close();
      }
    }
  }
}

function plainLeaf(input: ByteReader, place: Place, trip: Trip, warning: string): Member {
  place.end.warnings.push(warning);
  return leaf(input, place, trip);
}

/** What lies too deep is handed out packed as it is, so that it is hashed. */
function tooDeep(input: ByteReader, place: Place, trip: Trip, id: string): Member {
  place.end.limitHit = 'nesting';
  place.end.stoppedAt = 0;
  return plainLeaf(input, place, trip, `${id} inside ${LIMITS.nesting} containers was not unpacked`);
}

function leaf(input: ByteReader, place: Place, trip: Trip): Member {
  const { path, containers, end } = place;
  return { kind: 'leaf', path, containers, end, read: () => readLeaf(input, place, trip) };
}

async function* readLeaf(input: ByteReader, place: Place, trip: Trip): AsyncGenerator<Buffer> {
  const { meter, budget, end } = place;
  const guard = meter === null ? null : new RatioGuard(meter, false, budget);
  let size = 0;
  for (let bytes = await input.next(); bytes !== null; bytes = await input.next()) {
    trip.signal?.throwIfAborted();
    if (guard?.isExceededBy(bytes)) {
      end.limitHit = 'ratio';
      end.stoppedAt = size;
      return;
    }
    size += bytes.length;
    yield bytes;
  }
  if (end.stoppedAt !== null && end.limitHit !== 'nesting') end.stoppedAt = size;
}

async function* walkTar(input: ByteReader, place: Place, trip: Trip): AsyncGenerator<Member> {
  const counted = new CountedBytes(input);
  const stream = new ByteReader(counted.read());
  const containers = [...place.containers, 'tar'];
  for await (const entry of new TarReader(stream, place.end).entries()) {
    const inside = enter(place, entry.name, containers);
    if (!admit(place, trip)) break;
    if (entry.rejection !== null) place.end.rejected.push({ path: inside.path, reason: entry.rejection });
    else {
      const body = new ByteReader(entry.read(inside.end));
      yield* walk(body, inside, trip);
      await body.close();
    }
  }
  await stream.skip(Number.POSITIVE_INFINITY);
  yield await archive(place, containers, async () => counted.digest(), trip);
}

async function* walkZip(input: ByteReader, place: Place, trip: Trip): AsyncGenerator<Member> {
  if (place.access !== null) {
    yield* walkZipMembers(input, place, place.access, trip.sourceDigest, trip);
    return;
  }
  const fedBefore = place.meter?.before ?? 0;
  const spooled = await spool(input, trip.spoolFolder);
  const { access, digest } = spooled;
  try {
    // Members are measured by their bytes in the zip, and these by what the zip itself came out of.
    const fed = place.meter === null ? digest.bytes : place.meter.consumed - fedBefore;
    const share = Math.min(1, fed / Math.max(1, digest.bytes));
    const again = readStretch(access, 0, access.size);
    yield* walkZipMembers(again, { ...place, meter: null }, access, async () => digest, trip, share);
  } finally {
    await spooled.close();
  }
}

async function* walkZipMembers(
  input: ByteReader,
  place: Place,
  access: RandomAccess,
  digest: () => Promise<Digest>,
  trip: Trip,
  share = 1,
): AsyncGenerator<Member> {
  const members = await openZip(access, ZIP_METHODS, trip.passwords, place.end);
  if (members === null) {
    yield plainLeaf(input, place, trip, 'looks like zip but has neither a directory nor members');
    return;
  }
  const containers = [...place.containers, 'zip'];
  const budget = new Budget(access.size * share);
  for await (const member of members) {
    if (!admit(place, trip)) break;
    const inside = { ...enter(place, member.name, containers), budget };
    yield* walkZipMember(member, inside, place.end, share, trip);
  }
  yield await archive(place, containers, digest, trip);
}

async function* walkZipMember(
  { opened }: ZipMember,
  inside: Place,
  archiveEnd: MemberEnd,
  share: number,
  trip: Trip,
): AsyncGenerator<Member> {
  if (opened.rejection !== null) {
    archiveEnd.rejected.push({ path: inside.path, reason: opened.rejection });
    if (opened.isEncrypted) archiveEnd.limitHit = 'encrypted';
    return;
  }
  const account = new LayerAccount(inside.end);
  const body = new ByteReader(settle(opened.read(account, inside.end), account));
  yield* walk(body, { ...inside, meter: scaled(account, share) }, trip);
  await body.close();
}

/** Keeps the account of a member's own compression in step. */
async function* settle(chunks: AsyncGenerator<Buffer>, account: LayerAccount): AsyncGenerator<Buffer> {
  for await (const bytes of chunks) {
    yield bytes;
    account.before = account.consumed;
  }
}

function enter(place: Place, name: string | Buffer, containers: readonly string[]): Place {
  const path = `${place.path}!/${escapeName(name)}`;
  return { ...place, path, containers, end: newEnd(isUnsafeName(name) ? ['unsafe-name'] : []), access: null };
}

/** Counts a member of an archive; false where the limit is reached, which the archive's line then says. */
function admit(place: Place, trip: Trip): boolean {
  trip.signal?.throwIfAborted();
  if (trip.membersLeft-- > 0) return true;
  place.end.limitHit = 'members';
  const reason = `members beyond the limit of ${LIMITS.members} were not read`;
  place.end.rejected.push({ path: place.path, reason });
  return false;
}

async function archive(
  place: Place,
  containers: readonly string[],
  digest: () => Promise<Digest>,
  trip: Trip,
): Promise<Member> {
  const { path, end } = place;
  end.digest = await (place.containers.length === 0 ? trip.sourceDigest() : digest());
  return { kind: 'archive', path, containers, end, read: noBytes };
}

async function* noBytes(): AsyncGenerator<Buffer> {
  // An archive's bytes are its members'.
}

/** Hashes what passes through. */
export class CountedBytes {
  readonly #input: ByteReader;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(input: ByteReader) {
    this.#input = input;
  }

  async *read(): AsyncGenerator<Buffer> {
    for (let bytes = await this.#input.next(); bytes !== null; bytes = await this.#input.next()) {
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
      yield bytes;
    }
  }

  digest(): Digest {
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }
}
