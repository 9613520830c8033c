type Numbers = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** An array of that many numbers which begins with those of an old one; twice as many, if nothing is said. */
export function larger<T extends Numbers>(old: T, length = old.length * 2): T {
  const made = new (old.constructor as new (length: number) => T)(length);
  made.set(old);
  return made;
}
