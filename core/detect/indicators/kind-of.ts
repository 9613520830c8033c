import type { IndicatorKind } from '../../contract/rows.ts';
import { networkAround, parseAddress, parseNetwork } from '../../sigma/sigma.ts';
import type { Indicator } from './indicator.ts';

const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/i;
/** `registry.example:5000/team/app:1.2`, `team/app`; never a path or a network. */
const IMAGE = /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9*][a-z0-9._*-]*)+(?::[\w.*-]+)?(?:@sha256:[0-9a-f]{64})?$/i;
const MOST_CHARACTERS = 1000;

/** Values are often written so that nobody clicks on them: `203[.]0[.]113[.]7`. */
export const refang = (value: string): string =>
  value.replace(/\[(\.|:|dot)\]|\((\.|dot)\)/gi, (_, a, b) => ((a ?? b) === ':' ? ':' : '.'));

/** What a value is that nobody says the kind of; null where its text does not tell. */
export function kindOf(value: string): IndicatorKind | null {
  if (parseAddress(value)) return 'address';
  if (networkText(value) !== null) return 'network';
  if (DIGEST.test(value)) return 'digest';
  if (value.startsWith('system:')) return 'user';
  return IMAGE.test(value) ? 'image' : null;
}

/** A value of a kind as it is compared, or null if it is none. */
export function indicatorOf(
  kind: IndicatorKind,
  raw: string,
  more: { readonly note?: string; readonly until?: string | null } = {},
): Indicator | null {
  const value = normal(kind, refang(raw.trim()));
  if (value === null || value.replaceAll('*', '').trim() === '' || value.length > MOST_CHARACTERS) return null;
  return { kind, value, note: (more.note ?? '').slice(0, MOST_CHARACTERS), until: more.until ?? null };
}

/** Feeds write `198.51.100.1/24` for the network around that address. */
const networkText = (value: string): string | null =>
  value.includes('/') ? (parseNetwork(value) === null ? networkAround(value) : value.toLowerCase()) : null;

function normal(kind: IndicatorKind, value: string): string | null {
  if (kind === 'address') return parseAddress(value) === null ? null : value.toLowerCase();
  if (kind === 'network') return networkText(value);
  if (kind === 'digest') return DIGEST.exec(value)?.[1]?.toLowerCase() ?? null;
  return /\p{Cc}/u.test(value) ? null : value;
}

/** Addresses and networks go by their text, whatever a list calls them. */
export function addressOrNetwork(value: string): IndicatorKind {
  return value.includes('/') ? 'network' : 'address';
}

/** A day as `2026-03-04`, or null for text that begins with none. */
export function dayOf(text: unknown): string | null {
  const day = /^(\d{4}-\d\d-\d\d)/.exec(typeof text === 'string' ? text : '')?.[1];
  return day !== undefined && !Number.isNaN(Date.parse(day)) ? day : null;
}
