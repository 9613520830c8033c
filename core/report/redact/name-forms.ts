import { isIPv4, isIPv6 } from 'node:net';

/** How a name was found. */
export type How = 'plain' | typeof ENCODED | typeof DASHED | typeof LONG | typeof HIDDEN_FORM;
export const ENCODED = 'encoded';
/** An address as part of a host's name. */
export const DASHED = 'dashed';
/** In base64: the whole run of letters around it goes. */
export const LONG = 'base64';
/** In hexadecimal or as a number: the whole word goes. */
export const HIDDEN_FORM = 'hidden';

/** One form of a name: the text to look for. */
export interface Pattern {
  readonly text: string;
  readonly name: string;
  readonly how: How;
}

/** All forms in which a name is looked for, itself first. */
export function* formsOf(name: string): Generator<Pattern> {
  yield { text: name, name, how: 'plain' };
  const encoded = encodeURIComponent(name.toWellFormed());
  if (encoded !== name) yield { text: encoded, name, how: ENCODED };
  // `payments-api` tells its place to its neighbours as PAYMENTS_API_SERVICE_HOST.
  const variable = name.replaceAll(/[-.]/g, '_');
  if (variable !== name) yield { text: variable, name, how: isIPv4(name) ? DASHED : 'plain' };
  yield* addressForms(name);
  if (Buffer.byteLength(name) < 4) return;
  yield { text: Buffer.from(name).toString('hex'), name, how: HIDDEN_FORM };
  for (const text of base64Cores(name)) yield { text, name, how: LONG };
}

function* addressForms(name: string): Generator<Pattern> {
  if (isIPv4(name)) {
    const bytes = Buffer.from(name.split('.').map(Number));
    yield { text: name.replaceAll('.', '-'), name, how: DASHED };
    yield { text: bytes.toString('hex'), name, how: HIDDEN_FORM };
    yield { text: String(bytes.readUInt32BE()), name, how: HIDDEN_FORM };
  } else if (isIPv6(name) && !name.includes('.') && !name.includes('%')) {
    const nibbles = nibblesOf(name);
    yield { text: nibbles, name, how: HIDDEN_FORM };
    yield { text: [...nibbles].reverse().join('.'), name, how: HIDDEN_FORM };
  }
}

/** The 32 hexadecimal digits of an IPv6 address. */
function nibblesOf(address: string): string {
  const [head = '', tail = ''] = address.split('::') as [string, string?];
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0')));
  const [left, right] = [groups(head), groups(tail)];
  const missing = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0000');
  return [...left, ...missing, ...right].join('');
}

/** What base64 makes of a name at each of three places, less the letters that its neighbours share. */
function base64Cores(name: string): string[] {
  const bytes = Buffer.from(name);
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(start, end);
  });
  const urls = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...cores, ...urls])];
}
