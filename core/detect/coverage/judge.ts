import type { Wanted } from '../../contract/rows.ts';
import { knownFrom, type SigmaRule } from '../../sigma/sigma.ts';
import { needsOfRule } from '../rule-needs.ts';
import { classOf, type Kind, type KindIndex, nameOf, type Target, type VerbClass } from './kinds.ts';
import { ALL_FIELDS, type CommonFacts, eventOfKind, type HasFields, mightHold } from './recorded-event.ts';

/** What a log lacks for a rule to be able to fire. */
export interface Lack {
  readonly kind: 'list' | 'never' | 'field' | 'body' | 'stage' | 'verb' | 'resource' | 'learning' | 'events';
  /** Why the rule is blind, for people. */
  readonly reason: string;
  /** What the audit policy would have to record; empty where it cannot help. */
  readonly wanted: readonly Wanted[];
}

export interface Judgement {
  /** Null: an event of the log could have met it. */
  readonly lack: Lack | null;
  /** Events that could have. */
  readonly seen: number;
  /** Resources that it looks at besides others, and that were never recorded. */
  readonly missing: readonly string[];
}

/** Judgements of rules over logs: rules stand in several others. */
const judged = new WeakMap<KindIndex, Map<SigmaRule, Judgement>>();

/** Whether a rule could have fired on any event that a log has recorded; if not, why. */
export function judgeRule(rule: SigmaRule, log: KindIndex): Judgement {
  const known = judged.get(log) ?? new Map<SigmaRule, Judgement>();
  judged.set(log, known);
  const judgement = known.get(rule) ?? judgeAnew(rule, log);
  known.set(rule, judgement);
  return judgement;
}

function judgeAnew(rule: SigmaRule, log: KindIndex): Judgement {
  const candidates = withAnswer(rule, log.of(rule.requires('objectRef.resource')));
  const open = candidates.filter((kind) => isOpen(rule, log.eventOf(kind)));
  if (open.length > 0 || asksForMore(rule)) {
    const seen = open.reduce((sum, kind) => sum + kind.count, 0);
    return { lack: null, seen, missing: missingResources(rule, log) };
  }
  return { lack: lackOf(rule, candidates, log), seen: 0, missing: [] };
}

/** Whether a rule could have fired, and nothing more. */
export function canFire(rule: SigmaRule, log: KindIndex): boolean {
  const known = judged.get(log)?.get(rule);
  if (known !== undefined) return known.lack === null;
  const candidates = withAnswer(rule, log.of(rule.requires('objectRef.resource')));
  return candidates.some((kind) => isOpen(rule, log.eventOf(kind))) || asksForMore(rule);
}

const isOpen = (rule: SigmaRule, event: unknown): boolean => rule.residual(knownFrom(event, mightHold)) !== false;

/** A failed login is recorded once, when the answer starts: no later stage can tell of it. */
function withAnswer(rule: SigmaRule, kinds: readonly Kind[]): readonly Kind[] {
  const codes = rule.requires('responseStatus.code');
  const isLogin = codes !== null && codes.size === 1 && codes.has('401');
  return isLogin ? kinds.filter((kind) => kind.stage === 'ResponseStarted' || kind.stage === null) : kinds;
}

const KEYS = new Set(
  'kind apiVersion level auditID stage requestURI verb user impersonatedUser sourceIPs userAgent objectRef responseStatus requestObject responseObject requestReceivedTimestamp stageTimestamp annotations authenticationMetadata apiGroup resource subresource namespace name username groups hostPath capabilities decklog'.split(
    ' ',
  ),
);

/** A rule that asks for keys beside those of an audit event, which shippers add, cannot be judged by what is kept of events. */
const asksForMore = (rule: SigmaRule): boolean =>
  rule.fieldNames().some((name) => !KEYS.has(name.split('.')[0] as string));

interface Relaxation {
  readonly hidden: readonly (keyof CommonFacts)[];
  readonly has?: HasFields;
  lack(kinds: readonly Kind[], rule: SigmaRule): Lack;
}

const BODIES = ['hasRequestBody', 'hasResponseBody'] as const;
/** The stage hides the answer, too: only a request that was answered has one. */
const STAGE = ['stage'] as const;

/** From the least that could be missing to the most. */
const RELAXATIONS: readonly Relaxation[] = [
  { hidden: ['hasRequestBody'], lack: (kinds) => bodyLack(kinds, 'request', 'Request') },
  { hidden: ['hasResponseBody'], lack: (kinds) => bodyLack(kinds, 'response', 'RequestResponse') },
  { hidden: BODIES, lack: (kinds) => bodyLack(kinds, 'request and response', 'RequestResponse') },
  { hidden: STAGE, lack: stageLack },
  { hidden: [...STAGE, ...BODIES], lack: stageLack },
  { hidden: ['verb', 'level'], lack: verbLack },
  { hidden: ['verb', 'level', ...STAGE, ...BODIES], lack: verbLack },
];

function lackOf(rule: SigmaRule, candidates: readonly Kind[], log: KindIndex): Lack {
  if (!isOpen(rule, eventOfKind({}, ALL_FIELDS))) {
    return { kind: 'never', reason: 'as it is written no event can meet it', wanted: [] };
  }
  const fields = fieldLack(rule, candidates, log);
  if (fields !== null) return fields;
  for (const { hidden, lack } of RELAXATIONS) {
    const open = candidates.filter((kind) => isOpen(rule, log.eventOf(kind, hidden, ALL_FIELDS)));
    if (open.length > 0) return lack(open, rule);
  }
  return resourceLack(rule, log);
}

const FIELDS: readonly (readonly [keyof HasFields, string])[] = [
  ['user', 'the user of a request'],
  ['groups', 'groups of users'],
  ['sourceIPs', 'source addresses'],
  ['userAgent', 'user agents'],
  ['decision', "the authorizer's decision"],
  ['moreAnnotations', 'annotations'],
];

/** A form of log may leave out a field of every event. */
function fieldLack(rule: SigmaRule, candidates: readonly Kind[], log: KindIndex): Lack | null {
  for (const [field, name] of FIELDS) {
    const has = { ...log.has, [field]: true };
    if (log.has[field] || !candidates.some((kind) => isOpen(rule, log.eventOf(kind, [], has)))) continue;
    return { kind: 'field', reason: `this log does not tell ${name}`, wanted: [] };
  }
  return null;
}

const MOST_NAMED = 4;

/** `pods, deployments and 3 more`. */
export function namesOf(texts: readonly string[]): string {
  const names = [...new Set(texts)].sort();
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

const targetNames = (kinds: readonly Kind[]): string => namesOf(kinds.map((kind) => nameOf(kind.target)));

function wantedOf(kinds: readonly Kind[], level: Wanted['level']): Wanted[] {
  const wanted = kinds.flatMap(({ target, verbs }): Wanted[] =>
    target.resource === null ? [] : [{ apiGroup: target.apiGroup ?? '', resource: nameOf(target), verbs, level }],
  );
  return [...new Map(wanted.map((one) => [JSON.stringify(one), one])).values()];
}

function bodyLack(kinds: readonly Kind[], which: string, level: Wanted['level']): Lack {
  const levels = namesOf(kinds.map((kind) => kind.level ?? 'unknown'));
  const reason = `no ${which} bodies: ${targetNames(kinds)} recorded at level ${levels} and without them`;
  return { kind: 'body', reason, wanted: wantedOf(kinds, level) };
}

function stageLack(kinds: readonly Kind[]): Lack {
  const stages = namesOf(kinds.map((kind) => kind.stage ?? 'unknown'));
  const reason = `no event of the stage that it looks at: of ${targetNames(kinds)} only ${stages} was recorded`;
  return { kind: 'stage', reason, wanted: wantedOf(kinds, 'Metadata') };
}

const SAME = 'an audit policy that drops it and a cluster that never used it look the same';

function verbLack(kinds: readonly Kind[], rule: SigmaRule): Lack {
  const asked = [...(rule.requires('verb') ?? [])];
  const wantedVerbs = asked.length === 0 ? 'such verb' : namesOf(asked);
  const verbs = namesOf(kinds.filter((kind) => kind.count > 0).map((kind) => kind.verb ?? 'unknown'));
  const { level } = needsOfRule(rule);
  const wanted = wantedOf(kinds, level).map((one) => ({ ...one, verbs: asked.length === 0 ? null : verbsOf(asked) }));
  const reason = `${targetNames(kinds)}: no ${wantedVerbs} was recorded in this case, only ${verbs}; ${SAME}`;
  return { kind: 'verb', reason, wanted };
}

function resourceLack(rule: SigmaRule, log: KindIndex): Lack {
  const { resources, level } = needsOfRule(rule);
  if (resources.length === 0) {
    return {
      kind: 'resource',
      reason: `no request of the kind that it looks at was recorded in this case; ${SAME}`,
      wanted: [],
    };
  }
  const asked = [...(rule.requires('verb') ?? [])];
  const groups = [...(rule.requires('objectRef.apiGroup') ?? [])];
  const apiGroup = groups.length === 1 ? (groups[0] as string) : null;
  const wanted = resources.map((resource): Wanted => {
    const [name = '', subresource = null] = resource.split('/');
    const verbs = asked.length === 0 ? null : verbsOf(asked, { apiGroup, resource: name, subresource });
    return { apiGroup, resource, verbs, level };
  });
  const what = log.isEmpty ? 'the case holds no events' : `${namesOf(resources)}: never recorded in this case; ${SAME}`;
  return { kind: 'resource', reason: what, wanted };
}

const ANY_TARGET: Target = { apiGroup: null, resource: '*', subresource: null };

/** The class of verbs that a rule asks for; null where it asks for several. */
function verbsOf(asked: readonly string[], target: Target = ANY_TARGET): VerbClass | null {
  const classes = new Set(asked.map((verb) => classOf(target, verb)));
  return classes.size === 1 ? ([...classes][0] as VerbClass) : null;
}

/** Of several resources that a rule looks at, those of which nothing was recorded. */
function missingResources(rule: SigmaRule, log: KindIndex): string[] {
  const { resources } = needsOfRule(rule);
  const missing = resources.filter((name) => !log.names.has(name));
  return missing.length === resources.length ? [] : missing;
}
