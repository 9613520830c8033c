import type { AuditEvent } from '../event/audit-event.ts';
import { effectiveIdentity } from '../event/identity.ts';
import { outcomeOf } from '../event/outcome.ts';
import { ownerOf } from '../event/owner.ts';
import { summarise } from '../event/summary.ts';
import type { Match, SigmaRule } from '../sigma/sigma.ts';
import type { Proof } from './finish.ts';
import type { Pack } from './pack.ts';

/** Matched values kept for one event and rule. */
const MOST_MATCHED = 20;
/** Longest text of a value that is kept; the event itself has it whole. */
const MOST_CHARACTERS = 1000;

/** The first part of detection: what an event that meets a rule proves. Asks nothing but the event. */
export function proofOf(pack: Pack, index: number, event: AuditEvent): Proof {
  const rule = pack.rules[index] as SigmaRule;
  const owner = ownerOf(event);
  return {
    matched: rule.explain(event).slice(0, MOST_MATCHED).map(shorten),
    object: owner === null ? null : `${owner.resource}/${owner.name}`,
    outcome: outcomeOf(event),
    summary: summarise(event),
    isConsequence: pack.isController(effectiveIdentity(event).name),
  };
}

function shorten({ field, value }: Match): Match {
  if (typeof value === 'bigint') return { field, value: String(value) };
  if (typeof value !== 'string' || value.length <= MOST_CHARACTERS) return { field, value };
  return { field, value: `${value.slice(0, MOST_CHARACTERS)}…` };
}
