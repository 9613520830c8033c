import type { MemberEnd } from '../member.ts';
import type { Extent } from './tar-header.ts';

/** Holes of one file that are written out as NUL; beyond it the file ends. They cost the archive nothing, but the reader time. */
const MOST_HOLE_BYTES = 4 * 1024 ** 3;
const ZEROS = Buffer.alloc(512 * 1024);

/** Puts the pieces of a sparse file at their places, with NUL between them. */
export async function* fillHoles(
  data: AsyncGenerator<Buffer>,
  map: { readonly extents: readonly Extent[]; readonly size: number },
  notes: MemberEnd,
): AsyncGenerator<Buffer> {
  const writer = { at: 0, holes: 0 };
  const pieces = new Pieces(data);
  for (const { offset, length } of [...map.extents, { offset: map.size, length: 0 }]) {
    if (!(offset >= writer.at)) {
      notes.warnings.push(`damaged sparse map of tar member at byte ${writer.at}`);
      notes.stoppedAt ??= writer.at;
      break;
    }
    yield* writeHole(offset, writer, notes);
    if (notes.limitHit) return;
    for await (const bytes of pieces.take(length)) {
      writer.at += bytes.length;
      yield bytes;
    }
    if (pieces.isDone) return;
  }
  yield* pieces.rest();
}

async function* writeHole(
  end: number,
  writer: { at: number; holes: number },
  notes: MemberEnd,
): AsyncGenerator<Buffer> {
  while (writer.at < end) {
    if (writer.holes >= MOST_HOLE_BYTES) {
      notes.limitHit = 'ratio';
      notes.stoppedAt = writer.at;
      return;
    }
    const bytes = ZEROS.subarray(0, Math.min(ZEROS.length, end - writer.at));
    writer.at += bytes.length;
    writer.holes += bytes.length;
    yield bytes;
  }
}

/** Takes stated lengths from a stream. */
class Pieces {
  readonly #data: AsyncGenerator<Buffer>;
  #left: Buffer = Buffer.alloc(0);
  isDone = false;

  constructor(data: AsyncGenerator<Buffer>) {
    this.#data = data;
  }

  async *take(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0; ) {
      if (this.#left.length === 0 && !(await this.#pull())) return;
      const bytes = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(bytes.length);
      missing -= bytes.length;
      yield bytes;
    }
  }

  async *rest(): AsyncGenerator<Buffer> {
    if (this.#left.length > 0) yield this.#left;
    yield* this.#data;
  }

  async #pull(): Promise<boolean> {
    const step = await this.#data.next();
    if (step.done) this.isDone = true;
    else this.#left = step.value;
    return !this.isDone;
  }
}
