import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Overlap, Sight } from '../../contract/studio-calls.ts';
import { coverageOf } from '../../detect/coverage/coverage.ts';
import { sightOf } from '../../detect/coverage/subjects.ts';
import { listsUsedBy } from '../../detect/pack.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import type { CorrelationMember, SigmaRule } from '../../sigma/sigma.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { seenIn } from '../detection.ts';
import { rulesToMatch } from './draft-findings.ts';
import type { DraftRules, StudioRules } from './draft-rules.ts';
import { type SampledEvents, sampledEvents } from './sampled-events.ts';

const MOST_OVERLAPS = 8;
/** So long is measured (ms); one pass over the sample is made in any case. */
const MEASURED_MS = 15;
const PAUSE_AFTER_MS = 12;

/** What this case can show of a draft, what the draft costs, and which alerts look at the same events. */
export async function sightOfDraft(
  draft: DraftRules,
  rules: StudioRules,
  store: CaseStore,
  signal: AbortSignal,
): Promise<Sight> {
  const hasErrors = draft.problems.some(({ severity }) => severity === 'error');
  const matched = hasErrors ? [] : rulesToMatch(draft);
  if (matched.length === 0) return { coverage: [], cost: null, overlaps: [], looked: 0, ofProven: 0 };
  const sampled = await sampledEvents(store, signal);
  return {
    coverage: coverageOfDraft(draft, rules, store),
    cost: measured(matched, sampled.usual),
    overlaps: await overlapsOf(draft, matched, sampled, signal),
    looked: sampled.proven.length,
    ofProven: sampled.allProven,
  };
}

function coverageOfDraft(draft: DraftRules, rules: StudioRules, store: CaseStore): Sight['coverage'] {
  const { lists } = rules.files.set;
  const { recorded, gaps } = seenIn(store);
  const members: readonly CorrelationMember[] = [...draft.rules, ...draft.correlations];
  const below = [...members, ...rulesToMatch(draft)];
  const emptyLists = new Map(
    below.map((member) => [member, listsUsedBy(member).filter((name) => lists[name]?.length === 0)]),
  );
  const facts = { alerts: 0, level: 'medium', learning: null } as const;
  const own = members
    .filter((member) => !draft.linked.silent.has(member))
    .map((member) => ({
      ...facts,
      id: member.id ?? member.key,
      title: member.title,
      sight: sightOf(member, draft.linked, emptyLists),
    }));
  const learning = draft.baselines.map(({ document, rules: looked }) => {
    const parts = looked.map((rule) => sightOf(rule, draft.linked, emptyLists));
    const sight = { kind: 'joined', parts, needsAll: false } as const;
    return { ...facts, id: document.id ?? document.key, title: document.title, sight };
  });
  return coverageOf([...own, ...learning], recorded, gaps).map(({ rule, state, reason, parts }) => ({
    title: rule.title,
    state: state === 'blind' ? 'blind' : 'clean',
    reason: state === 'blind' ? reason : '',
    parts: parts ?? [],
  }));
}

/** Time of deciding whole events; a run asks columns first, and so fewer. */
function measured(rules: readonly SigmaRule[], events: readonly AuditEvent[]): Sight['cost'] {
  if (events.length === 0) return null;
  const pass = (): void => {
    for (const event of events) for (const rule of rules) rule.matches(event);
  };
  pass();
  const started = performance.now();
  let passes = 0;
  do {
    pass();
    passes++;
  } while (performance.now() - started < MEASURED_MS);
  const ms = (performance.now() - started) / passes;
  return { msPerMillionEvents: (ms / events.length) * 1e6, events: events.length };
}

async function overlapsOf(
  draft: DraftRules,
  rules: readonly SigmaRule[],
  { proven, titles }: SampledEvents,
  signal: AbortSignal,
): Promise<Overlap[]> {
  const own = new Set(draft.documents.map(({ id }) => id));
  const counts = new Map<string, { both: number; of: number }>();
  let turn = performance.now();
  for (const { event, rules: others } of proven) {
    const isMet = rules.some((rule) => rule.matches(event));
    for (const other of others) {
      const count = counts.get(other) ?? { both: 0, of: 0 };
      counts.set(other, { both: count.both + (isMet ? 1 : 0), of: count.of + 1 });
    }
    if (performance.now() - turn < PAUSE_AFTER_MS) continue;
    await nextTurn();
    signal.throwIfAborted();
    turn = performance.now();
  }
  return [...counts]
    .flatMap(([rule, { both, of }]) =>
      both === 0 || own.has(rule) ? [] : [{ rule, title: titles.get(rule) ?? rule, both, of }],
    )
    .sort((a, b) => b.both - a.both || (a.rule < b.rule ? -1 : 1))
    .slice(0, MOST_OVERLAPS);
}
