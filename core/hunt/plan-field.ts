import { BlockList, isIP } from 'node:net';
import type { AuditEvent } from '../event/audit-event.ts';
import { asText, asTexts } from '../event/value.ts';
import { somewhere, type ValueTest, within } from './event-path.ts';
import type { Field } from './fields.ts';
import { comparisonOf, type Interval, intervalOf, readNumber, readTime } from './interval.ts';
import {
  admits,
  type Bounds,
  type ColumnValues,
  decided,
  type Narrow,
  type NarrowColumn,
  type RangeColumn,
  UNKNOWN,
} from './narrow.ts';
import { ANYWHERE, every, keyNeedle, type Needle, textNeedle } from './needle.ts';
import { type TextTest, wholeTest } from './pattern.ts';
import { queryFault } from './query-fault.ts';
import { cut, hasWildcard, isActive, isBare, type Word } from './word.ts';

export type EventTest = (event: AuditEvent, row: ColumnValues) => boolean;

/** One condition with what columns know of it, and what the bytes of a record must hold for it. */
export interface Planned {
  readonly bounds: Bounds;
  readonly needle: Needle;
  readonly test: EventTest;
}

/** A field with the value asked for, as written. */
interface Condition {
  readonly field: Word;
  readonly value: Word;
}

/** Plans one `field:value`. */
export function planField(query: string, field: Field, condition: Condition): Planned {
  switch (field.kind) {
    case 'text':
      return byColumns(textNarrow(field.column, condition.value));
    case 'list':
      return byColumns({ column: field.column, accepts: listTest(field.column, condition.value) });
    case 'range':
      return byColumns(rangeNarrow(query, field.column, condition));
    case 'id':
      return byId(query, condition);
    case 'flags':
      return byFlags(condition.value);
    case 'lastAddress': {
      const { test } = valueTest(condition.value);
      const accepts = (list: string | null) => list !== null && within(elementsOf(list).at(-1), test);
      return byColumns({ column: 'sourceIPs', accepts });
    }
    case 'derived': {
      const { test } = valueTest(condition.value);
      return { bounds: UNKNOWN, needle: ANYWHERE, test: (event) => within(field.read(event), test) };
    }
    case 'path': {
      const { test, isText } = valueTest(condition.value);
      const needle = every([keyNeedle(field.steps), isText ? textNeedle(condition.value) : ANYWHERE]);
      return { bounds: UNKNOWN, needle, test: (event) => somewhere(event, field.steps, test) };
    }
  }
}

function byColumns(narrow: Narrow): Planned {
  return { bounds: decided(narrow), needle: ANYWHERE, test: (_, row) => admits(narrow, row) };
}

/** `resource:pods/exec` asks for two columns. */
function textNarrow(column: NarrowColumn, value: Word): Narrow {
  const slash = column === 'resource' ? value.text.indexOf('/') : -1;
  if (slash < 0) return { column, accepts: columnTest(value), ...(!hasWildcard(value) && { equals: value.text }) };
  return {
    and: [
      { column, accepts: columnTest(cut(value, 0, slash)) },
      { column: 'subresource', accepts: columnTest(cut(value, slash + 1)) },
    ],
  };
}

function columnTest(value: Word): (text: string | null) => boolean {
  if (isBare(value, '*')) return (text) => text !== null && text !== '';
  const test = wholeTest(value);
  return (text) => text !== null && test(text);
}

/** Remembers its answers, since the text of a list is parsed for each. */
function listTest(column: NarrowColumn, value: Word): (text: string | null) => boolean {
  const isAny = isBare(value, '*');
  const test = (column === 'sourceIPs' && networkTest(value)) || wholeTest(value);
  const known = new Map<string, boolean>();
  return (text) => {
    if (text === null) return false;
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size > 50_000) known.clear();
    const elements = elementsOf(text);
    const answer = isAny ? elements.length > 0 : elements.some(test);
    known.set(text, answer);
    return answer;
  };
}

function elementsOf(text: string): readonly string[] {
  return asTexts(JSON.parse(text));
}

/** `10.42.0.0/16`: any address of that network. */
function networkTest(value: Word): TextTest | undefined {
  const [, address, prefix] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(value.text) ?? [];
  const family = address === undefined ? 0 : isIP(address);
  if (address === undefined || family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return (text) => isIP(text) === family && network.check(text, family === 4 ? 'ipv4' : 'ipv6');
}

function rangeNarrow(query: string, column: RangeColumn, { field, value }: Condition): Narrow {
  if (isBare(value, '*')) return { column, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  if (column === 'code' && isCodePattern(value)) return codeNarrow(value);
  const found = intervalOf(comparisonOf(value), column === 'code' ? readNumber : readTime);
  if (found === null) throw valueFault(query, field, value, column === 'code' ? CODE_HINT : TIME_HINT);
  if (found.min > found.max) throw emptyFault(query, value);
  return { column, min: Math.ceil(found.min), max: Math.floor(found.max) };
}

const CODE_HINT = 'Write a number, as in code:403, code:>=400, code:400..499 or code:4xx.';
const TIME_HINT =
  'Write a time, as in time:2026-03-04, time:>=2026-03-04T10:15Z or time:2026-03-04T10:00Z..2026-03-04T11:00Z.';
const ID_HINT = 'Write a number, as in id:42; the id of a request in the log is auditID.';

/** `4xx`, `4??`, `4*`. */
function isCodePattern(value: Word): boolean {
  return hasWildcard(value) || /^\d[\dx]*x$/i.test(value.text);
}

/** All codes of three digits or fewer that fit, joined to ranges. */
function codeNarrow(value: Word): Narrow {
  const test = wholeTest({ ...value, text: value.text.replace(/x/gi, '?') });
  const ranges: { column: 'code'; min: number; max: number }[] = [];
  for (let code = 0; code < 1000; code++) {
    if (!test(String(code))) continue;
    const last = ranges.at(-1);
    if (last?.max === code - 1) last.max = code;
    else ranges.push({ column: 'code', min: code, max: code });
  }
  return { or: ranges };
}

function byId(query: string, { field, value }: Condition): Planned {
  const found = intervalOf(comparisonOf(value), readNumber);
  if (found === null) throw valueFault(query, field, value, ID_HINT);
  return byColumns({ column: 'id', ...found });
}

function byFlags(value: Word): Planned {
  return byColumns({ column: 'flags', acceptsFlag: wholeTest(value) });
}

/**
 * What a value at the end of a path must be: written as a number or time it is compared as one, else as text. `isText`: only
 * as text.
 */
function valueTest(value: Word): { readonly test: ValueTest; readonly isText: boolean } {
  if (isBare(value, '*'))
    return { test: (found) => found !== null && found !== undefined && found !== '', isText: false };
  const comparison = comparisonOf(value);
  const isQuoted = value.text !== '' && !isActive(value, 0);
  const numbers = isQuoted ? null : intervalOf(comparison, readNumber);
  const times = comparison.operator === '=' ? null : intervalOf(comparison, readTime);
  const text = comparison.operator === '=' || (numbers ?? times) === null ? wholeTest(value) : undefined;
  const test: ValueTest = (found) => {
    const written = asText(found);
    if (written === undefined) return false;
    if (text?.(written)) return true;
    const number = numbers && readNumber(written);
    if (number && isWithin(numbers, number.min)) return true;
    const time = times && readTime(written);
    return time !== null && times !== null && isWithin(times, time.min);
  };
  return { test, isText: numbers === null && times === null };
}

function isWithin(interval: Interval, value: number): boolean {
  return value >= interval.min && value <= interval.max;
}

function valueFault(query: string, field: Word, value: Word, hint: string): Error {
  return queryFault(query, value.offset, `"${field.text}" cannot be "${value.text}".`, hint);
}

function emptyFault(query: string, value: Word): Error {
  return queryFault(query, value.offset, `The range "${value.text}" holds nothing.`, 'Write the lower bound first.');
}
