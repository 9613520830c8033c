import { constants, createInflateRaw } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { Damage } from './damage.ts';
import { drive, type Engine, ReaderFeed } from './engine.ts';
import { CHUNK_BYTES, chunkBytesFor, type Layer } from './layer.ts';
import { behind, SecondLook } from './second-look.ts';
import { slowInflate } from './slow-inflate.ts';

/**
 * Inflates one raw deflate stream and leaves the reader right behind it. A stream that is cut off ends in silence: the caller
 * knows from what follows (a trailer, a stated size). Damaged data throw `Damage` after the last good byte.
 */
export async function* inflateRaw(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  const look = new SecondLook(input);
  const feed = new ReaderFeed(input, CHUNK_BYTES / 2);
  const engine = makeEngine(chunkBytesFor(layer));
  const base = layer.consumed;
  let made = 0;
  try {
    for await (const bytes of drive(engine, async () => look.keep(await feed.next()))) {
      layer.consumed = base + engine.bytesWritten;
      made += bytes.length;
      yield bytes;
    }
  } catch (error) {
    if (!isDataError(error)) throw error;
    layer.consumed = base;
    const packed = look.packed();
    if (packed) yield* inflateAgain(new ByteReader(packed), layer, made);
    throw new Damage('damaged deflate stream');
  }
  layer.consumed = base + engine.bytesWritten;
  feed.giveBack(engine.bytesWritten);
}

async function* inflateAgain(packed: ByteReader, layer: Layer, made: number): AsyncGenerator<Buffer> {
  try {
    yield* behind(slowInflate(packed, layer), made);
  } finally {
    await packed.close();
  }
}

/** With this flush at the end, a cut stream gives all that it holds and is no error. */
function makeEngine(chunkSize: number): Engine {
  return createInflateRaw({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
}

function isDataError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR' || code === 'Z_NEED_DICT';
}
