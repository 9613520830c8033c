import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { faultOf } from '../fault.ts';
import type { TextEnd } from '../ingest/block.ts';
import { cutBlocks } from '../ingest/cut.ts';
import type { Member, Source } from '../ingest/member.ts';
import { openMembers } from '../ingest/open.ts';
import { findSources } from '../ingest/source.ts';
import type { ReaderEvent, ReaderSetup } from './reader.ts';

/** The reader thread: sources to members to blocks, hashed on the way. */
const setup = workerData as ReaderSetup;
const PROGRESS_BYTES = 4 * 1024 * 1024;

let ahead = 0;
let wake: (() => void) | null = null;
let bytesRead = 0;
let bytesTold = 0;

const tell = (event: ReaderEvent, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(event, transfer);

parentPort?.on('message', () => {
  ahead--;
  wake?.();
});

async function room(): Promise<void> {
  while (ahead >= setup.blocksAhead) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

/** The same source, counting its bytes as they are read. */
function metered(source: Source): Source {
  return {
    ...source,
    async *read(offset?: number) {
      for await (const chunk of source.read(offset)) {
        bytesRead += chunk.length;
        if (bytesRead - bytesTold >= PROGRESS_BYTES) {
          bytesTold = bytesRead;
          tell({ kind: 'progress', bytes: bytesRead });
        }
        yield chunk;
      }
    },
  };
}

/** A container that was not opened (nested too deep, of a kind that is not read) is hashed and never read as text. */
const isOpaque = ({ end }: Member) =>
  end.limitHit === 'nesting' || end.warnings.some((warning) => warning.startsWith('unsupported:'));

async function readLeaf(member: Member): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  const hashed = async function* () {
    for await (const chunk of member.read()) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  if (isOpaque(member)) {
    for await (const _ of hashed());
    tell({ kind: 'member-end', sha256: hash.digest(), bytes, text: null, end: member.end, isArchive: false });
    return;
  }
  const blocks = cutBlocks(hashed());
  let text: TextEnd | undefined;
  while (text === undefined) {
    const next = await blocks.next();
    if (next.done) text = next.value;
    else {
      await room();
      ahead++;
      tell({ kind: 'block', block: next.value }, [next.value.bytes.buffer]);
    }
  }
  tell({ kind: 'member-end', sha256: hash.digest(), bytes, text, end: member.end, isArchive: false });
}

async function readSource(source: Source): Promise<void> {
  tell({ kind: 'source', path: source.path });
  const members = openMembers(metered(source), {
    passwords: setup.passwords,
    spoolFolder: setup.spoolFolder,
    onSourceEnd: ({ sha256, bytes }) => tell({ kind: 'source-end', sha256, bytes }),
  });
  for await (const member of members) {
    tell({ kind: 'member', path: member.path, containers: member.containers });
    if (member.kind === 'leaf') await readLeaf(member);
    else
      tell({
        kind: 'member-end',
        sha256: createHash('sha256').digest(),
        bytes: 0,
        text: null,
        end: member.end,
        isArchive: true,
      });
  }
}

async function readAll(): Promise<void> {
  const { sources, rejected } = await findSources(setup.paths, setup.names);
  tell({ kind: 'found', totalBytes: sources.reduce((sum, source) => sum + (source.bytes ?? 0), 0), rejected });
  for (const source of sources) await readSource(source);
  tell({ kind: 'done' });
}

readAll().catch((error: unknown) => tell({ kind: 'fault', fault: faultOf(error) }));
