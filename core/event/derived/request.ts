import { clientOf } from '../client.ts';
import { execCommand, proxyPath, queryValues, streamOf } from '../connection.ts';
import { accountOf, claimedSourceIPs, effectiveName, loginName, trustedSourceIP } from '../identity.ts';
import { networkOf, scopeOf } from '../network-address.ts';
import { actorNamespace, isForeign } from '../object-facts.ts';
import { outcomeOf } from '../outcome.ts';
import { asText } from '../value.ts';
import { filled, METADATA, metadataOf, type Row, texts } from './field.ts';

/** Who asks, and what streams and paths a request names. */
export const actorRows: readonly Row[] = [
  [
    'actor',
    'text',
    METADATA,
    (e) => effectiveName(e),
    'The effective user: the impersonated one if there is one, else the one that logged in; empty for a caller that could not be authenticated (401).',
  ],
  [
    'actor.kind',
    'text',
    METADATA,
    (e) => accountOf(effectiveName(e)).kind,
    '`service-account`, `node`, `anonymous`, `unauthenticated`, `system` or `user`, of the effective user.',
  ],
  ['actor.namespace', 'text', METADATA, actorNamespace, 'Namespace of the effective user, if it is a service account.'],
  [
    'actor.foreign',
    'flag',
    METADATA,
    isForeign,
    'Whether a service account acts in another namespace than its own, or on cluster-scoped objects.',
  ],
  ['user.kind', 'text', METADATA, (e) => accountOf(loginName(e)).kind, 'The same of the identity that logged in.'],
  [
    'sourceIP',
    'text',
    METADATA,
    (e) => trustedSourceIP(e) ?? undefined,
    'The address that the connection came from: the last of `sourceIPs`. All before it are claims of forwarding headers.',
  ],
  [
    'sourceIP.scope',
    'text',
    METADATA,
    (e) => scopeOf(trustedSourceIP(e) ?? ''),
    '`public`, `private` (RFC 1918, 100.64.0.0/10, link-local, unique local) or `loopback`, of that address.',
  ],
  [
    'sourceIP.network',
    'text',
    METADATA,
    (e) => networkOf(trustedSourceIP(e) ?? ''),
    'The network of that address, as wide as one place usually is: /24 of a public IPv4 address, /16 of a private one, /48 of IPv6; `loopback`.',
  ],
  [
    'sourceIP.claimed',
    'list',
    METADATA,
    texts(claimedSourceIPs),
    'Addresses that forwarding headers claim; untrusted.',
  ],
  [
    'sourceIP.claimedScope',
    'list',
    METADATA,
    (e) => filled(claimedSourceIPs(e).flatMap((ip) => scopeOf(ip) ?? [])),
    'The same scopes of the claimed addresses.',
  ],
  [
    'client',
    'text',
    METADATA,
    (e) => clientOf(asText(e.userAgent)),
    'The program that the user agent names, without version and platform: `kubectl`, `curl`, `Mozilla`.',
  ],
  [
    'outcome',
    'text',
    METADATA,
    outcomeOf,
    '`succeeded`, `attempted` (401, 403, no answer seen) or `failed` (any other answer).',
  ],
  [
    'dryRun',
    'flag',
    METADATA,
    (e) => queryValues(e, 'dryRun').includes('All'),
    'Whether the request asked for a dry run, which changes nothing.',
  ],
];

export const connectionRows: readonly Row[] = [
  [
    'exec.command',
    'text',
    metadataOf('pods/exec', 'nodes/proxy'),
    execCommand,
    "The command of an exec, or of a kubelet's `/run` and `/exec` behind the node proxy, its words joined by single spaces. It stands in the request URI, so every audit level has it.",
  ],
  [
    'exec.container',
    'text',
    metadataOf('pods/exec', 'pods/attach'),
    (e) => (streamOf(e) ? queryValues(e, 'container')[0] : undefined),
    'The container of an exec or attach.',
  ],
  [
    'exec.tty',
    'flag',
    metadataOf('pods/exec', 'pods/attach'),
    (e) => (streamOf(e) ? queryValues(e, 'tty')[0] === 'true' : undefined),
    'Whether it is interactive.',
  ],
  [
    'proxy.path',
    'text',
    metadataOf('nodes/proxy', 'pods/proxy', 'services/proxy'),
    proxyPath,
    'The path behind `/proxy`, without query.',
  ],
];
