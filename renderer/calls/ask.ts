import type { CallName, CallOptions, DecklogBridge, Req, Res } from '../../core/contract/calls.ts';
import type { Fault } from '../../core/contract/fault.ts';

/** A fault as an exception, so that queries can tell failure from success. */
export class CallFault extends Error {
  override readonly name = 'CallFault';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Makes a call; raises `CallFault`. */
export async function ask<K extends CallName>(
  bridge: DecklogBridge,
  name: K,
  req: Req<K>,
  options?: CallOptions,
): Promise<Res<K>> {
  const answer = await bridge.call(name, req, options);
  if (!answer.ok) throw new CallFault(answer.fault);
  return answer.value;
}

/** What to tell a person about anything that was raised. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CallFault) return error.fault;
  return { code: 'bug', message: error instanceof Error ? error.message : String(error) };
}
