import { setFlagsFromString } from 'node:v8';

/** What is used of WebAssembly: Node has it, but leaves its types to those of a browser. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; the buffer is another one afterwards. */
  grow(pages: number): number;
}

export const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

/**
 * Leaves compiled WebAssembly where it is until its module goes; called once, before any thread starts. V8 shares between threads the code
 * through which WebAssembly calls JavaScript, and up to the version of Node 24 a thread can take such code again while another one frees it:
 * now and then the process dies of it (nodejs/node issue 64500). What is not freed is a few hundred kilobytes.
 */
export function keepWasmCode(): void {
  setFlagsFromString('--no-wasm-code-gc');
}
