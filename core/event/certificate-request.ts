import type { AuditEvent } from './audit-event.ts';
import { objectOf, writeOf } from './body.ts';
import { asList, asText, asTexts, at, type JsonObject, textOf } from './value.ts';

/** The certificate signing request that an event writes or decides on. */
function requestOf(event: AuditEvent): JsonObject | undefined {
  if (textOf(event.objectRef, 'resource') !== 'certificatesigningrequests') return undefined;
  const write = writeOf(event);
  return write === null ? undefined : (objectOf(write) ?? write.effect);
}

/** The signer that is asked for, such as `kubernetes.io/kube-apiserver-client`. */
export function signerOf(event: AuditEvent): string | undefined {
  return asText(at(requestOf(event), ['spec', 'signerName']));
}

/** Usages that are asked for, such as `client auth`. */
export function usagesOf(event: AuditEvent): readonly string[] {
  return asTexts(at(requestOf(event), ['spec', 'usages']));
}

/** The user name of the identity that made the request, as the API server filled it in. */
export function requesterOf(event: AuditEvent): string | undefined {
  return asText(at(requestOf(event), ['spec', 'username']));
}

/** `Approved` or `Denied`: decisions that the written object carries. */
export function decisionsOf(event: AuditEvent): readonly string[] {
  return asList(at(requestOf(event), ['status', 'conditions'])).flatMap((entry) => textOf(entry, 'type') ?? []);
}

/** More text than this is no certificate request. */
const MAXIMUM_BASE64 = 64 * 1024;

/** `CN=name` and `O=group` of the identity in the encoded request: the user and groups that the certificate would give. */
export function requestedSubject(event: AuditEvent): readonly string[] {
  const encoded = asText(at(requestOf(event), ['spec', 'request']));
  if (encoded === undefined || encoded.length > MAXIMUM_BASE64) return [];
  const pem = bytesOf(encoded);
  const body = /-----BEGIN [A-Z ]*CERTIFICATE REQUEST-----([\s\S]*?)-----END/.exec(pem)?.[1];
  return body === undefined ? [] : namesIn(bytesOf(body));
}

/** The user that the requested certificate would make. */
export const requestedUser = (event: AuditEvent): readonly string[] =>
  requestedSubject(event).flatMap((name) => (name.startsWith('CN=') ? [name.slice(3)] : []));

/** The bytes of a Base64 text, one character a byte. */
const bytesOf = (base64: string) => Buffer.from(base64, 'base64').toString('latin1');

/** Object identifiers 2.5.4.3 and 2.5.4.10 as they stand in DER. */
const ATTRIBUTES = [
  ['CN', '\x06\x03\x55\x04\x03'],
  ['O', '\x06\x03\x55\x04\x0a'],
] as const;

function namesIn(der: string): readonly string[] {
  return ATTRIBUTES.flatMap(([label, identifier]) => {
    const names: string[] = [];
    for (let found = der.indexOf(identifier); found >= 0; found = der.indexOf(identifier, found + 1)) {
      const value = stringAt(der, found + identifier.length);
      if (value !== undefined) names.push(`${label}=${value}`);
    }
    return names;
  });
}

/** A DER string (UTF8String, PrintableString, T61String, IA5String) with a length of one or two bytes. */
function stringAt(der: string, offset: number): string | undefined {
  const tag = der.charCodeAt(offset);
  if (![0x0c, 0x13, 0x14, 0x16].includes(tag)) return undefined;
  const first = der.charCodeAt(offset + 1);
  const isLong = first === 0x81;
  const length = isLong ? der.charCodeAt(offset + 2) : first;
  const start = offset + (isLong ? 3 : 2);
  if (!(length > 0 && length < 256) || start + length > der.length) return undefined;
  return Buffer.from(der.slice(start, start + length), 'latin1').toString('utf8');
}
