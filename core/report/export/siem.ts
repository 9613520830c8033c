import { isIPv4, isIPv6 } from 'node:net';
import { jsonText, visible } from '../../text.ts';
import { type AlertWriter, type ExportedAlert, kindOf, millis, nameOf, RANK } from './exported.ts';

/** ArcSight Common Event Format 0. */
export const cef: AlertWriter = {
  item(alert, { version }) {
    const head = [
      'CEF:0',
      'Decklog',
      'Decklog',
      version,
      alert.defender ?? alert.rule.id,
      alert.title,
      String(RANK[alert.level] * 2),
    ];
    return `${head.map(cefHead).join('|')}|${Object.entries(cefFields(alert))
      .map(([name, value]) => `${name}=${cefValue(value)}`)
      .join(' ')}\n`;
  },
};

const cefHead = (text: string): string => visible(text).replace(/[\\|]/g, '\\$&');
const cefValue = (text: string): string =>
  text.split('\n').map(visible).join('\n').replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n');

function cefFields(alert: ExportedAlert): Record<string, string> {
  const { place } = alert;
  const address = alert.sourceIPs[0];
  const fields = {
    externalId: alert.key,
    start: String(millis(alert.firstTime)),
    end: String(millis(alert.lastTime)),
    cnt: String(alert.count),
    outcome: alert.outcome,
    suser: alert.user,
    src: address !== undefined && isIPv4(address) ? address : '',
    c6a2: address !== undefined && isIPv6(address) ? address : '',
    c6a2Label: address !== undefined && isIPv6(address) ? 'Source IPv6 Address' : '',
    msg: alert.summary,
    cat: alert.tactics.join(','),
    cs1: alert.attack.join(','),
    cs1Label: alert.attack.length === 0 ? '' : 'ATT&CK techniques',
    cs2: alert.namespace ?? '',
    cs2Label: alert.namespace === null ? '' : 'Kubernetes namespace',
    cs3: alert.object ?? '',
    cs3Label: alert.object === null ? '' : 'Kubernetes object',
    cs4: alert.cluster ?? '',
    cs4Label: alert.cluster === null ? '' : 'Kubernetes cluster',
    cs5: alert.auditIDs.slice(0, 10).join(' '),
    cs5Label: 'Audit IDs',
    cs6: place === null ? '' : `${place.sha256} ${place.offset}+${place.length}`,
    cs6Label: place === null ? '' : 'Evidence',
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** RFC 5424: facility 13 (log audit); the severity follows the level. */
const SYSLOG_SEVERITY = { critical: 2, high: 3, medium: 4, low: 5, informational: 6 } as const;

/** One line an alert, with structured data; 32473 is the number that examples may use. */
export const syslog: AlertWriter = {
  item(alert) {
    const priority = 13 * 8 + SYSLOG_SEVERITY[alert.level];
    const data = {
      key: alert.key,
      rule: alert.rule.id,
      level: alert.level,
      outcome: alert.outcome,
      user: alert.user,
      src: alert.sourceIPs.join(','),
      namespace: alert.namespace ?? '',
      object: alert.object ?? '',
      count: String(alert.count),
      attack: alert.attack.join(','),
      auditIDs: alert.auditIDs.slice(0, 10).join(','),
      evidence: alert.place === null ? '' : `${alert.place.sha256} ${alert.place.offset}+${alert.place.length}`,
    };
    const parameters = Object.entries(data)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ` ${name}="${syslogValue(value)}"`);
    const message = visible(`${alert.title}: ${alert.summary}`);
    return `<${priority}>1 ${alert.lastTime || '-'} ${hostName(alert.cluster)} decklog - alert [decklog@32473${parameters.join('')}] \ufeff${message}\n`;
  },
};

const syslogValue = (text: string): string => visible(text).replace(/["\\\]]/g, '\\$&');
/** Printable ASCII without a space, or the nil value. */
const hostName = (cluster: string | null): string => cluster?.replace(/[^\x21-\x7e]/g, '_').slice(0, 255) || '-';

/** Elastic Common Schema 8, one document a line. */
export const ecs: AlertWriter = {
  item(alert) {
    const users = alert.users.filter((user) => user !== '');
    return `${jsonText(
      pruned({
        '@timestamp': alert.firstTime || null,
        ecs: { version: '8.17.0' },
        message: alert.summary,
        tags: ['decklog', alert.status],
        event: {
          kind: 'alert',
          category: ['intrusion_detection'],
          type: [alert.outcome === 'succeeded' ? 'allowed' : 'denied'],
          dataset: 'decklog.alert',
          module: 'decklog',
          provider: 'kube-apiserver',
          id: alert.key,
          severity: RANK[alert.level] * 20,
          outcome: alert.outcome === 'succeeded' ? 'success' : 'failure',
          start: alert.firstTime || null,
          end: alert.lastTime || null,
        },
        rule: { id: alert.rule.id, name: alert.rule.title, category: alert.level },
        threat: threatOf(alert),
        user: {
          name: alert.user || null,
          effective: alert.impersonatedUser === null ? null : { name: alert.impersonatedUser },
        },
        source: { ip: alert.sourceIPs[0] ?? null },
        related: { user: users, ip: alert.sourceIPs },
        orchestrator: {
          type: 'kubernetes',
          namespace: alert.namespace,
          cluster: alert.cluster === null ? null : { name: alert.cluster },
          resource: alert.object === null ? null : { type: kindOf(alert.object), name: nameOf(alert.object) },
        },
        decklog: {
          alert: {
            id: alert.id,
            level: alert.level,
            count: alert.count,
            incident: alert.incident,
            defender: alert.defender,
          },
          audit_ids: alert.auditIDs,
          evidence: alert.place && {
            sha256: alert.place.sha256,
            path: alert.place.path,
            offset: alert.place.offset,
            length: alert.place.length,
          },
        },
      }),
    )}\n`;
  },
};

function threatOf({ attack, tactics }: ExportedAlert) {
  if (attack.length === 0 && tactics.length === 0) return null;
  return {
    framework: 'MITRE ATT&CK',
    tactic: { name: tactics },
    technique: {
      id: attack.filter((id) => !id.includes('.')),
      subtechnique: { id: attack.filter((id) => id.includes('.')) },
    },
  };
}

/** Without members that are null or empty: an index would count them as known. */
export function pruned(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (item === null || item === undefined || (Array.isArray(item) && item.length === 0)) return [];
      if (typeof item !== 'object' || Array.isArray(item)) return [[name, item]];
      const inner = pruned(item as Record<string, unknown>);
      return Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );
}
