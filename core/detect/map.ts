import type { AuditEvent } from '../event/audit-event.ts';
import { effectiveName } from '../event/identity.ts';
import { outcomeOf } from '../event/outcome.ts';
import { ownerOf } from '../event/owner.ts';
import { podOf } from '../event/pod-spec.ts';
import { imagesOf } from '../event/pod-text.ts';
import { summarise } from '../event/summary.ts';
import { asText, own } from '../event/value.ts';
import { itemMapper, type Match, type SigmaRule } from '../sigma/sigma.ts';
import { baselineMapper } from './baseline/observe.ts';
import type { EventProof, Telling } from './finish.ts';
import { IMAGE_RULE_ID } from './indicators/image-rule.ts';
import { LikelyShown } from './likely-shown.ts';
import type { Pack } from './pack.ts';

/** Matched values kept for one event and rule. */
const MOST_MATCHED = 20;
/** Longest text of a value that is kept; the event itself has it whole. */
const MOST_CHARACTERS = 1000;

/** What a proof always says. */
type About = Pick<EventProof, 'object' | 'outcome' | 'isConsequence'>;

/** The first part of detection: what an event that meets rules proves. Asks nothing but the event. */
export class EventMapper {
  readonly #pack: Pack;
  readonly #items: ReturnType<typeof itemMapper>;
  readonly #habits: ReturnType<typeof baselineMapper>;
  readonly #imageRule: number;
  readonly #shown = new LikelyShown();
  /** Whether a rule raises alerts of its own. */
  readonly #isLoud: readonly boolean[];

  constructor(pack: Pack) {
    this.#pack = pack;
    this.#items = itemMapper(pack.linked, pack.options);
    this.#habits = baselineMapper(pack.baselines, pack.options);
    this.#imageRule = pack.rules.findIndex(({ id }) => id === IMAGE_RULE_ID);
    this.#isLoud = pack.rules.map((rule) => !pack.linked.silent.has(rule));
  }

  get rules(): readonly SigmaRule[] {
    return this.#pack.rules;
  }

  /**
   * What is kept of an event that meets the rules with these numbers; `timeUs`: its time, where it is known already. Null: these
   * rules are only looked for by correlations and baselines, and none of them finds anything to remember in it.
   */
  keptOf(rules: readonly number[], event: AuditEvent, timeUs?: number | null): EventProof | null {
    const noted = this.#noted(rules, event, timeUs);
    const isLoud = rules.some((rule) => this.#isLoud[rule]);
    if (!isLoud && !noted.items && !noted.habits && !noted.images) return null;
    const about = this.#about(event);
    const raising = noted.items ? rules : rules.filter((rule) => this.#isLoud[rule]);
    const isTold = raising.length > 0 && this.#isLikelyShown(raising, event, about);
    return { ...about, ...noted, ...(isTold && { telling: tellingOf(this.#pack, rules, event) }) };
  }

  /** The proof of an event, without what alerts show of it. */
  proofOf(rules: readonly number[], event: AuditEvent): EventProof {
    return { ...this.#about(event), ...this.#noted(rules, event) };
  }

  #about(event: AuditEvent): About {
    const owner = ownerOf(event);
    return {
      object: owner === null ? null : `${owner.resource}/${owner.name}`,
      outcome: outcomeOf(event),
      isConsequence: this.#pack.isController(effectiveName(event)),
    };
  }

  /** What correlations, baselines and lists have to remember. */
  #noted(
    rules: readonly number[],
    event: AuditEvent,
    timeUs?: number | null,
  ): Pick<EventProof, 'items' | 'habits' | 'images'> {
    const met = rules.map((index) => this.#pack.rules[index] as SigmaRule);
    const items = this.#items(event, '', met, timeUs);
    const habits = this.#habits(event, met);
    const images = rules.includes(this.#imageRule) ? imagesIn(event) : [];
    return {
      ...(items.length > 0 && { items }),
      ...(habits.length > 0 && { habits }),
      ...(images.length > 0 && { images }),
    };
  }

  /** `rules`: those that raise alerts, by themselves or through correlations. */
  #isLikelyShown(rules: readonly number[], event: AuditEvent, about: About): boolean {
    const ref = event.objectRef;
    return this.#shown.holds(rules, {
      actor: about.isConsequence ? '' : effectiveName(event),
      namespace: asText(own(ref, 'namespace')) ?? '',
      object: about.object ?? `${asText(own(ref, 'resource'))} ${asText(own(ref, 'subresource'))}`,
      outcome: about.outcome,
    });
  }
}

function imagesIn(event: AuditEvent): string[] {
  const pod = podOf(event);
  return pod === null ? [] : [...new Set(imagesOf(pod))].sort();
}

/** What an alert shows of an event that meets the rules with these numbers. */
export function tellingOf(pack: Pack, rules: readonly number[], event: AuditEvent): Telling {
  const matched = rules.map((index) => [index, matchedBy(pack.rules[index] as SigmaRule, event)] as const);
  return { summary: summarise(event), matched: Object.fromEntries(matched) };
}

const matchedBy = (rule: SigmaRule, event: AuditEvent): Match[] =>
  rule.explain(event).slice(0, MOST_MATCHED).map(shorten);

function shorten({ field, value }: Match): Match {
  if (typeof value === 'bigint') return { field, value: String(value) };
  if (typeof value !== 'string' || value.length <= MOST_CHARACTERS) return { field, value };
  return { field, value: `${value.slice(0, MOST_CHARACTERS)}…` };
}
