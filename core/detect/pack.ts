import type { Problem } from '../contract/fault.ts';
import type { FieldStyle } from '../contract/rows.ts';
import { FIELD_ALIASES, VALUE_ALIASES } from '../event/aliases.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import { derivedField, derivedFieldNeeds } from '../event/derived.ts';
import { type FieldMapping, mapped } from '../event/mapping/field-mapping.ts';
import { MAPPINGS } from '../event/mapping/mappings.ts';
import { oncePerEvent } from '../event/once.ts';
import { textOf } from '../event/value.ts';
import {
  type LinkedRules,
  linkRules,
  type Metadata,
  parseRules,
  type ResolvedField,
  type SigmaDocument,
  type SigmaOptions,
  type SigmaRule,
} from '../sigma/sigma.ts';
import { type LinkedBaseline, linkBaselines } from './baseline/link-baselines.ts';
import { BASELINE_KIND } from './baseline/read-baseline.ts';
import { IMAGE_RULE_ID } from './indicators/image-rule.ts';
import type { RuleFacts } from './rule-facts.ts';
import type { RuleSet, RuleSettings } from './rule-set.ts';

/** Rules compiled to be run over audit events. */
export interface Pack {
  /** Rules that apply to audit logs; hits name them by their index here. */
  readonly rules: readonly SigmaRule[];
  /** Its silent members include the rules that baselines look at. */
  readonly linked: LinkedRules;
  /** Events and partial results name them by their index here. */
  readonly baselines: readonly LinkedBaseline[];
  /** How its rules were read: whoever looks at events beside them finds fields by the same options. */
  readonly options: SigmaOptions;
  readonly lists: RuleSet['lists'];
  readonly mapping?: FieldStyle;
  readonly settings?: RuleSettings;
  readonly documents: readonly SigmaDocument[];
  readonly problems: readonly Problem[];
  /** Whether a user only carries out what others asked for. */
  isController(user: string): boolean;
}

/** The list that names those who carry out what others asked for. */
export const CONTROLLERS = 'controllers';

/** How Decklog reads Sigma: the log source of audit events, aliases, derived fields, lists as placeholders. */
export function sigmaOptions(set: Pick<RuleSet, 'lists' | 'mapping'>): SigmaOptions {
  const mapping = set.mapping && MAPPINGS[set.mapping];
  return {
    source: { category: 'application', product: 'kubernetes', service: 'audit' },
    ...(mapping && { furtherSources: mapping.sources }),
    placeholders: set.lists,
    aliases: { fields: FIELD_ALIASES, values: VALUE_ALIASES },
    taxonomies: ['decklog'],
    kinds: [BASELINE_KIND],
    resolver: {
      resolve: (name) => {
        const read = derivedField(name);
        if (read === undefined) return mapping ? mappedField(mapping, name) : null;
        const derive = oncePerEvent(onlyFor(derivedFieldNeeds(name)?.resources ?? [], read));
        return { derive: (event) => derive(event as AuditEvent) };
      },
    },
  };
}

/** A name of another collection's style. */
function mappedField(mapping: FieldMapping, name: string): ResolvedField | null {
  const field = mapped(mapping, name);
  if (field === null || 'paths' in field) return field;
  return { derive: (event) => field.derive(event as AuditEvent) };
}

/** A field has a value only for the resources that it is of: known before anything else of the event is looked at. */
function onlyFor(resources: readonly string[], read: (event: AuditEvent) => unknown): (event: AuditEvent) => unknown {
  if (resources.length === 0) return read;
  const names = new Set(resources.map((resource) => resource.split('/')[0]));
  return (event) => {
    const resource = textOf(event.objectRef, 'resource');
    return resource === undefined || names.has(resource) ? read(event) : undefined;
  };
}

/** Compiles a set of rules. The same set gives the same rules in the same order, here and in any worker. */
export function compilePack(set: RuleSet): Pack {
  const options = sigmaOptions(set);
  const parsed = set.sources.map((source) => parseRules(source.path, source.text, options));
  const documents = parsed.flatMap((file) => file.documents);
  const rules = linkRules(documents);
  const { baselines, silent, unmatched, problems } = linkBaselines(rules);
  const linked = {
    ...rules,
    silent: new Set([...rules.silent, ...silent, ...rules.rules.filter(({ id }) => id === IMAGE_RULE_ID)]),
  };
  return {
    rules: linked.rules.filter((rule) => rule.applies && !unmatched.has(rule)),
    linked,
    baselines,
    options,
    lists: set.lists,
    ...(set.mapping && { mapping: set.mapping }),
    ...(set.settings && { settings: set.settings }),
    documents,
    problems: [...parsed.flatMap((file) => file.problems), ...linked.problems, ...problems],
    isController: controllersOf(set.lists),
  };
}

/** Tells those who carry out what others asked for. */
export function controllersOf(lists: RuleSet['lists']): Pack['isController'] {
  const controllers = new Set((lists[CONTROLLERS] ?? []).map(String));
  return (user) => controllers.has(user);
}

/** One rule of a pack as its alerts and its coverage name it. */
export interface PackRule {
  readonly facts: RuleFacts;
  readonly raises: boolean;
  /** Lists that it needs and that nobody has filled. */
  readonly emptyLists: readonly string[];
}

/** Facts of the rules, in the order of `pack.rules`. */
export function packRules(pack: Pack): PackRule[] {
  return pack.rules.map((rule) => packRule(pack, rule, !pack.linked.silent.has(rule)));
}

/** Facts of the correlations, in the order of `pack.linked.correlations`. */
export function packCorrelations(pack: Pack): PackRule[] {
  return pack.linked.correlations.map((correlation) =>
    packRule(pack, correlation, !pack.linked.silent.has(correlation)),
  );
}

/** Facts of the baselines, in the order of `pack.baselines`. */
export function packBaselines(pack: Pack): PackRule[] {
  return pack.baselines.map(({ document }) => packRule(pack, document, true));
}

function packRule(pack: Pack, document: Metadata, raises: boolean): PackRule {
  const facts = factsOf(document);
  const { disabled = [], levels = {} } = pack.settings ?? {};
  return {
    facts: { ...facts, level: levels[facts.id] ?? facts.level },
    raises: raises && !disabled.includes(facts.id),
    emptyLists: listsUsedBy(document).filter((name) => pack.lists[name]?.length === 0),
  };
}

/** Names of the lists that a rule compares with. */
export function listsUsedBy(document: Metadata): string[] {
  return [...new Set([...document.text.matchAll(/%([A-Za-z0-9_.-]+)%/g)].map((match) => match[1] as string))];
}

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;

/** What alerts carry of a rule's metadata. A rule without a level counts as medium. */
export function factsOf(document: Metadata): RuleFacts {
  const techniques = document.tags.flatMap((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []);
  const tactics = document.tags.filter(
    (tag) => /^attack\.[a-z]/i.test(tag) && !TECHNIQUE.test(tag) && !/^attack\.[gs]\d/i.test(tag),
  );
  const { defender, nextSteps } = document.custom;
  return {
    id: document.id ?? document.key,
    title: document.title,
    path: document.path,
    level: document.level ?? 'medium',
    techniques,
    tactics: tactics.map((tag) => tag.slice('attack.'.length)),
    defender: typeof defender === 'string' ? defender : null,
    falsePositives: document.falsepositives,
    nextSteps: Array.isArray(nextSteps) ? nextSteps.filter((step) => typeof step === 'string') : [],
  };
}
