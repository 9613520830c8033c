import type { Evidence } from '../contract/rows.ts';
import { shortName } from './citations.ts';
import type { ReportLimit } from './model.ts';

/** What the evidence as it was read cannot show, by member. What rules were blind to stands in the coverage. */
export function limitsOf(ledger: readonly Evidence[]): ReportLimit[] {
  const limits = ledger.flatMap(limitsOfMember);
  const keys = new Map(limits.map((limit) => [JSON.stringify(limit), limit]));
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, limit]) => limit);
}

function limitsOfMember(line: Evidence): ReportLimit[] {
  const path = shortName(line.path);
  const plain = (kind: ReportLimit['kind'], reason: string): ReportLimit => ({
    kind,
    path,
    from: null,
    to: null,
    reason,
  });
  return [
    ...line.gaps.map(({ from, to, reason }): ReportLimit => ({ kind: 'gap', path, from, to, reason })),
    ...(line.limitHit === undefined ? [] : [plain('limit', `reading ended at the limit "${line.limitHit}"`)]),
    ...(line.nearMiss === undefined
      ? []
      : [plain('not read', `looks like ${line.nearMiss}, which is no Kubernetes audit log`)]),
    ...(line.malformedRecords === 0
      ? []
      : [plain('not read', `${line.malformedRecords} of ${line.records} records could not be read`)]),
    ...(line.rejectedMembers ?? []).map((member) => plain('not read', `${member.path}: ${member.reason}`)),
    ...line.warnings.map((warning) => plain('warning', warning)),
  ];
}
