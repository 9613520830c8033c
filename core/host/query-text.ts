/** A condition that selects exactly this value of a field; null: events without it. */
export function fieldCondition(field: string, value: string | null): string {
  if (value === null || value === '') return `not ${field}:*`;
  const isBare = /^[A-Za-z0-9_.:@/+-]+$/.test(value) && !/^(and|or|not)$/i.test(value) && !value.includes('..');
  return isBare ? `${field}:${value}` : `${field}:"${value.replace(/[\\"]/g, '\\$&')}"`;
}
