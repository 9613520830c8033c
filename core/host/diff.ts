import type { CaseDifference, CaseDifferences, DifferenceKind } from '../contract/rows.ts';
import { formatTime } from '../event/time.ts';
import type { CaseStore } from '../store/case-store.ts';

/** What two cases are compared by: lasting names and what stands under them, never ids. */
type Contents = ReadonlyMap<DifferenceKind, ReadonlyMap<string, string>>;

/**
 * Compares two cases by what they hold: evidence by the hashes of members, rules by their texts, alerts by their keys, and what
 * people decided, set and wrote. Two copies of one case differ in nothing; how their logs of actions stand to each other is told apart.
 */
export function diffCases(left: CaseStore, right: CaseStore): CaseDifferences {
  const [a, b] = [contentsOf(left), contentsOf(right)];
  const differences = [...a.keys()].flatMap((kind) =>
    compare(kind, a.get(kind) ?? new Map(), b.get(kind) ?? new Map()),
  );
  return { isSame: differences.length === 0, history: historyOf(left, right), differences };
}

function compare(
  kind: DifferenceKind,
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): CaseDifference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names.flatMap((name): CaseDifference[] => {
    const [left, right] = [a.get(name) ?? null, b.get(name) ?? null];
    return left === right ? [] : [{ kind, name, left, right }];
  });
}

function contentsOf(store: CaseStore): Contents {
  const { findings, settings, suppressions, marks } = store;
  const alerts = findings.list();
  return new Map<DifferenceKind, ReadonlyMap<string, string>>([
    [
      'evidence',
      counted(store.ledger().map((line) => [`${line.sha256} ${line.path.split('/').at(-1)}`, ledgerText(line)])),
    ],
    ['rule', counted(findings.rules().map(({ path, sha256 }) => [path, sha256]))],
    [
      'coverage',
      counted(
        findings.coverage().map(({ rule, state, reason }) => [`${rule.title} (${rule.id})`, `${state}: ${reason}`]),
      ),
    ],
    ['alert', counted(alerts.map((alert) => [`${alert.title} (${alert.key})`, `${alert.level}, ${alert.summary}`]))],
    [
      'incident',
      counted(
        findings.incidents
          .list()
          .map(({ title, key, level, alerts: ids }) => [`${title} (${key})`, `${level}, ${ids.length} alerts`]),
      ),
    ],
    [
      'decision',
      counted(
        alerts
          .filter(({ status }) => status !== 'open')
          .map(({ id, title, key, status }) => [`${title} (${key})`, `${status}: ${findings.reasonOf(id)}`]),
      ),
    ],
    [
      'suppression',
      counted(
        suppressions
          .list()
          .map(({ rule, entity, condition, reason, examiner, expires }) => [
            JSON.stringify([rule, entity?.kind ?? null, entity?.name ?? null, condition]),
            `${examiner}: ${reason}${expires === null ? '' : `, until ${formatTime(expires)}`}`,
          ]),
      ),
    ],
    [
      'list',
      counted(
        settings.listEntries().map(({ list, value, examiner, note }) => [`${list}: ${value}`, `${examiner}: ${note}`]),
      ),
    ],
    [
      'mark',
      counted(
        marks
          .list()
          .map(({ kind, targetKind, target, text, examiner, time }) => [
            `${kind} of ${examiner} on ${targetKind} ${target}, ${formatTime(time)}`,
            text,
          ]),
      ),
    ],
  ]);
}

const ledgerText = ({
  uniqueEvents,
  duplicates,
  skippedRecords,
  malformedRecords,
  bytes,
}: ReturnType<CaseStore['ledger']>[number]): string =>
  `${bytes} bytes, ${uniqueEvents + duplicates} events, ${skippedRecords} skipped, ${malformedRecords} malformed`;

/** The same name may stand more than once: then its texts are one, in order. */
function counted(entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const grouped = Map.groupBy(entries, ([name]) => name);
  return new Map(
    [...grouped].map(([name, same]) => [
      name,
      same
        .map(([, text]) => text)
        .sort()
        .join('\n'),
    ]),
  );
}

function historyOf(left: CaseStore, right: CaseStore): CaseDifferences['history'] {
  const [a, b] = [left.actions(), right.actions()];
  const until = a.findIndex((action, index) => action.hash !== b[index]?.hash);
  const common = until < 0 ? a.length : until;
  const relation =
    common === 0
      ? 'unrelated'
      : common === a.length && common === b.length
        ? 'same'
        : common === a.length
          ? 'right is longer'
          : common === b.length
            ? 'left is longer'
            : 'parted';
  return { relation, common, left: a.length - common, right: b.length - common };
}
