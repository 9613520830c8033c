import { anywhere } from './event-path.ts';
import { fieldOf } from './fields.ts';
import { ANY, type Bounds, intersect, isDecided, type Narrow, negate, UNKNOWN, unite } from './narrow.ts';
import { insideTest } from './pattern.ts';
import { type EventTest, type Planned, planField } from './plan-field.ts';
import { type Node, parseQuery } from './syntax.ts';

/** A query made ready. `narrow` never excludes an event that `test` accepts. */
export interface QueryPlan {
  readonly narrow: Narrow;
  /** Decides about one event. */
  readonly test: EventTest;
  /** `narrow` alone decides: no event need be read. */
  readonly exact: boolean;
}

/**
 * Reads a query in the language of docs/query-language.md.
 * @throws CaseError `query/invalid`, pointing at the place that is to blame
 */
export function planQuery(query: string): QueryPlan {
  const node = parseQuery(query);
  if (node === null) return { narrow: ANY, test: () => true, exact: true };
  const { bounds, test } = plan(query, node);
  return { narrow: bounds.upper, test, exact: isDecided(bounds) };
}

function plan(query: string, node: Node): Planned {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => plan(query, part));
      return {
        bounds: intersect(parts.map(boundsOf)),
        test: (event, row) => parts.every((part) => part.test(event, row)),
      };
    }
    case 'or': {
      const parts = node.parts.map((part) => plan(query, part));
      return { bounds: unite(parts.map(boundsOf)), test: (event, row) => parts.some((part) => part.test(event, row)) };
    }
    case 'not': {
      const part = plan(query, node.part);
      return { bounds: negate(part.bounds), test: (event, row) => !part.test(event, row) };
    }
    case 'field':
      return planField(query, fieldOf(query, node.field), node);
    case 'text': {
      const test = insideTest(node.value);
      return { bounds: UNKNOWN, test: (event) => anywhere(event, test) };
    }
  }
}

function boundsOf(planned: Planned): Bounds {
  return planned.bounds;
}
