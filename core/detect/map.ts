import type { AuditEvent } from '../event/audit-event.ts';
import { effectiveIdentity } from '../event/identity.ts';
import { outcomeOf } from '../event/outcome.ts';
import { ownerOf } from '../event/owner.ts';
import { summarise } from '../event/summary.ts';
import { itemMapper, type Match, type SigmaRule } from '../sigma/sigma.ts';
import type { EventProof } from './finish.ts';
import { type Pack, sigmaOptions } from './pack.ts';

/** Matched values kept for one event and rule. */
const MOST_MATCHED = 20;
/** Longest text of a value that is kept; the event itself has it whole. */
const MOST_CHARACTERS = 1000;

/** The first part of detection: what an event that meets rules proves. Asks nothing but the event. */
export class EventMapper {
  readonly #pack: Pack;
  readonly #items: ReturnType<typeof itemMapper>;
  /** Rules that raise alerts of their own; the others only feed correlations. */
  readonly #raises: readonly boolean[];

  constructor(pack: Pack) {
    this.#pack = pack;
    this.#items = itemMapper(pack.linked, sigmaOptions(pack));
    this.#raises = pack.rules.map((rule) => !pack.linked.silent.has(rule));
  }

  get rules(): readonly SigmaRule[] {
    return this.#pack.rules;
  }

  /** `rules`: numbers of the rules that the event meets. */
  proofOf(rules: readonly number[], event: AuditEvent): EventProof {
    const owner = ownerOf(event);
    const met = new Set(rules.map((index) => this.#pack.rules[index]));
    const items = this.#items(event, '', (rule) => met.has(rule));
    return {
      matched: rules.map((index) =>
        this.#raises[index] ? matchedBy(this.#pack.rules[index] as SigmaRule, event) : [],
      ),
      object: owner === null ? null : `${owner.resource}/${owner.name}`,
      outcome: outcomeOf(event),
      summary: summarise(event),
      isConsequence: this.#pack.isController(effectiveIdentity(event).name),
      ...(items.length > 0 && { items }),
    };
  }
}

const matchedBy = (rule: SigmaRule, event: AuditEvent): Match[] =>
  rule.explain(event).slice(0, MOST_MATCHED).map(shorten);

function shorten({ field, value }: Match): Match {
  if (typeof value === 'bigint') return { field, value: String(value) };
  if (typeof value !== 'string' || value.length <= MOST_CHARACTERS) return { field, value };
  return { field, value: `${value.slice(0, MOST_CHARACTERS)}…` };
}
