import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Completion, Facet, Facets, QueryCheck } from '../../contract/hunt-calls.ts';
import type { Scope } from '../../contract/scope.ts';
import { CaseError, faultOf } from '../../fault.ts';
import { completionAt } from '../../hunt/complete.ts';
import { countsOf, facetFrom, facetOf } from '../../hunt/facet.ts';
import { FIELD_LIST } from '../../hunt/field-list.ts';
import { fieldReader } from '../../hunt/field-value.ts';
import { planQuery } from '../../hunt/plan.ts';
import type { EventSelection } from '../../hunt/selection.ts';
import { tokensOf } from '../../hunt/tokens.ts';
import type { CallScope, CallTable } from '../call-scope.ts';
import { decided, scopeOf } from '../hunt-scope.ts';
import { huntingOf } from '../hunting.ts';
import { fieldCondition } from '../query-text.ts';

export const huntCalls = {
  'hunt/check': ({ query }) => checked(query),
  'hunt/fields': () => FIELD_LIST,
  'hunt/complete': (req, scope) => completed(req, scope),
  'hunt/facets': async ({ scope: asked, fields, limit, search }, scope) => {
    const selection = await decided(asked, scope);
    const options = { limit, ...(search !== undefined && { search }) };
    const facets: Facet[] = [];
    for (const field of fields) {
      facets.push(await facet(selection, field, options, scope));
      await nextTurn();
      scope.signal.throwIfAborted();
    }
    return { total: selection.count, facets } satisfies Facets;
  },
} satisfies Partial<CallTable>;

function checked(query: string): QueryCheck {
  const pieces = tokensOf(query).map(({ from, to, kind }) => ({ from, to, kind }));
  try {
    return { fault: null, isExact: planQuery(query).exact, pieces };
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    return { fault: faultOf(error), isExact: false, pieces };
  }
}

/** Values are counted in the whole case, or in the scope given, so far as columns hold them. */
function completed(
  { query, cursor, scope: asked }: { readonly query: string; readonly cursor: number; readonly scope?: Scope },
  { store }: CallScope,
): Completion {
  const hunting = huntingOf(store);
  const { mask } = hunting.select(asked === undefined ? { query: '' } : { ...scopeOf(asked), query: '' });
  const { index } = hunting.source;
  return completionAt(query, cursor, (field, search) => {
    try {
      return facetOf(index, mask, field, { limit: 30, ...(search !== '' && { search }) }, fieldCondition);
    } catch (error) {
      if (error instanceof CaseError) return null;
      throw error;
    }
  });
}

/** Events of which a field that is no column is read for a facet. */
const MOST_READ = 50_000;

async function facet(
  selection: EventSelection,
  field: string,
  options: { readonly limit: number; readonly search?: string },
  { store, signal }: CallScope,
): Promise<Facet> {
  const hunting = huntingOf(store);
  const { index } = hunting.source;
  const known = facetOf(index, selection.mask, field, options, fieldCondition);
  if (known !== null) return known;
  if (selection.count > MOST_READ) {
    throw new CaseError('usage', `"${field}" is no column, and ${selection.count} events would have to be read.`, {
      hint: `Narrow the query to ${MOST_READ} events first.`,
    });
  }
  const read = fieldReader(field);
  const sums = new Map<string | null, number>();
  for await (const { event, fields } of hunting.eventsOf(selection, signal)) {
    const values = read(event, fields);
    for (const value of values.length === 0 ? [null] : new Set(values)) sums.set(value, (sums.get(value) ?? 0) + 1);
  }
  return facetFrom(countsOf(sums), field, options, fieldCondition);
}
