import { FLAGS } from '../event/columns.ts';
import type { EventIndex } from '../store/event-index.ts';
import { type ColumnTexts, type Decider, Dispatch, type DispatchKey } from './dispatch.ts';

/** Rows of a case as the columns alone see them, one byte each. */
export interface RuleRows {
  /** 1: the event may meet the rule. */
  readonly upper: Uint8Array;
  /** 1: it does. */
  readonly sure: Uint8Array;
}

/** What the columns of a case say of a rule, by the table that imports use: each combination of columns is asked about once. */
export function rowsOfRule(rule: Decider, index: EventIndex): RuleRows {
  const { columns } = index;
  const dispatch = new Dispatch([rule], textsOf(index));
  const flags = flagsOf(index);
  const upper = new Uint8Array(columns.count);
  const sure = new Uint8Array(columns.count);
  const key: DispatchKey = { operation: 0, answer: 0, actor: 0, agent: 0, namespace: 0, address: 0, flags: 0 };
  for (let row = 0; row < columns.count; row++) {
    key.operation = columns.operation[row] as number;
    key.answer = columns.answer[row] as number;
    key.actor = columns.actor[row] as number;
    key.agent = columns.agent[row] as number;
    key.namespace = columns.namespace[row] as number;
    key.address = columns.address[row] as number;
    key.flags = flags(columns.reading[row] as number);
    const verdict = dispatch.verdict(key);
    if (verdict === null) continue;
    upper[row] = 1;
    sure[row] = verdict.met.length;
  }
  return { upper, sure };
}

/** Bits of FLAGS by the id of a reading. */
function flagsOf(index: EventIndex): (reading: number) => number {
  const { last, read } = index.readings();
  const bits = Array.from({ length: last + 1 }, (_, id) =>
    Object.entries(FLAGS).reduce((sum, [name, bit]) => (read(id).flags.includes(name) ? sum | bit : sum), 0),
  );
  return (reading) => bits[reading] as number;
}

function textsOf(index: EventIndex): ColumnTexts {
  const part = (column: Parameters<EventIndex['texts']>[0]) => index.texts(column).read;
  const [verb, apiGroup, resource, subresource] = [
    part('verb'),
    part('apiGroup'),
    part('resource'),
    part('subresource'),
  ];
  const [user, groups, impersonatedUser] = [part('user'), part('groups'), part('impersonatedUser')];
  const [stage, level, decision, agent, addresses] = [
    part('stage'),
    part('level'),
    part('decision'),
    part('userAgent'),
    part('sourceIPs'),
  ];
  const code = index.codes().read;
  return {
    operation: (id) => ({
      verb: verb(id),
      apiGroup: apiGroup(id),
      resource: resource(id),
      subresource: subresource(id),
    }),
    actor: (id) => ({ user: user(id), groups: listOf(groups(id)), impersonatedUser: impersonatedUser(id) }),
    answer: (id) => ({ stage: stage(id), level: level(id), code: code(id) || null, decision: decision(id) }),
    text: agent,
    addresses: (id) => listOf(addresses(id)),
  };
}

const listOf = (text: string | null): string[] | null => (text === null ? null : (JSON.parse(text) as string[]));
