import { jsonText } from '../../text.ts';
import { type AlertWriter, type ExportedAlert, kindOf, millis, nameOf, RANK } from './exported.ts';
import { pruned } from './siem.ts';

const STATUS = {
  open: [1, 'New'],
  confirmed: [2, 'In Progress'],
  dismissed: [3, 'Suppressed'],
  benign: [4, 'Resolved'],
} as const;
const SEVERITY = ['', 'Informational', 'Low', 'Medium', 'High', 'Critical'] as const;

/** OCSF 1.3 Detection Finding (class 2004), one a line. */
export const ocsf: AlertWriter = {
  item(alert, { version }) {
    const [statusId, status] = STATUS[alert.status];
    return `${jsonText(
      pruned({
        activity_id: 1,
        activity_name: 'Create',
        category_uid: 2,
        category_name: 'Findings',
        class_uid: 2004,
        class_name: 'Detection Finding',
        type_uid: 200_401,
        type_name: 'Detection Finding: Create',
        time: millis(alert.lastTime),
        start_time: millis(alert.firstTime),
        end_time: millis(alert.lastTime),
        count: alert.count,
        severity_id: RANK[alert.level],
        severity: SEVERITY[RANK[alert.level]],
        status_id: statusId,
        status,
        message: alert.summary,
        metadata: {
          version: '1.3.0',
          uid: alert.key,
          product: { name: 'Decklog', vendor_name: 'Decklog', version },
          log_provider: 'kube-apiserver',
        },
        finding_info: {
          uid: alert.key,
          title: alert.title,
          desc: alert.summary,
          types: alert.tactics,
          first_seen_time: millis(alert.firstTime),
          last_seen_time: millis(alert.lastTime),
          analytic: { uid: alert.rule.id, name: alert.rule.title, type: 'Rule', type_id: 1 },
          attacks: alert.attack.map((uid) =>
            uid.includes('.')
              ? { technique: techniqueOf(uid.split('.')[0] as string), sub_technique: techniqueOf(uid) }
              : { technique: techniqueOf(uid) },
          ),
        },
        evidences: evidencesOf(alert),
        resources: resourcesOf(alert),
        remediation: alert.nextSteps.length === 0 ? null : { desc: alert.nextSteps.join('\n') },
        unmapped: {
          decklog_defender: alert.defender,
          decklog_outcome: alert.outcome,
          decklog_audit_ids: alert.auditIDs.slice(0, 50),
        },
      }),
    )}\n`;
  },
};

function evidencesOf({ users, sourceIPs, place }: ExportedAlert) {
  const names = users.filter((name) => name !== '');
  const data =
    place === null ? null : { sha256: place.sha256, path: place.path, offset: place.offset, length: place.length };
  const addresses = sourceIPs.length === 0 ? [null] : sourceIPs;
  return addresses.map((ip) =>
    pruned({
      actor: names[0] === undefined ? null : { user: { name: names[0] } },
      src_endpoint: ip === null ? null : { ip },
      data,
    }),
  );
}

function resourcesOf({ object, namespace, cluster }: ExportedAlert) {
  if (object === null && namespace === null) return [];
  return [
    pruned({
      type: kindOf(object) ?? 'namespaces',
      name: nameOf(object) ?? namespace,
      namespace,
      cloud_partition: null,
      labels: cluster === null ? [] : [`cluster:${cluster}`],
    }),
  ];
}

/** The schema wants a name, too; of techniques only the number is known here. */
const techniqueOf = (uid: string) => ({ name: uid, uid });
