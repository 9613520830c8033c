import { readFileSync } from 'node:fs';
import { wasm } from '../web-assembly.ts';

/** Places in the memory that both halves share (bytes). */
const NEEDLE = 1024;
const INPUT = 4096;
/** Bytes that are looked at together: they stay near the processor. */
const WINDOW = 256 * 1024;
/** Vectors are read sixteen bytes at a time, past the end too. */
const SLACK = 64;
const PAGE = 65_536;
/** Of a longer text its beginning is looked for. */
export const LONGEST_NEEDLE = 1024;

type Find = (at: number, end: number, length: number) => number;

/** Looks for texts in bytes; its other half is wasm/find.as.ts. */
class ByteFinder {
  readonly #memory: Uint8Array;
  readonly #find: Find;
  readonly #odd: Find;

  constructor() {
    const pages = Math.ceil((INPUT + WINDOW + LONGEST_NEEDLE + SLACK) / PAGE);
    const memory = new wasm.Memory({ initial: pages });
    const module = new wasm.Module(readFileSync(new URL('./wasm/find.wasm', import.meta.url)));
    const { exports } = new wasm.Instance(module, { env: { memory } });
    this.#memory = new Uint8Array(memory.buffer);
    this.#find = exports['find'] as Find;
    this.#odd = exports['odd'] as Find;
  }

  /** All places of an ASCII text of at most `LONGEST_NEEDLE` characters, in whichever case its letters are. Ascending. */
  anyCase(text: string, bytes: Uint8Array): number[] {
    new TextEncoder().encodeInto(text.toLowerCase(), this.#memory.subarray(NEEDLE, INPUT));
    return this.#places(bytes, text.length, this.#find);
  }

  /** Places where text may stand that the bytes do not show: escaped letters, and letters that fold to ASCII. Ascending. */
  odd(bytes: Uint8Array): number[] {
    return this.#places(bytes, 3, this.#odd);
  }

  /** `length`: bytes that have to be seen together. */
  #places(bytes: Uint8Array, length: number, find: Find): number[] {
    const places: number[] = [];
    for (let from = 0; from < bytes.length; from += WINDOW) {
      const seen = bytes.subarray(from, from + WINDOW + length - 1);
      this.#memory.set(seen, INPUT);
      this.#memory.fill(0, INPUT + seen.length, INPUT + seen.length + SLACK);
      const end = INPUT + (find === this.#odd ? Math.min(seen.length, WINDOW) : seen.length);
      for (let at = find(INPUT, end, length); at >= 0; at = find(at + 1, end, length)) places.push(from + at - INPUT);
    }
    return places;
  }
}

let finder: ByteFinder | undefined;

/** The one of this thread. */
export function byteFinder(): ByteFinder {
  finder ??= new ByteFinder();
  return finder;
}
