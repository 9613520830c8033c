import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemberEnd } from '../member.ts';
import { ByteReader } from './byte-reader.ts';
import { bunzip2 } from './bzip2.ts';
import { CutOff, Damage } from './damage.ts';
import { gunzip } from './gzip.ts';
import type { Layer, Unpack } from './layer.ts';
import { unlz4 } from './lz4.ts';
import { type Meter, RatioGuard } from './meter.ts';
import type { LayerId } from './recognise.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

const UNPACK: Readonly<Record<LayerId, Unpack>> = { gzip: gunzip, zstd: unzstd, bzip2: bunzip2, xz: unxz, lz4: unlz4 };

/** The methods of zip that are layers of their own elsewhere (APPNOTE 4.4.5). */
export const ZIP_METHODS: ReadonlyMap<number, Unpack> = new Map<number, Unpack>([
  [12, bunzip2],
  [20, unzstd],
  [93, unzstd],
  [95, unxz],
]);

/** Unpacked by code of ours on the engine's own thread, which must hear a cancel between two chunks. */
const OWN: ReadonlySet<LayerId> = new Set<LayerId>(['bzip2', 'xz', 'lz4']);

/** One layer's own account; the outermost one of a chain is the chain's meter. */
export class LayerAccount implements Layer, Meter {
  consumed = 0;
  before = 0;
  readonly #end: MemberEnd;

  constructor(end: MemberEnd) {
    this.#end = end;
  }

  warn(text: string): void {
    this.#end.warnings.push(text);
  }
}

export interface OpenedLayer {
  readonly output: ByteReader;
  readonly meter: Meter;
}

/**
 * Opens a compression layer. What goes wrong inside later is recorded in `end`. Null where nothing at all can be unpacked: then
 * the input stands where it stood, to be read as it is.
 */
export async function openLayer(
  id: LayerId,
  input: ByteReader,
  meter: Meter | null,
  end: MemberEnd,
  signal: AbortSignal | undefined,
): Promise<OpenedLayer | null> {
  const account = new LayerAccount(end);
  const unpacked = UNPACK[id](input, account);
  const watched = watch(unpacked, { isOwn: OWN.has(id), account, input, meter: meter ?? account, end, signal });
  input.hold();
  try {
    const first = await unpacked.next();
    input.release();
    return { output: new ByteReader(watched(first)), meter: meter ?? account };
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    end.warnings.push(`looks like ${id} but cannot be unpacked: ${error.message}`);
    return input.rewind()
      ? null
      : { output: new ByteReader(watched({ done: true, value: undefined })), meter: account };
  }
}

interface Watch {
  readonly isOwn: boolean;
  readonly account: LayerAccount;
  readonly input: ByteReader;
  readonly meter: Meter;
  readonly end: MemberEnd;
  readonly signal: AbortSignal | undefined;
}

function watch(unpacked: AsyncGenerator<Buffer>, { isOwn, account, input, meter, end, signal }: Watch) {
  return async function* (first: IteratorResult<Buffer>): AsyncGenerator<Buffer> {
    const guard = new RatioGuard(meter, true);
    let made = 0;
    try {
      for (let step = first; !step.done; step = await unpacked.next()) {
        signal?.throwIfAborted();
        if (guard.isExceededBy(step.value)) {
          end.limitHit = 'ratio';
          end.stoppedAt ??= made;
          return;
        }
        made += step.value.length;
        yield step.value;
        if (isOwn) await nextTurn();
        account.before = account.consumed;
      }
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const at = error instanceof CutOff ? input.offset : account.consumed;
      end.warnings.push(`${error.message} at byte ${at}, ${made} bytes unpacked`);
      end.stoppedAt ??= made;
    } finally {
      await unpacked.return(undefined);
    }
  };
}
