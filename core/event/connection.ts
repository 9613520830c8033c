import type { AuditEvent } from './audit-event.ts';
import { parseRequestUri, queryValues as valuesOf } from './request-uri.ts';
import { asText, textOf } from './value.ts';

/** What the request URI of exec, attach, port-forward and proxy calls says: those carry no body. */

const STREAMS = new Set(['exec', 'attach', 'portforward']);

/** Values of one parameter of the request URI's query, decoded, in order. */
export function queryValues(event: AuditEvent, name: string): readonly string[] {
  return valuesOf(asText(event.requestURI) ?? '', name);
}

/** `exec`, `attach` or `portforward` of a pod, else undefined. The verb says nothing: POST and WebSocket differ in it. */
export function streamOf(event: AuditEvent): string | undefined {
  const subresource = textOf(event.objectRef, 'subresource');
  return subresource !== undefined && STREAMS.has(subresource) ? subresource : undefined;
}

/** The command of an exec, or of a kubelet's /run and /exec behind a proxy, as one line; undefined where there is none. */
export function execCommand(event: AuditEvent): string | undefined {
  const words = isExec(event) ? [...queryValues(event, 'command'), ...queryValues(event, 'cmd')] : [];
  return words.length === 0 ? undefined : words.join(' ').replace(/\s+/gu, ' ').trim();
}

const KUBELET_COMMAND = /^\/(run|exec|cri\/exec)(\/|$)/;

function isExec(event: AuditEvent): boolean {
  return streamOf(event) === 'exec' || KUBELET_COMMAND.test(proxyPath(event) ?? '');
}

/** The path behind `/proxy` of a node, pod or service, decoded, without query: `/run/default/web/app`. */
export function proxyPath(event: AuditEvent): string | undefined {
  if (textOf(event.objectRef, 'subresource') !== 'proxy') return undefined;
  const { path } = parseRequestUri(asText(event.requestURI) ?? '');
  const place = path[2] === 'namespaces' ? 6 : 4;
  return path[place] === 'proxy' ? `/${path.slice(place + 1).join('/')}` : undefined;
}
