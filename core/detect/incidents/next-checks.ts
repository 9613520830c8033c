import type { BlastRadius } from '../../contract/rows.ts';
import { accountOf } from '../../event/identity.ts';
import { shortName } from '../links/find-links.ts';
import { isNameless } from '../links/habits.ts';
import type { Group } from './join.ts';
import type { Sighting } from './sighting.ts';
import { height } from './threads.ts';

const MOST = 20;
const MOST_NAMED = 5;

/** What to do about a story, the most urgent first. */
export function nextChecksOf({ threads }: Group, radius: BlastRadius, sightings: readonly Sighting[]): string[] {
  const graveFirst = [...sightings].sort(
    (a, b) => height(b) - height(a) || a.first - b.first || (a.finding.key < b.finding.key ? -1 : 1),
  );
  const rules = graveFirst.flatMap(({ finding }) => finding.nextSteps.slice(0, 1));
  const strangers = threads.filter(({ kind }) => kind === 'stranger');
  const addresses = [...new Set(strangers.flatMap(({ strand }) => strand.address ?? []))];
  const all = [
    ...strangers.flatMap(({ strand }) => credentialCheck(strand.user)),
    ...remains(radius),
    ...secrets(radius),
    ...(radius.nodes.length > 0
      ? [`Examine the ${named('node', radius.nodes)} for files and processes that do not belong there.`]
      : []),
    ...(addresses.length > 0
      ? [`Look for ${addresses.slice(0, MOST_NAMED).join(', ')} in other logs: VPN, cloud, code hosting, mail.`]
      : []),
    ...rules,
  ];
  return [...new Set(all)].slice(0, MOST);
}

/** What ends the use of a credential, which differs by its kind. */
function credentialCheck(user: string): string[] {
  const account = accountOf(user);
  const name = shortName(user);
  switch (account.kind) {
    case 'service-account':
      return [
        `Delete the token secrets of ${name} and the pods that run as it, or the account itself: that is what ends its tokens.`,
      ];
    case 'node':
      return [`Drain and rebuild the node ${account.name}: its credential was used from elsewhere.`];
    case 'anonymous':
      return ['Take rights away from anonymous callers, and close the API server to the outside.'];
    case 'unauthenticated':
      return [];
    default:
      return isNameless(user)
        ? []
        : [
            `Ask ${name} whether this was they. A client certificate cannot be revoked: take the rights of the name away, or change the certificate authority.`,
          ];
  }
}

function named(one: string, names: readonly string[]): string {
  const rest = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${one}${names.length === 1 ? '' : 's'} ${names.slice(0, MOST_NAMED).join(', ')}${rest}`;
}

function remains({ persistence }: BlastRadius): string[] {
  const left = persistence.filter(({ removed }) => removed === null);
  return [...Map.groupBy(left, ({ kind }) => kind)].map(([kind, same]) => {
    const names = same.map(({ namespace, object }) => (namespace === null ? object : `${namespace}/${object}`));
    return `Remove, after saving it as evidence, the ${named(kind, names)}: this log shows no removal.`;
  });
}

function secrets({ secrets: read }: BlastRadius): string[] {
  if (read.length === 0) return [];
  const wide = [
    ...new Set(read.filter(({ name }) => name === null).map(({ namespace }) => namespace ?? 'the whole cluster')),
  ];
  const single = [...new Set(read.flatMap(({ namespace, name }) => (name === null ? [] : [`${namespace}/${name}`])))];
  const parts = [
    ...(wide.length > 0 ? [`all secrets of ${wide.slice(0, MOST_NAMED).join(', ')}`] : []),
    ...(single.length > 0 ? [named('secret', single).replace(/^secrets? /, '')] : []),
  ];
  return [`Change what stands in ${parts.join(' and in ')}: the intruder has read it.`];
}
