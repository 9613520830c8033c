import type { Extent } from './tar-header.ts';

/** What extended headers say of the next entry; later records win. */
export interface PaxFields {
  readonly fields: Map<string, Buffer>;
  /** Offset and length pairs of sparse format 0.0, whose keys repeat. */
  readonly sparseNumbers: number[];
}

/** Records of the form `length key=value\n`. A damaged record ends the list: null where there was one. */
export function parsePax(bytes: Buffer, into: PaxFields): boolean {
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    const record = bytes.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (!Number.isInteger(length) || at + length > bytes.length || length < 5 || equals < 0) return false;
    addRecord(record.toString('utf8', 0, equals), record.subarray(equals + 1), into);
    at += length;
  }
  return true;
}

function addRecord(key: string, value: Buffer, into: PaxFields): void {
  if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') into.sparseNumbers.push(Number(value.toString()));
  else into.fields.set(key, value);
}

export function paxNumber(fields: PaxFields, key: string): number | null {
  const value = fields.fields.get(key)?.toString('latin1');
  if (value === undefined || !/^\d{1,16}$/.test(value)) return null;
  return Number(value);
}

/** The sparse map of formats 0.0 and 0.1; null where the entry is not sparse or has its map in front of its data (1.0). */
export function paxExtents(pax: PaxFields): Extent[] | null {
  const map = pax.fields.get('GNU.sparse.map')?.toString('latin1');
  const numbers = map === undefined ? pax.sparseNumbers : map.split(',').map(Number);
  return numbers.length === 0 ? null : pairUp(numbers);
}

export function pairUp(numbers: readonly number[]): Extent[] {
  const extents: Extent[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    extents.push({ offset: numbers[index]!, length: numbers[index + 1]! });
  }
  return extents;
}
