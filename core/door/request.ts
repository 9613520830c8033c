import * as v from 'valibot';
import type { CallName, Req } from '../contract/calls.ts';
import { CaseError } from '../fault.ts';
import { PARSERS } from './parsers.ts';

/** A call that a page may make, with its request checked. */
export interface ParsedCall {
  readonly name: CallName;
  readonly req: never;
}

/** Checks a call that came as a message. Raises `usage` for a name or a request that is none of ours. */
export function parseRequest(name: string, raw: unknown): ParsedCall {
  if (!Object.hasOwn(PARSERS, name)) {
    throw new CaseError('usage', 'There is no such call.', {
      hint: 'Reload the page: it may be older than the program.',
    });
  }
  const call = name as CallName;
  const parsed = v.safeParse(PARSERS[call], Array.isArray(raw) ? null : raw);
  if (parsed.success) return { name: call, req: parsed.output as Req<CallName> as never };
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  throw new CaseError(
    'usage',
    `The request of ${call} is malformed${place === null ? '' : ` at ${place}`}: ${issue.message}`,
    {
      hint: 'Reload the page: it may be older than the program.',
    },
  );
}
