/**
 * A fault of the evidence: the bytes of a layer are cut off or contradict its format. It ends that layer and is recorded; faults
 * of the road (a disk that fails) are any other error and pass through every layer.
 */
export class Damage extends Error {
  override readonly name = 'Damage';
  /** The layer asks for something that this reader will not do (a window of 2 GiB, a filter it does not know). */
  readonly unsupported: boolean;

  constructor(message: string, options: { readonly unsupported?: boolean } = {}) {
    super(message);
    this.unsupported = options.unsupported ?? false;
  }
}

/** The stream ends where its format needs more bytes. */
export class CutOff extends Damage {
  constructor(layer: string) {
    super(`unexpected end of ${layer} stream`);
  }
}
