import {
  exposureOf,
  ingressBackends,
  ingressHasTls,
  serviceApplication,
  servicePorts,
  serviceType,
  sourceRanges,
} from '../exposure.ts';
import { configMapEntries, finalizers, objectName, ownerText } from '../object-facts.ts';
import { patchedWebhookKeys, webhookTexts } from '../webhook.ts';
import { bodyOf, METADATA, type Row, SERVICE_BODY, texts } from './field.ts';

/** What leads into the cluster or out of it, and facts of objects of any kind. */
export const networkRows: readonly Row[] = [
  [
    'service.exposure',
    'text',
    SERVICE_BODY,
    exposureOf,
    '`public` (a load balancer without an internal annotation that takes ranges wider than /16, or external addresses), `limited` (a load balancer with narrow source ranges), `internal`, `node-port` or `cluster`.',
  ],
  ['service.type', 'text', SERVICE_BODY, serviceType, 'Type of a written service.'],
  ['service.ports', 'list', SERVICE_BODY, texts(servicePorts), 'Its ports and target ports.'],
  ['service.sourceRanges', 'list', SERVICE_BODY, texts(sourceRanges), 'Its source ranges.'],
  [
    'service.application',
    'text',
    SERVICE_BODY,
    serviceApplication,
    'One text of what tells the application behind it: `name=x selector=app=y label=app=y port=http`.',
  ],
  [
    'ingress.backends',
    'list',
    bodyOf('ingresses'),
    texts(ingressBackends),
    'Services that a written ingress leads to.',
  ],
  ['ingress.tls', 'flag', bodyOf('ingresses'), ingressHasTls, 'Whether it has a section on TLS.'],
  [
    'webhook',
    'list',
    bodyOf('mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
    texts(webhookTexts),
    'One text for each admission webhook of a written configuration: `name=x target=url:https://h/p external=true failurePolicy=Ignore operations=CREATE,UPDATE resources=core/pods selectors=namespace:team=a`. `target=service:namespace/name` for one inside the cluster.',
  ],
  [
    'webhook.patched',
    'list',
    bodyOf('mutatingwebhookconfigurations', 'validatingwebhookconfigurations'),
    texts(patchedWebhookKeys),
    'Keys that a patch sets inside webhooks, such as `rules`, `namespaceSelector`, `failurePolicy`; `all` where it empties the list.',
  ],
  [
    'configMap.entries',
    'list',
    bodyOf('configmaps'),
    texts(configMapEntries),
    '`key=value` of each entry that a written config map states, values cut at 4,096 characters.',
  ],
  [
    'object.name',
    'text',
    METADATA,
    objectName,
    'Name of the object, also where the server chose it and only a body tells it.',
  ],
  [
    'object.finalizers',
    'text',
    bodyOf(),
    finalizers,
    '`removed` when a write empties or removes the finalizers of an object, else the names that it states.',
  ],
  [
    'owner',
    'text',
    METADATA,
    ownerText,
    '`namespace/resource/name` of the object that alerts roll up to: the Deployment of a pod, the CronJob of a job.',
  ],
];
