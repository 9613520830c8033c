import type { AuditEvent } from './audit-event.ts';
import { objectOf, touches, writeOf } from './body.ts';
import { scopeOf } from './network-address.ts';
import { asList, asText, asTexts, entriesOf, own, textOf } from './value.ts';

const RESOURCES = new Set(['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']);
const word = (value: string) => value.replace(/\s/gu, '%20');

/**
 * One text for each webhook of a written configuration:
 * `name=x target=url:https://h/p external=true failurePolicy=Ignore operations=CREATE resources=core/pods matches=nothing`.
 */
export function webhookTexts(event: AuditEvent): readonly string[] {
  const write = RESOURCES.has(textOf(event.objectRef, 'resource') ?? '') ? writeOf(event) : null;
  if (write === null || !touches(write, ['webhooks'])) return [];
  return asList(own(objectOf(write), 'webhooks')).map(webhookText);
}

/** Places inside webhooks that a patch sets, such as `rules` or `namespaceSelector`; `all` where it empties the list. */
export function patchedWebhookKeys(event: AuditEvent): readonly string[] {
  const write = RESOURCES.has(textOf(event.objectRef, 'resource') ?? '') ? writeOf(event) : null;
  if (write === null || !write.isPatch || !touches(write, ['webhooks'])) return [];
  const webhooks = asList(own(write.intent ?? write.effect, 'webhooks'));
  const keys = new Set(webhooks.flatMap((webhook) => entriesOf(webhook).map(([key]) => key)));
  keys.delete('name');
  return webhooks.length === 0 ? ['all'] : [...keys];
}

function webhookText(webhook: unknown): string {
  const url = textOf(own(webhook, 'clientConfig'), 'url');
  const rules = asList(own(webhook, 'rules'));
  return [
    `name=${word(textOf(webhook, 'name') ?? '')}`,
    `target=${word(url === undefined ? serviceText(webhook) : `url:${url}`)}`,
    `external=${url !== undefined && isOutside(url)}`,
    `failurePolicy=${word(textOf(webhook, 'failurePolicy') ?? 'Fail')}`,
    `operations=${rules
      .flatMap((rule) => asTexts(own(rule, 'operations')))
      .map(word)
      .join(',')}`,
    `resources=${rules.flatMap(resourcesOf).map(word).join(',')}`,
    `selectors=${selectorsOf(webhook).map(word).join(',')}`,
  ].join(' ');
}

function serviceText(webhook: unknown): string {
  const service = own(own(webhook, 'clientConfig'), 'service');
  return `service:${textOf(service, 'namespace') ?? ''}/${textOf(service, 'name') ?? ''}`;
}

const resourcesOf = (rule: unknown) =>
  asTexts(own(rule, 'apiGroups')).flatMap((group) =>
    asTexts(own(rule, 'resources')).map((resource) => `${group || 'core'}/${resource}`),
  );

/** Labels and expressions of both selectors, such as `namespace:team=a` and `object:app:Exists`. */
function selectorsOf(webhook: unknown): readonly string[] {
  return ['namespaceSelector', 'objectSelector'].flatMap((key) => {
    const selector = own(webhook, key);
    const kind = key.replace('Selector', '');
    const labels = entriesOf(own(selector, 'matchLabels')).map(
      ([label, value]) => `${kind}:${label}=${asText(value) ?? ''}`,
    );
    const expressions = asList(own(selector, 'matchExpressions')).map(
      (entry) =>
        `${kind}:${textOf(entry, 'key') ?? ''}:${textOf(entry, 'operator') ?? ''}:${asTexts(own(entry, 'values')).join('|')}`,
    );
    return [...labels, ...expressions];
  });
}

/** A URL whose host is no cluster service, no loopback and no private address. */
function isOutside(url: string): boolean {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (/(^|\.)(svc|svc\.cluster\.local|cluster\.local|localhost|internal|local)$/i.test(host)) return false;
  const scope = scopeOf(host);
  return scope === undefined ? host.includes('.') : scope === 'public';
}
