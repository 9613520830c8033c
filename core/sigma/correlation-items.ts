import { eventTimeUs } from './event-time.ts';
import { type Field, type FieldFinder, fieldFinder } from './field.ts';
import { SIGMA_LIMITS } from './limits.ts';
import type { CorrelationMember, LinkedRules } from './link-rules.ts';
import type { SigmaCorrelation, SigmaOptions, SigmaRule } from './model.ts';
import { numberOf, textOf } from './scalar.ts';

/** What a correlation has to remember of an event that one of its rules matched: plain data, to be joined in any order. */
export interface CorrelationItem {
  /** Index in `LinkedRules.correlations`. */
  readonly correlation: number;
  /** Index of the rule in the correlation. */
  readonly member: number;
  readonly timeUs: number;
  /** Names the event; equal names are one event. Decides the order of events of one time. */
  readonly identity: string;
  /** Texts of the group-by fields. */
  readonly group: readonly string[];
  /** Values to be counted or added up. */
  readonly values: readonly (string | number)[];
}

/** Larger numbers could not be added up without overflow; they count as no numbers. */
const LARGEST = 1e290;

/** `met`: the rules that the event matched; `timeUs`: its time, where the caller knows it. */
export type ItemMapper = (
  event: unknown,
  identity: string,
  met: readonly SigmaRule[],
  timeUs?: number | null,
) => CorrelationItem[];

/** The part of all correlations that looks at one event: it asks nothing of the past. */
export function itemMapper(linked: LinkedRules, options: Pick<SigmaOptions, 'aliases' | 'resolver'>): ItemMapper {
  const field = fieldFinder(options);
  const readers = linked.correlations
    .flatMap((correlation, index) =>
      (linked.members.get(correlation) ?? []).flatMap((member, place) =>
        member.kind === 'rule' ? [memberReader(correlation, index, member, place, field)] : [],
      ),
    )
    .map((reader, order) => ({ ...reader, order }));
  const byRule = Map.groupBy(readers, ({ rule }) => rule);
  return (event, identity, met, known) => {
    const hit = met.flatMap((rule) => byRule.get(rule) ?? []);
    if (hit.length === 0) return [];
    const timeUs = known === undefined ? eventTimeUs(event) : known;
    if (timeUs === null) return [];
    return hit.sort((a, b) => a.order - b.order).flatMap(({ read }) => read(event, identity, timeUs));
  };
}

interface MemberReader {
  readonly rule: SigmaRule;
  read(event: unknown, identity: string, timeUs: number): CorrelationItem[];
}

function memberReader(
  correlation: SigmaCorrelation,
  index: number,
  rule: SigmaRule,
  member: number,
  field: FieldFinder,
): MemberReader {
  const groupBy = correlation.groupBy.map((name) => field(fieldFor(correlation, rule, member, name)));
  const valueFields = correlation.valueFields.map((name) => field(fieldFor(correlation, rule, member, name)));
  const isCounted = correlation.type === 'value_count';
  return {
    rule,
    read: (event, identity, timeUs) => {
      const groups = tuples(groupBy.map((one) => texts(one, event)));
      if (groups.length === 0) return [];
      const values = isCounted ? counted(valueFields, event) : numbers(valueFields, event);
      return groups.map((group) => ({ correlation: index, member, timeUs, identity, group, values }));
    },
  };
}

/** The field that a group-by name means in one of the rules (Sigma correlations, section Field Name Aliases). */
export function fieldFor(
  correlation: SigmaCorrelation,
  member: CorrelationMember,
  place: number,
  name: string,
): string {
  const fields = correlation.aliases.get(name);
  const names = [correlation.rules[place]?.text, member.id, member.name];
  for (const one of names) {
    const found = one ? fields?.get(one) : undefined;
    if (found !== undefined) return found;
  }
  return name;
}

/** Each element of an array is a value. Null and objects are none. */
function texts(field: Field, event: unknown): string[] {
  const found = new Set<string>();
  field.some(event, (value) => {
    const text = textOf(value);
    if (text !== null) found.add(text);
    return found.size >= SIGMA_LIMITS.groups;
  });
  return [...found];
}

function counted(fields: readonly Field[], event: unknown): string[] {
  if (fields.length === 1) return texts(fields[0] as Field, event);
  return tuples(fields.map((field) => texts(field, event))).map((tuple) => JSON.stringify(tuple));
}

function numbers(fields: readonly Field[], event: unknown): number[] {
  const found: number[] = [];
  for (const field of fields) {
    field.some(event, (value) => {
      const number = numberOf(value);
      if (number !== null && Math.abs(Number(number)) <= LARGEST) found.push(Number(number));
      return false;
    });
  }
  return found;
}

/** One value of each list, in all ways; none if a list is empty. */
function tuples(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (all, list) => all.flatMap((one) => list.map((item) => [...one, item])).slice(0, SIGMA_LIMITS.groups),
    [[]],
  );
}
