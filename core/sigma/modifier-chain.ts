import { nearest } from './nearest-name.ts';

export type Operator = 'gt' | 'gte' | 'lt' | 'lte';
export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
export type Affix = 'contains' | 'startswith' | 'endswith';
export type Transform = 'expand' | 'windash' | Encoding;
export type Encoding = 'wide' | 'utf16le' | 'utf16be' | 'utf16' | 'base64' | 'base64offset';

/** What a chain of modifiers asks for, in the order in which it is carried out. */
export interface Chain {
  readonly names: readonly string[];
  readonly kind: 'text' | 're' | 'cidr' | 'compare' | 'exists' | 'fieldref' | 'time';
  readonly linksAll: boolean;
  readonly negates: boolean;
  readonly cased: boolean;
  readonly affix: Affix | null;
  readonly transforms: readonly Transform[];
  readonly flags: string;
  readonly operator: Operator | null;
  readonly part: TimePart | null;
}

export interface ChainFault {
  readonly code: 'modifier/unknown' | 'modifier/combination';
  readonly message: string;
  readonly suggestion?: string | undefined;
}

type Group = 'link' | 'cased' | 'affix' | 'expand' | 'windash' | 'encoding' | 'flag' | Starter;
type Starter = 're' | 'cidr' | 'exists' | 'fieldref' | 'time' | 'compare';

/** Every modifier of Sigma 2.1 (appendix Modifiers) and the group whose rules it keeps. */
const GROUPS: ReadonlyMap<string, Group> = new Map<string, Group>([
  ...each('link', 'all', 'neq'),
  ...each('cased', 'cased'),
  ...each('affix', 'contains', 'startswith', 'endswith'),
  ...each('expand', 'expand'),
  ...each('windash', 'windash'),
  ...each('encoding', 'wide', 'utf16le', 'utf16be', 'utf16', 'base64', 'base64offset'),
  ...each('re', 're'),
  ...each('flag', 'i', 'm', 's'),
  ...each('cidr', 'cidr'),
  ...each('exists', 'exists'),
  ...each('fieldref', 'fieldref'),
  ...each('time', 'minute', 'hour', 'day', 'week', 'month', 'year'),
  ...each('compare', 'gt', 'gte', 'lt', 'lte'),
]);

export const MODIFIERS: readonly string[] = [...GROUPS.keys()];

/** These begin a chain and allow only what is listed after them; `all` and `neq` may stand anywhere. */
const FOLLOWERS: Readonly<Record<Starter, readonly Group[]>> = {
  re: ['flag', 'expand'],
  cidr: ['expand'],
  exists: [],
  fieldref: ['affix', 'cased'],
  time: ['compare'],
  compare: [],
};

/** Groups of a plain text chain that must not stand before a modifier: they would change what it works on. */
const TOO_LATE: Partial<Record<Group, readonly Group[]>> = {
  encoding: ['affix'],
  windash: ['encoding'],
  expand: ['encoding'],
};

function each(group: Group, ...names: string[]): [string, Group][] {
  return names.map((name) => [name, group]);
}

function isStarter(group: Group): group is Starter {
  return Object.hasOwn(FOLLOWERS, group);
}

/** Checks the modifiers of a field in their order and says what they ask for. */
export function readChain(names: readonly string[]): Chain | ChainFault[] {
  const unknown = names.filter((name) => !GROUPS.has(name)).map(unknownModifier);
  if (unknown.length > 0) return unknown;
  const faults: ChainFault[] = [];
  names.forEach((name, index) => {
    const message = conflict(names.slice(0, index), name);
    if (message) faults.push({ code: 'modifier/combination', ...message });
  });
  return faults.length > 0 ? faults : buildChain(names);
}

function unknownModifier(name: string): ChainFault {
  const message = name === '' ? 'There is an empty modifier: a `|` too many' : `There is no modifier \`${name}\``;
  return { code: 'modifier/unknown', message, suggestion: suggestFor(name) };
}

function suggestFor(name: string): string | undefined {
  if (name === 'not') return '`neq`, or `not` in the condition';
  const near = nearest(name.toLowerCase(), MODIFIERS);
  return near && `\`${near}\``;
}

function conflict(before: readonly string[], name: string): { message: string; suggestion?: string } | null {
  const group = GROUPS.get(name) as Group;
  if (before.includes(name) && group !== 'encoding') return { message: `\`${name}\` stands twice` };
  if (group === 'link') return null;
  const groups = before.map((other) => GROUPS.get(other) as Group);
  const others = before.filter((_, index) => groups[index] !== 'link');
  return starterConflict(others, name, group) ?? textConflict(others, name, group);
}

function starterConflict(others: readonly string[], name: string, group: Group) {
  const first = others[0];
  const lead = first === undefined ? undefined : (GROUPS.get(first) as Group);
  if (lead !== undefined && isStarter(lead)) {
    if (FOLLOWERS[lead].includes(group) && !(group === 'compare' && others.length > 1)) return null;
    return { message: `\`${name}\` cannot stand after \`${first}\`` };
  }
  if (group === 'flag') return { message: `\`${name}\` belongs after \`re\``, suggestion: `\`re|${name}\`` };
  if (!isStarter(group) || lead === undefined) return null;
  return { message: `\`${name}\` takes the value as it is written, so it must come first in the chain` };
}

function textConflict(others: readonly string[], name: string, group: Group) {
  const groups = others.map((other) => GROUPS.get(other) as Group);
  if (group === 'affix' && groups.includes('affix')) {
    return { message: 'Only one of `contains`, `startswith` and `endswith` can stand in a chain' };
  }
  const late = TOO_LATE[group]?.find((other) => groups.includes(other));
  if (!late) return null;
  return { message: `\`${name}\` must come before \`${others[groups.indexOf(late)]}\`` };
}

function buildChain(names: readonly string[]): Chain {
  const of = (group: Group) => names.filter((name) => GROUPS.get(name) === group);
  const starter = names.map((name) => GROUPS.get(name) as Group).find(isStarter);
  const transforms = names.filter((name) => ['expand', 'windash', 'encoding'].includes(GROUPS.get(name) ?? ''));
  return {
    names,
    kind: starter ?? 'text',
    linksAll: names.includes('all'),
    negates: names.includes('neq'),
    cased: names.includes('cased'),
    affix: (of('affix')[0] as Affix | undefined) ?? null,
    transforms: transforms as Transform[],
    flags: of('flag').join(''),
    operator: (of('compare')[0] as Operator | undefined) ?? null,
    part: (of('time')[0] as TimePart | undefined) ?? null,
  };
}
