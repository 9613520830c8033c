/** What of a valibot schema a sample is made from. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

const TEXTS = ['1', 'user', 'a'.repeat(32), 'a'.repeat(64)];

/** A request that a parser lets through, with all that may be left out or without; texts are `text` where they may be. */
export function sampleOf(given: unknown, isWhole: boolean, text = '1'): unknown {
  const schema = given as Schema;
  switch (schema.type) {
    case 'strict_object':
      return Object.fromEntries(
        Object.entries(schema.entries ?? {})
          .filter(([, entry]) => isWhole || entry.type !== 'exact_optional')
          .map(([key, entry]) => [key, sampleOf(entry, isWhole, text)]),
      );
    case 'exact_optional':
    case 'nullable':
      return sampleOf(schema.wrapped, isWhole, text);
    case 'array':
      return [sampleOf(schema.item, isWhole, text)];
    case 'picklist':
      return schema.options?.[0];
    case 'union':
    case 'variant':
      return sampleOf(schema.options?.[0], isWhole, text);
    case 'literal':
      return schema.literal;
    case 'boolean':
      return true;
    case 'number':
      return 1000 >= least(schema) && 1000 <= most(schema)
        ? most(schema) > 1e9
          ? 1
          : 1000
        : Math.max(1, least(schema));
    case 'string':
      return [text, ...TEXTS].find((one) => fits(schema, one));
    default:
      throw new Error(`no sample for ${schema.type}`);
  }
}

const requirement = (schema: Schema, type: string): unknown =>
  schema.pipe?.find((action) => action.type === type)?.requirement;
const least = (schema: Schema): number => Number(requirement(schema, 'min_value') ?? 0);
const most = (schema: Schema): number => Number(requirement(schema, 'max_value') ?? Number.MAX_SAFE_INTEGER);

function fits(schema: Schema, text: string): boolean {
  const pattern = requirement(schema, 'regex');
  return !(pattern instanceof RegExp) || pattern.test(text);
}
