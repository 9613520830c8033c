import { Document, type YAMLMap, type YAMLSeq } from 'yaml';
import { LEVELS, type Level, type Wanted } from '../../contract/rows.ts';
import type { CoverageRecord } from '../../store/findings.ts';
import { apiGroupOf } from './api-groups.ts';

/** One thing that a policy would have to record. */
interface Grant {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly level: Wanted['level'];
}

/** A blind rule with the grants that would let it see. */
interface Need {
  readonly title: string;
  readonly level: Level;
  readonly grants: readonly Grant[];
}

export interface PolicyProposal {
  /** An `audit.k8s.io/v1` Policy in YAML; null where no policy would lift a blind spot. */
  readonly policy: string | null;
  /** Titles of the rules that it lets see, the gravest first. */
  readonly lifts: readonly string[];
  /** Titles of rules that need the contents of credentials in the log: never proposed. */
  readonly leftOut: readonly string[];
}

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const VERBS: Readonly<Record<string, readonly string[]>> = { read: ['get', 'list', 'watch'], write: WRITES };
/** Their bodies hold credentials: an audit log is the wrong place for them. */
const CREDENTIALS = new Set(['secrets', 'configmaps', 'serviceaccounts/token', 'tokenreviews']);
const AUDIT_LEVELS: readonly Wanted['level'][] = ['Metadata', 'Request', 'RequestResponse'];

/** A rule is worth twice the one a level below; what it costs grows with what is written for each request, and reads are many. */
const weightOf = (level: Level): number => 2 ** LEVELS.indexOf(level);
const COSTS: Readonly<Record<Wanted['level'], number>> = { Metadata: 1, Request: 2, RequestResponse: 4 };
const costOf = ({ level, verbs }: Grant): number =>
  COSTS[level] * (verbs.length === 0 || verbs.includes('list') ? 3 : 1);

/**
 * The smallest change of an audit policy that lets blind rules of that level and above see: rules are taken one after the other by
 * their weight for what they cost beyond the ones before.
 */
export function proposePolicy(coverage: readonly CoverageRecord[], least: Level = 'medium'): PolicyProposal {
  const blind = coverage.filter(
    (row) => row.state === 'blind' && row.wanted.length > 0 && LEVELS.indexOf(row.level) >= LEVELS.indexOf(least),
  );
  const needs = blind.map(
    (row): Need => ({ title: row.rule.title, level: row.level, grants: row.wanted.flatMap(grantsOf) }),
  );
  const holdsCredentials = ({ grants }: Need) =>
    grants.some(({ level, resource }) => level !== 'Metadata' && CREDENTIALS.has(resource));
  const leftOut = needs
    .filter(holdsCredentials)
    .map(({ title }) => title)
    .sort();
  const { grants, lifted } = choose(needs.filter((need) => need.grants.length > 0 && !holdsCredentials(need)));
  const lifts = lifted
    .sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || (a.title < b.title ? -1 : 1))
    .map(({ title }) => title);
  return { policy: grants.length === 0 ? null : policyText(grants, lifted, leftOut), lifts, leftOut };
}

function grantsOf({ apiGroup, resource, verbs, level }: Wanted): Grant[] {
  const group = apiGroup ?? apiGroupOf(resource);
  if (group === null) return [];
  const isBody = level !== 'Metadata';
  return [{ apiGroup: group, resource, level, verbs: VERBS[verbs ?? ''] ?? (isBody && verbs === null ? WRITES : []) }];
}

const keyOf = ({ apiGroup, resource, verbs }: Grant): string => JSON.stringify([apiGroup, resource, verbs]);

function choose(needs: readonly Need[]): { grants: Grant[]; lifted: Need[] } {
  const taken = new Map<string, Grant>();
  const lifted: Need[] = [];
  const isTaken = (grant: Grant) => {
    const same = taken.get(keyOf(grant)) ?? taken.get(keyOf({ ...grant, verbs: [] }));
    return same !== undefined && AUDIT_LEVELS.indexOf(same.level) >= AUDIT_LEVELS.indexOf(grant.level);
  };
  const price = ({ grants }: Need) =>
    grants.filter((grant) => !isTaken(grant)).reduce((sum, grant) => sum + costOf(grant), 0);
  const left = new Set([...needs].sort((a, b) => (a.title < b.title ? -1 : 1)));
  while (left.size > 0) {
    const best = [...left].reduce((a, b) => (worth(b, price(b)) > worth(a, price(a)) ? b : a));
    for (const grant of best.grants) if (!isTaken(grant)) taken.set(keyOf(grant), grant);
    left.delete(best);
    lifted.push(best);
  }
  return { grants: [...taken.values()], lifted };
}

const worth = ({ level }: Need, price: number): number => weightOf(level) / Math.max(price, 0.001);

/** Rules of a policy are tried from the top, so the new ones stand first, the fullest before the others. */
function policyText(grants: readonly Grant[], lifted: readonly Need[], leftOut: readonly string[]): string {
  const kinds = Map.groupBy(grants, ({ level, verbs }) => JSON.stringify([level, verbs]));
  const ordered = [...kinds].sort(([a], [b]) => rank(b) - rank(a) || (a < b ? -1 : 1));
  const rules = ordered.map(([, same]) => policyRule(same));
  const document = new Document({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    rules: [...rules, { level: 'Metadata', omitStages: ['RequestReceived'] }],
  });
  document.commentBefore = [
    ' Proposed by Decklog: the smallest change that would let its blind rules see.',
    ' Put the rules above the last one before the first rule of your own policy: the first that fits a request decides.',
    ...(leftOut.length === 0
      ? []
      : [` Left out, since it would write credentials into the log: ${leftOut.map(plain).join('; ')}.`]),
  ].join('\n');
  const sequence = document.get('rules') as YAMLSeq<YAMLMap>;
  ordered.forEach(([, same], index) => {
    const titles = lifted.filter((need) =>
      need.grants.some((grant) => same.some((one) => keyOf(one) === keyOf(grant))),
    );
    const item = sequence.items[index] as YAMLMap;
    item.commentBefore = ` for: ${titles
      .map(({ title, level }) => `${plain(title)} (${level})`)
      .sort()
      .join('; ')}`;
  });
  (sequence.items.at(-1) as YAMLMap).commentBefore = ' in the place of this one: the rules of your own policy';
  return document.toString({ lineWidth: 0 });
}

/** A title is somebody's text: on one line it stays a comment. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

const rank = (key: string): number => AUDIT_LEVELS.indexOf((JSON.parse(key) as [Wanted['level']])[0]);

function policyRule(grants: readonly Grant[]): Record<string, unknown> {
  const { level, verbs } = grants[0] as Grant;
  const groups = [...Map.groupBy(grants, ({ apiGroup }) => apiGroup)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    level,
    omitStages: ['RequestReceived'],
    ...(verbs.length > 0 && { verbs: [...verbs] }),
    resources: groups.map(([group, same]) => ({ group, resources: same.map(({ resource }) => resource).sort() })),
  };
}
