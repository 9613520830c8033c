import * as v from 'valibot';
import { MARK_KINDS, MOST_NOTE_CHARACTERS } from '../contract/mark-calls.ts';
import { type AnnotationConflict, type MergeOutcome, STATUSES } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { MarkPlace, StoredMark } from '../store/marks.ts';
import { eventName } from './mark-places.ts';

/** Marks and decisions at most in one file: it may come from a stranger. */
const MOST_ENTRIES = 200_000;
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

const MARK = v.strictObject({
  kind: v.picklist(MARK_KINDS),
  targetKind: v.picklist(['event', 'alert', 'incident', 'entity', 'time']),
  target: text(4_000),
  text: text(MOST_NOTE_CHARACTERS),
  examiner: text(500),
  time: v.pipe(v.number(), v.safeInteger()),
});
const DECISION = v.strictObject({
  alert: text(100),
  rule: text(1_000),
  title: text(1_000),
  status: v.picklist(STATUSES),
  reason: text(MOST_NOTE_CHARACTERS),
});

/** What a file of annotations holds: no evidence, and names that mean the same in another copy of the case. */
const FILE = v.strictObject({
  format: v.literal('decklog-annotations'),
  version: v.literal(1),
  case: v.strictObject({ head: text(64), events: v.number(), firstAction: text(64) }),
  marks: v.pipe(v.array(MARK), v.maxLength(MOST_ENTRIES)),
  decisions: v.pipe(v.array(DECISION), v.maxLength(MOST_ENTRIES)),
});

export type AnnotationFile = v.InferOutput<typeof FILE>;
type MarkEntry = AnnotationFile['marks'][number];
type Decision = AnnotationFile['decisions'][number];

/** What people have put on a case and decided about its alerts. */
export function exportAnnotations(store: CaseStore): AnnotationFile {
  const marks = store.marks.list().map(({ kind, targetKind, target, text: words, examiner, time }) => ({
    ...{ kind, targetKind, target, examiner, time },
    text: words,
  }));
  return {
    format: 'decklog-annotations',
    version: 1,
    case: { head: store.head(), events: store.glance().events, firstAction: store.actions()[0]?.hash ?? '' },
    marks,
    decisions: decisionsOf(store),
  };
}

function decisionsOf(store: CaseStore): Decision[] {
  const decided = store.findings.list().filter(({ status }) => status !== 'open');
  return decided.map(({ id, key, rule, title, status }) => ({
    ...{ alert: key, rule: rule.id, title, status },
    reason: store.findings.reasonOf(id),
  }));
}

/** Reads a file of annotations. Raises `annotation/invalid`, naming the place. */
export function parseAnnotations(json: string): AnnotationFile {
  const hint = '`decklog annotations <case> export -o FILE` makes one.';
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new CaseError('annotation/invalid', 'The file of annotations is no JSON.', { cause, hint });
  }
  const parsed = v.safeParse(FILE, raw);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue) ?? 'the top';
  throw new CaseError('annotation/invalid', `The file of annotations is wrong at ${place}: ${issue.message}`, { hint });
}

/** Which side counts where both say something else about one thing. */
export type Take = 'ours' | 'theirs';

/**
 * Brings another examiner's annotations into a case, as one action. What both have is there once; where they contradict each other
 * (an edited note, two verdicts, two decisions) `take` says who counts, and both sides are told.
 */
export function mergeAnnotations(
  store: CaseStore,
  file: AnnotationFile,
  take: Take,
  examiner: string,
  time: number,
): MergeOutcome {
  return store.change(() => {
    const marks = mergeMarks(store, file.marks, take);
    const decisions = mergeDecisions(store, file.decisions, take);
    const conflicts = [...marks.conflicts, ...decisions.conflicts];
    const outcome: MergeOutcome = {
      added: marks.added,
      decided: decisions.decided,
      same: marks.same + decisions.same,
      unknown: [...marks.unknown, ...decisions.unknown],
      conflicts,
    };
    if (outcome.added + outcome.decided + (take === 'theirs' ? conflicts.length : 0) > 0) {
      const detail = {
        ...{
          added: outcome.added,
          decided: outcome.decided,
          unknown: outcome.unknown.length,
          take,
          from: file.case.head,
        },
        conflicts,
      };
      store.record({ examiner, time, name: 'annotation/merge', detail, changed: ['marks', 'findings'] });
    }
    return outcome;
  });
}

function mergeMarks(store: CaseStore, entries: readonly MarkEntry[], take: Take) {
  const places = new Places(store);
  const conflicts: AnnotationConflict[] = [];
  const unknown: string[] = [];
  let [added, same] = [0, 0];
  for (const entry of entries) {
    const place = places.find(entry);
    if (place === null) {
      unknown.push(`${entry.kind} on ${entry.targetKind} ${entry.target}`);
      continue;
    }
    const here = store.marks.list({ place, kinds: [entry.kind] });
    const other = here.find((mark) => isOne(mark, entry));
    if (other === undefined) {
      store.marks.add(entry.kind, entry.text, place, entry.examiner, entry.time);
      added++;
    } else if (other.text === entry.text) same++;
    else {
      const about = `${entry.kind} on ${entry.targetKind} ${entry.target}`;
      conflicts.push({ about, ours: `${other.examiner}: ${other.text}`, theirs: `${entry.examiner}: ${entry.text}` });
      if (take === 'theirs') store.marks.setText(other.id, entry.text);
    }
  }
  return { added, same, unknown, conflicts };
}

/** Stars and tags are there once; a thing has one verdict; a note is its author's of that moment, edited or not. */
function isOne(mark: StoredMark, entry: MarkEntry): boolean {
  switch (entry.kind) {
    case 'star':
    case 'verdict':
      return true;
    case 'tag':
      return mark.text === entry.text;
    default:
      return mark.examiner === entry.examiner && mark.time === entry.time;
  }
}

/** Finds in this case what a lasting name means. */
class Places {
  readonly #store: CaseStore;
  readonly #names: Readonly<Record<'alert' | 'incident', ReadonlySet<string>>>;

  constructor(store: CaseStore) {
    this.#store = store;
    this.#names = {
      alert: new Set(store.findings.list().map(({ key }) => key)),
      incident: new Set(store.findings.incidents.list().map(({ key }) => key)),
    };
  }

  find({ targetKind, target }: Pick<MarkEntry, 'targetKind' | 'target'>): MarkPlace | null {
    switch (targetKind) {
      case 'event': {
        const event = this.#eventOf(target);
        return event === null ? null : { kind: targetKind, name: target, event };
      }
      case 'alert':
      case 'incident':
        return this.#names[targetKind].has(target) ? { kind: targetKind, name: target, event: null } : null;
      case 'entity':
      case 'time':
        return { kind: targetKind, name: target, event: null };
    }
  }

  #eventOf(name: string): number | null {
    const time = timeIn(name);
    if (time === null) return null;
    return this.#store.events.atTime(time).find((fields) => eventName(fields) === name)?.id ?? null;
  }
}

/** The received time that the name of an event holds. */
function timeIn(name: string): number | null {
  try {
    const parts: unknown = JSON.parse(name);
    const time = Array.isArray(parts) ? parts[2] : null;
    return Number.isSafeInteger(time) ? (time as number) : null;
  } catch {
    return null;
  }
}

function mergeDecisions(store: CaseStore, decisions: readonly Decision[], take: Take) {
  const alerts = new Map(store.findings.list().map((alert) => [alert.key, alert]));
  const conflicts: AnnotationConflict[] = [];
  const unknown: string[] = [];
  let [decided, same] = [0, 0];
  for (const { alert: key, title, status, reason } of decisions) {
    const alert = alerts.get(key);
    if (alert === undefined) {
      unknown.push(`decision on the alert ${title} (${key})`);
      continue;
    }
    const ours = store.findings.reasonOf(alert.id);
    if (alert.status === status && ours === reason) same++;
    else if (alert.status === 'open') {
      store.findings.setStatus(alert.id, status, reason);
      decided++;
    } else {
      const about = `alert ${alert.id}, ${alert.title}`;
      conflicts.push({ about, ours: `${alert.status}: ${ours}`, theirs: `${status}: ${reason}` });
      if (take === 'theirs') store.findings.setStatus(alert.id, status, reason);
    }
  }
  return { decided, same, unknown, conflicts };
}
