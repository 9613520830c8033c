/**
 * Frees the memory behind an array at once; whoever holds it finds it empty. To be called by its only owner. Left to V8's collector,
 * large memory counts towards the thread's next collection, and every sixteen blocks of evidence all that lives is gone over for it.
 * Small Buffers share their memory and are left alone.
 */
export function letGo({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
