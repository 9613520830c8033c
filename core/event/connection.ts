import type { AuditEvent } from './audit-event.ts';
import { asText, textOf } from './value.ts';

/** What the request URI of exec, attach, port-forward and proxy calls says: those carry no body. */

const STREAMS = new Set(['exec', 'attach', 'portforward']);

/** Values of one parameter of the request URI's query, decoded, in order. */
export function queryValues(event: AuditEvent, name: string): readonly string[] {
  const uri = asText(event.requestURI) ?? '';
  const query = uri.indexOf('?');
  return query < 0 ? [] : new URLSearchParams(uri.slice(query + 1)).getAll(name);
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

/** The path behind `/proxy` of a node, pod or service, without query: `/run/default/web/app`. */
export function proxyPath(event: AuditEvent): string | undefined {
  if (textOf(event.objectRef, 'subresource') !== 'proxy') return undefined;
  const path = (asText(event.requestURI) ?? '').split('?', 1)[0] ?? '';
  const found = /\/proxy(\/.*)?$/.exec(path.length > 4096 ? path.slice(0, 4096) : path);
  return found === null ? undefined : (found[1] ?? '/');
}
