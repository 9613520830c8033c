import { linkBaselines } from '../../detect/baseline/link-baselines.ts';
import type { CorrelationMember, SigmaDocument } from '../../sigma/sigma.ts';
import { type DraftRules, rulesBelow } from './draft-rules.ts';

/**
 * A text with all that its alerts and those of others hang on: rules that its filters change, correlations and baselines elsewhere
 * that join any of these, and members that its own ones silence. In the shape of a draft of all of them.
 * `also`: ids of what hangs on the text that is saved.
 */
export function withAffected(draft: DraftRules, also: ReadonlySet<string> = new Set()): DraftRules {
  const { linked, path } = draft;
  const isOwn = (document: Pick<SigmaDocument, 'path' | 'id' | 'key'>) =>
    document.path === path || also.has(document.id ?? document.key);
  const changed = new Set(
    linked.rules.filter((rule) => rule.applies && (isOwn(rule) || rule.filters.some((filter) => isOwn(filter)))),
  );
  const isTouched = (member: CorrelationMember): boolean =>
    isOwn(member) ||
    (member.kind === 'rule' ? changed.has(member) : (linked.members.get(member) ?? []).some(isTouched));
  const correlations = linked.correlations.filter(isTouched);
  const baselines = linkBaselines(linked).baselines.filter(
    ({ document, rules }) => isOwn(document) || rules.some((rule) => changed.has(rule)),
  );
  const silenced = [
    ...rulesBelow(correlations.filter(isOwn), linked),
    ...baselines.filter(({ document }) => isOwn(document)).flatMap(({ rules }) => rules),
  ];
  const rules = [...new Set([...changed, ...silenced])];
  const documents = [...rules, ...correlations, ...baselines.map(({ document }) => document)];
  return { ...draft, rules, correlations, baselines, documents: [...new Set([...draft.documents, ...documents])] };
}

/** Ids of all that raises alerts in a draft. */
export const idsIn = ({ documents }: DraftRules): ReadonlySet<string> =>
  new Set(documents.map(({ id, key }) => id ?? key));
