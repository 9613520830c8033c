/** Lists inside JSON documents whose elements are the records, however long the document is. */
export type ListName =
  | 'array'
  | 'items'
  | 'records'
  | 'logEvents'
  | 'events'
  | 'results'
  | 'Records'
  | 'hits'
  | 'rows'
  | 'values'
  | 'logRecords';

/** A place in a document on the way to a list: the keys or the elements that lead on, and the list that ends there. */
export interface ListNode {
  readonly keys?: Readonly<Record<string, ListNode>>;
  readonly each?: ListNode;
  /** The elements at this place are records. */
  readonly list?: ListName;
}

const list = (name: ListName): ListNode => ({ each: { list: name } });
const each = (keys: Record<string, ListNode>): ListNode => ({ each: { keys } });

/** Where lists are looked for, from the root of a document. */
export const KNOWN_LISTS: ListNode = {
  each: { list: 'array' },
  keys: {
    items: list('items'),
    records: list('records'),
    logEvents: list('logEvents'),
    events: list('events'),
    results: list('results'),
    Records: list('Records'),
    hits: { keys: { hits: list('hits') } },
    tables: each({ rows: list('rows') }),
    data: { keys: { result: each({ values: list('values') }) } },
    resourceLogs: each({ scopeLogs: each({ logRecords: list('logRecords') }) }),
  },
};

/** Whether a document holds one of the lists, so that its elements are the records and not the document. */
export function leadsToList(node: ListNode, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    const { each } = node;
    return each !== undefined && (each.list !== undefined || value.some((item) => leadsToList(each, item)));
  }
  const members = value as { readonly [key: string]: unknown };
  if (members.kind === 'Event') return false;
  const keys = Object.entries(node.keys ?? {});
  return keys.some(([key, below]) => Object.hasOwn(members, key) && leadsToList(below, members[key]));
}
