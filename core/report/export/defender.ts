import { createHash } from 'node:crypto';
import { jsonText } from '../../text.ts';
import { type AlertWriter, type ExportedAlert, kindOf, nameOf, pascal } from './exported.ts';

const SEVERITY = {
  informational: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'High',
} as const;
const STATUS = { open: 'Active', confirmed: 'InProgress', benign: 'Resolved', dismissed: 'Dismissed' } as const;
/** Values of the alerts API; tactics that it does not know become Unknown. */
const INTENTS = new Set([
  'PreAttack',
  'InitialAccess',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Execution',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
  'Probing',
  'Exploitation',
]);

/** An alert in the words of the vendor's alert schema; types are in a name space of our own, never passed off as theirs. */
function neutral(alert: ExportedAlert) {
  const intents = [...new Set(alert.tactics.map(pascal).filter((tactic) => INTENTS.has(tactic)))];
  const entities = entitiesOf(alert);
  return {
    type: `DECKLOG_${alert.defender ?? alert.rule.id}`,
    id: alert.key,
    title: alert.title,
    description: alert.summary,
    severity: SEVERITY[alert.level],
    status: STATUS[alert.status],
    intent: intents.join(', ') || 'Unknown',
    techniques: alert.attack.filter((id) => !id.includes('.')),
    subTechniques: alert.attack.filter((id) => id.includes('.')),
    entity: alert.object ?? alert.namespace ?? alert.cluster ?? 'cluster',
    resource: `/decklog/clusters/${alert.cluster ?? 'unnamed'}`,
    entities,
    extended: extendedOf(alert),
  };
}

type Entity = { readonly $id: string; readonly [name: string]: unknown };

/** Entities refer to each other by `$id` and `$ref`, as the vendor's do. */
function entitiesOf({ cluster, namespace, object, sourceIPs, users }: ExportedAlert): Entity[] {
  const entities: Entity[] = [];
  const add = (entity: Readonly<Record<string, unknown>>) => {
    const $id = `decklog_${entities.length + 1}`;
    entities.push({ $id, ...entity });
    return { $ref: $id };
  };
  const Cluster = add({ Type: 'K8s-cluster', Name: cluster ?? 'unnamed' });
  const Namespace = namespace === null ? undefined : add({ Type: 'K8s-namespace', Name: namespace, Cluster });
  const [kind, name] = [kindOf(object), nameOf(object)];
  if (kind === 'pods' && name !== null) add({ Type: 'K8s-pod', Name: name, ...(Namespace && { Namespace }) });
  for (const Address of sourceIPs) add({ Type: 'ip', Address });
  for (const Name of users) if (Name !== '') add({ Type: 'account', Name });
  return entities;
}

function extendedOf(alert: ExportedAlert): Record<string, string> {
  const { place, object, namespace, rule } = alert;
  const properties = {
    ProductComponentName: 'Containers',
    Rule: rule.title,
    RuleId: rule.id,
    Outcome: alert.outcome,
    Requests: String(alert.count),
    'Resource type': kindOf(object),
    'Resource name': nameOf(object),
    Namespace: namespace,
    AuditIDs: alert.auditIDs.slice(0, 20).join(' '),
    DefenderEquivalent: alert.defender,
    EvidenceSha256: place?.sha256 ?? null,
    EvidenceOffset: place === null ? null : String(place.offset),
    EvidenceLength: place === null ? null : String(place.length),
  };
  return Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The list that the alerts API (2022-01-01) answers with. */
export const defender: AlertWriter = {
  head: () => '{"value":[\n',
  item: (alert, _, index) => `${index === 0 ? '' : ',\n'}${jsonText(restAlert(alert))}`,
  tail: () => '\n]}\n',
};

function restAlert(alert: ExportedAlert) {
  const told = neutral(alert);
  return {
    id: `${told.resource}/providers/Microsoft.Security/locations/offline/alerts/${told.id}`,
    name: told.id,
    type: 'Microsoft.Security/Locations/alerts',
    properties: {
      version: '2022-01-01',
      alertType: told.type,
      systemAlertId: told.id,
      productComponentName: 'Containers',
      alertDisplayName: told.title,
      description: told.description,
      severity: told.severity,
      intent: told.intent,
      techniques: told.techniques,
      subTechniques: told.subTechniques,
      startTimeUtc: alert.firstTime,
      endTimeUtc: alert.lastTime,
      timeGeneratedUtc: alert.lastTime,
      processingEndTimeUtc: alert.lastTime,
      status: told.status,
      resourceIdentifiers: [{ type: 'AzureResource', azureResourceId: told.resource }],
      compromisedEntity: told.entity,
      entities: told.entities.map(({ Type, ...rest }) => ({ type: Type, ...rest })),
      extendedProperties: told.extended,
      remediationSteps: alert.nextSteps,
      vendorName: 'Decklog',
      productName: 'Decklog',
      isIncident: false,
      correlationKey: correlationKey(alert),
    },
  };
}

/** One alert a line, as continuous export sends them to Event Hubs. */
export const defenderEventHub: AlertWriter = {
  item(alert) {
    const told = neutral(alert);
    return `${jsonText({
      VendorName: 'Decklog',
      AlertType: told.type,
      ProductName: 'Decklog',
      StartTimeUtc: alert.firstTime,
      EndTimeUtc: alert.lastTime,
      TimeGenerated: alert.lastTime,
      ProcessingEndTime: alert.lastTime,
      Severity: told.severity,
      Status: alert.status === 'open' ? 'New' : told.status,
      ProviderAlertStatus: null,
      ConfidenceLevel: null,
      ConfidenceScore: null,
      ConfidenceReasons: null,
      IsIncident: false,
      SystemAlertId: told.id,
      CorrelationKey: correlationKey(alert),
      Intent: told.intent,
      ResourceIdentifiers: [{ $id: 'decklog_resource', AzureResourceId: told.resource, Type: 'AzureResource' }],
      AzureResourceId: told.resource,
      CompromisedEntity: told.entity,
      AlertDisplayName: told.title,
      Description: told.description,
      Entities: told.entities,
      ExtendedLinks: null,
      ExtendedProperties: told.extended,
      RemediationSteps: alert.nextSteps,
      AlertUri: null,
    })}\n`;
  },
};

const correlationKey = ({ incident, key }: ExportedAlert): string =>
  createHash('sha256')
    .update(incident === null ? key : `incident ${incident}`)
    .digest('hex')
    .slice(0, 32);
