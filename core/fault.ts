import type { Fault, FaultCode, Place, Problem } from './contract/fault.ts';

interface CaseErrorOptions extends ErrorOptions {
  readonly hint?: string;
  readonly at?: Place;
  readonly problems?: readonly Problem[];
}

/** An expected failure that a user can act on. Anything else that is thrown is a bug. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
  readonly code: Exclude<FaultCode, 'bug'>;
  readonly hint: string | undefined;
  readonly at: Place | undefined;
  readonly problems: readonly Problem[] | undefined;

  constructor(code: Exclude<FaultCode, 'bug'>, message: string, options: CaseErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.at = options.at;
    this.problems = options.problems;
  }
}

/** The fault that stands for an error at a process boundary. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CaseError) {
    const { code, message, hint, at, problems } = error;
    return { code, message, ...(hint && { hint }), ...(at && { at }), ...(problems && { problems }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'bug',
    message: `Decklog met a fault of its own: ${message}`,
    hint: 'Please report it with the command that you ran.',
  };
}
