import { constants, createZstdDecompress } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { Damage } from './damage.ts';
import { drive, type Engine } from './engine.ts';
import { CHUNK_BYTES, type Layer, passTrailer } from './layer.ts';
import { behind, SecondLook } from './second-look.ts';
import { FrameWalk, WINDOW_LOG_CAP } from './zstd-frame.ts';

/**
 * Unpacks zstd: every frame, skippable frames passed over. Node's stream stops in silence at the end of the first frame if bytes
 * lie behind it, so it is given whole blocks and never the end of a frame together with the start of the next. What it made
 * in a step that fails is lost; then all is unpacked once more, block by block.
 */
export async function* unzstd(input: ByteReader, layer: Layer): AsyncGenerator<Buffer> {
  const look = new SecondLook(input);
  let made = 0;
  try {
    for await (const bytes of unpackFrames(input, layer, new FrameWalk(input, false), look)) {
      made += bytes.length;
      yield bytes;
    }
  } catch (error) {
    if (!(error instanceof EngineFault)) throw error;
    const packed = look.packed();
    if (packed) yield* behind(lookAgain(packed, layer), made);
    throw new Damage(error.message);
  }
  await passTrailer(input, layer, 'zstd');
}

/** The engine's word on damaged data. */
class EngineFault extends Damage {}

async function* lookAgain(packed: AsyncIterable<Buffer>, layer: Layer): AsyncGenerator<Buffer> {
  const input = new ByteReader(packed);
  try {
    yield* unpackFrames(input, layer, new FrameWalk(input, true));
  } finally {
    await input.close();
  }
}

async function* unpackFrames(
  input: ByteReader,
  layer: Layer,
  walk: FrameWalk,
  look?: SecondLook,
): AsyncGenerator<Buffer> {
  const state = { trouble: null as Damage | null };
  const feed = async () => {
    const hand = await walk.next().catch((error: unknown) => {
      if (!(error instanceof Damage)) throw error;
      state.trouble = error;
      return null;
    });
    layer.consumed = input.offset;
    return look ? look.keep(hand) : hand;
  };
  try {
    yield* drive(makeEngine(), feed, { isEndSaid: false });
  } catch (error) {
    throw isZstdError(error) ? new EngineFault(`damaged zstd stream (${error.message})`) : error;
  }
  if (state.trouble) throw state.trouble;
}

function makeEngine(): Engine {
  return createZstdDecompress({
    chunkSize: CHUNK_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_CAP },
  });
}

function isZstdError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD_error');
}
