import type { Alert } from '../../contract/rows.ts';
import type { AlertChange, AlertDifference } from '../../contract/studio-calls.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { Finding } from '../../store/findings.ts';
import { findingsOfDraft, rulesToMatch } from './draft-findings.ts';
import type { DraftRules, StudioRules } from './draft-rules.ts';
import { RuleScan } from './rule-scan.ts';

/** What a run with a text in the place of its file would change among the alerts of the case. */
export async function difference(
  draft: DraftRules,
  rules: StudioRules,
  store: CaseStore,
  signal: AbortSignal,
): Promise<AlertDifference> {
  const matched = rulesToMatch(draft);
  const scan = new RuleScan(store, matched, rules.textsFor(draft, matched));
  await scan.decideUntil(() => false, signal);
  const after = await findingsOfDraft(draft, rules, store, [...scan.hits()], signal);
  const before = alertsOf(draft, rules, store);
  return compare(before, after);
}

/** Alerts of the last run that rules of the text, or of the file as it is now, have raised. */
function alertsOf(draft: DraftRules, rules: StudioRules, store: CaseStore): readonly Alert[] {
  const saved = rules.files.set.sources.find((source) => source.path === draft.path);
  const now = saved === undefined ? [] : rules.read(saved.path, saved.text).documents;
  const ids = new Set([...draft.documents, ...now].map(({ id, key }) => id ?? key));
  return store.findings.list().filter((alert) => ids.has(alert.rule.id));
}

/** The same alert: the same key, or as a run carries decisions over, the same rule and requests in common. */
function compare(before: readonly Alert[], after: readonly Finding[]): AlertDifference {
  const left = new Map(before.map((alert) => [alert.key, alert]));
  const appear: AlertChange[] = [];
  const change: AlertChange[] = [];
  let same = 0;
  for (const finding of after) {
    const old = left.get(finding.key) ?? [...left.values()].find((alert) => shares(alert, finding));
    if (old === undefined) {
      appear.push(changeOf(finding, null));
      continue;
    }
    left.delete(old.key);
    if (isSame(old, finding)) same++;
    else change.push(changeOf(finding, old.id));
  }
  return { appear, change, vanish: [...left.values()].map((alert) => changeOf(alert, alert.id)), same };
}

function shares(alert: Alert, finding: Finding): boolean {
  const known = new Set(alert.auditIDs);
  return alert.rule.id === finding.rule.id && finding.auditIDs.some((id) => known.has(id));
}

const isSame = (alert: Alert, finding: Finding): boolean =>
  alert.level === finding.level && alert.auditIDs.join() === finding.auditIDs.join();

function changeOf(alert: Finding | Alert, id: number | null): AlertChange {
  const { title, level, object, user, eventCount } = alert;
  return { title, level, object, user, events: eventCount, id };
}
