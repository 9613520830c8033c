import type { Alert } from '../../contract/rows.ts';
import type { AlertChange, AlertDifference } from '../../contract/studio-calls.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { Finding } from '../../store/findings.ts';
import { idsIn, withAffected } from './affected.ts';
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
  const saved = rules.files.set.sources.find((source) => source.path === draft.path);
  const now = saved === undefined ? new Set<string>() : idsIn(withAffected(rules.read(saved.path, saved.text)));
  const whole = withAffected(draft, now);
  const matched = rulesToMatch(whole);
  const scan = new RuleScan(store, matched, rules.textsFor(draft, matched));
  await scan.decideUntil(() => false, signal);
  const after = await findingsOfDraft(whole, rules, store, [...scan.hits()], signal);
  const ids = new Set([...idsIn(whole), ...now]);
  const before = store.findings.list().filter((alert) => ids.has(alert.rule.id));
  return compare(before, after);
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
