import type { NameKind, Vocabulary } from './vocabulary.ts';

/** Members of a body that hold names, by the kind of name. */
const HOLDERS: Readonly<Record<string, NameKind>> = {
  name: 'name',
  generateName: 'name',
  namespace: 'namespace',
  nodeName: 'node',
  hostname: 'node',
  hostIP: 'address',
  podIP: 'address',
  ip: 'address',
  clusterIP: 'address',
  host: 'node',
  username: 'user',
  user: 'user',
  serviceAccountName: 'name',
  serviceAccount: 'name',
  secretName: 'name',
  claimName: 'name',
  volumeName: 'name',
  subdomain: 'name',
  holderIdentity: 'name',
  approvedBy: 'user',
};
/** Names of a schema that stand where names of objects do. */
const WORDS = new Set(['main', 'http', 'https', 'tcp', 'udp', 'metrics', 'config', 'data', 'tmp', 'PATH', 'HOME']);

/** Notes the names in an event or a part of it, wherever they lie. */
export function collectNames(value: unknown, vocabulary: Vocabulary): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (Array.isArray(item)) waiting.push(...item);
    else if (typeof item === 'object' && item !== null) {
      for (const [key, inner] of Object.entries(item)) {
        if (typeof inner === 'string') note(key, inner, vocabulary);
        else waiting.push(inner);
      }
    }
  }
}

function note(key: string, text: string, vocabulary: Vocabulary): void {
  const kind = Object.hasOwn(HOLDERS, key) ? HOLDERS[key] : undefined;
  // Names of environment variables and of ports are words of programs.
  if (kind === undefined || text.length > 253 || WORDS.has(text) || /^[A-Z0-9_]+$/.test(text)) return;
  vocabulary.add(kind, text.replace(/-$/, ''));
}
