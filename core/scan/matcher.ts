import { Dispatch, emptyKey, fillKey, type Verdict } from '../detect/dispatch.ts';
import type { EventProof } from '../detect/finish.ts';
import { EventMapper } from '../detect/map.ts';
import { compilePack } from '../detect/pack.ts';
import { matchTimed, noCosts, type RuleCosts } from '../detect/rule-costs.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { HOLDS } from '../event/hit-columns.ts';
import type { Dictionaries } from './columns.ts';
import type { Matcher } from './scan-block.ts';

/** Compiles rules in the worker that will match them. `profile`: keeps what each of them costs. */
export function matcherFor(set: RuleSet, profile = false): (dictionaries: Dictionaries) => Matcher {
  const mapper = new EventMapper(compilePack(set));
  return (dictionaries) => {
    const dispatch = new Dispatch(mapper.rules, textsOf(dictionaries));
    const key = emptyKey();
    let costs: RuleCosts | null = profile ? noCosts(mapper.rules.length) : null;
    return {
      takeCosts: () => {
        const taken = costs;
        if (costs !== null) costs = noCosts(mapper.rules.length);
        return taken;
      },
      verdict: (columns, row) => {
        const flags = dictionaries.readings.at(columns.reading[row] as number, 3);
        return dispatch.verdict(fillKey(key, columns, row, flags));
      },
      match: (event, verdict, columns, row) => {
        const rules = costs === null ? rulesMet(verdict, event) : matchTimed(verdict, event, costs);
        if (rules.length === 0) return null;
        const time = columns.time[row] as number;
        const timeUs = Number.isNaN(time) ? null : time;
        const kept = mapper.keptOf(rules, event, timeUs);
        return kept === null ? null : { rules, holds: holdsOf(kept), proof: JSON.stringify(kept) };
      },
    };
  };
}

/** What later parts of detection find in a proof: bits of HOLDS. */
export const holdsOf = ({ items, habits, images }: EventProof): number =>
  (items ? HOLDS.items : 0) | (habits ? HOLDS.habits : 0) | (images ? HOLDS.images : 0);

/** In the order of their numbers. */
function rulesMet({ met, open }: Verdict, event: AuditEvent): readonly number[] {
  const found = open.filter(({ test }) => test(event));
  return found.length === 0 ? met : [...met, ...found.map(({ rule }) => rule)].sort((a, b) => a - b);
}

function textsOf({ terms, actors, operations, answers }: Dictionaries): ConstructorParameters<typeof Dispatch>[1] {
  const text = (id: number) => (id === 0 ? null : terms.text(id));
  return {
    operation: (id) => ({
      verb: text(operations.at(id, 0)),
      apiGroup: text(operations.at(id, 1)),
      resource: text(operations.at(id, 2)),
      subresource: text(operations.at(id, 3)),
    }),
    actor: (id) => ({
      user: text(actors.at(id, 0)),
      groups: listOf(text(actors.at(id, 1))),
      impersonatedUser: text(actors.at(id, 2)),
    }),
    answer: (id) => ({
      stage: text(answers.at(id, 0)),
      level: text(answers.at(id, 1)),
      code: answers.at(id, 2) || null,
      decision: text(answers.at(id, 3)),
    }),
    text,
    addresses: (id) => listOf(text(id)),
  };
}

const listOf = (text: string | null): string[] | null => (text === null ? null : JSON.parse(text));
