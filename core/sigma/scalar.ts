/** A value of the event that can be compared: text, number or boolean. Null is none, and neither are objects. */
export type Scalar = string | number | bigint | boolean;

/** The text of a scalar as Sigma compares it, or null for what is no scalar (Sigma rules, section General). */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return null;
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const LONG_INTEGER = /^([+-]?)(\d{16,400})$/;

/** The number that a value is or, as text, spells; else null. Integers stay exact. Booleans are no numbers. */
export function numberOf(value: unknown): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || value.length > 400 || !NUMBER.test(value)) return null;
  const integer = LONG_INTEGER.exec(value);
  if (!integer) return Number(value);
  const digits = BigInt(integer[2] ?? '0');
  return integer[1] === '-' ? -digits : digits;
}
