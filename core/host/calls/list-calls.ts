import type { RuleList } from '../../contract/rows.ts';
import type { Session } from '../api.ts';
import type { CallTable } from '../call-scope.ts';

export const listCalls = {
  'lists/all': (_req, { session }) => session.lists(),
  'lists/add': ({ list, values, note }, { session, change }) =>
    change(() => {
      session.changeList({ name: list, add: values, note });
      return named(list, session);
    }),
  'lists/remove': ({ list, values, note }, { session, change }) =>
    change(() => {
      session.changeList({ name: list, remove: values, note });
      return named(list, session);
    }),
} satisfies Partial<CallTable>;

function named(name: string, session: Session): RuleList {
  const list = session.lists().find((candidate) => candidate.name === name);
  if (list !== undefined) return list;
  const empty = {
    title: '',
    description: '',
    date: null,
    origin: '',
    shipped: [],
    isReplaced: false,
    own: [],
    rules: [],
  };
  return { name, ...empty };
}
