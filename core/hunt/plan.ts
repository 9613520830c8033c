import { anywhere } from './event-path.ts';
import { fieldOf } from './fields.ts';
import { ANY, type Bounds, intersect, isDecided, type Narrow, negate, UNKNOWN, unite } from './narrow.ts';
import { ANYWHERE, every, type Needle, some, textNeedle } from './needle.ts';
import { insideTest } from './pattern.ts';
import { type EventTest, type Planned, planField } from './plan-field.ts';
import { type Node, parseQuery } from './syntax.ts';

/** A query made ready. `narrow` never excludes an event that `test` accepts, and all that `sure` holds are accepted. */
export interface QueryPlan {
  readonly narrow: Narrow;
  readonly sure: Narrow;
  /** What the bytes of a verbatim record hold that `test` accepts and `sure` does not. */
  readonly needle: Needle;
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
  if (node === null) return { narrow: ANY, sure: ANY, needle: ANYWHERE, test: () => true, exact: true };
  const { bounds, needle, test } = plan(query, node);
  return { narrow: bounds.upper, sure: bounds.lower, needle, test, exact: isDecided(bounds) };
}

function plan(query: string, node: Node): Planned {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => plan(query, part));
      return {
        bounds: intersect(parts.map(boundsOf)),
        needle: every(parts.map(needleOf)),
        test: (event, row) => parts.every((part) => part.test(event, row)),
      };
    }
    case 'or': {
      const parts = node.parts.map((part) => plan(query, part));
      return {
        bounds: unite(parts.map(boundsOf)),
        needle: some(parts.map(needleOf)),
        test: (event, row) => parts.some((part) => part.test(event, row)),
      };
    }
    case 'not': {
      const part = plan(query, node.part);
      return { bounds: negate(part.bounds), needle: ANYWHERE, test: (event, row) => !part.test(event, row) };
    }
    case 'field':
      return planField(query, fieldOf(query, node.field), node);
    case 'text': {
      const test = insideTest(node.value);
      return { bounds: UNKNOWN, needle: textNeedle(node.value), test: (event) => anywhere(event, test) };
    }
  }
}

function boundsOf(planned: Planned): Bounds {
  return planned.bounds;
}

function needleOf(planned: Planned): Needle {
  return planned.needle;
}
