import type { WhyNode, WhyTree } from '../../contract/studio-calls.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import { normaliseEvent } from '../../event/normalise.ts';
import { CaseError } from '../../fault.ts';
import { parseJson } from '../../json.ts';
import type { TraceNode } from '../../sigma/sigma.ts';
import type { DraftRules } from './draft-rules.ts';

const MOST_VALUES = 8;
const LONGEST = 300;

/** For each rule of the text, which part of its condition the event meets, and what it has where it does not. */
export function why({ rules }: DraftRules, event: AuditEvent): WhyTree[] {
  return rules.map((rule) => ({ rule: rule.title, matches: rule.matches(event), tree: toNode(rule.trace(event)) }));
}

function toNode({ kind, label, result, line, parts, actual = [] }: TraceNode): WhyNode {
  const values = actual.slice(0, MOST_VALUES).map((value) => String(value).slice(0, LONGEST));
  return { kind, label, result, line, parts: parts.map(toNode), actual: values };
}

/** An event that somebody pasted. */
export function pastedEvent(json: string): AuditEvent {
  try {
    const raw = parseJson(json);
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return normaliseEvent(raw as AuditEvent);
  } catch (cause) {
    throw new CaseError('usage', 'What was pasted is not JSON.', {
      hint: 'Paste one event as one JSON object.',
      cause,
    });
  }
  throw new CaseError('usage', 'What was pasted is no event.', { hint: 'Paste one event as one JSON object.' });
}
