import type { Layout, TextEncoding } from './block.ts';
import { columnsOf } from './csv-row.ts';
import { PieceScanner } from './pieces.ts';
import { textOf } from './text.ts';

/** Bytes from which the encoding and shape of a member are told. */
export const SNIFF_BYTES = 256 * 1024;

/** What the first bytes of a member say about it. */
export interface Sniffed {
  readonly encoding: TextEncoding | 'binary';
  /** Bytes of a byte order mark. */
  readonly markBytes: number;
  readonly layout: Layout;
  readonly table: { readonly header: readonly string[]; readonly delimiter: string } | null;
}

/** Tells encoding and shape. `head` is the first `SNIFF_BYTES` of a member, or all of it. */
export function sniff(head: Buffer): Sniffed {
  const { encoding, markBytes } = encodingOf(head);
  if (encoding === 'utf-8' && isBinary(head)) return { encoding: 'binary', markBytes: 0, layout: 'lines', table: null };
  const text = textOf(head.subarray(markBytes), encoding);
  return { encoding, markBytes, layout: layoutOf(text), table: columnsOf(text) };
}

function encodingOf(head: Buffer): { encoding: TextEncoding; markBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8-bom', markBytes: 3 };
  const wide = wideEncoding(head.subarray(0, 4096));
  if (head[0] === 0xff && head[1] === 0xfe && (wide === 'utf-16le' || head.length < 16)) {
    return { encoding: 'utf-16le', markBytes: 2 };
  }
  if (head[0] === 0xfe && head[1] === 0xff && (wide === 'utf-16be' || head.length < 16)) {
    return { encoding: 'utf-16be', markBytes: 2 };
  }
  return { encoding: wide ?? 'utf-8', markBytes: 0 };
}

/** UTF-16 of mostly ASCII text has a NUL in every other byte; a hole has them in all. */
function wideEncoding(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  const nuls = [0, 0];
  for (let index = 0; index < head.length; index++) if (head[index] === 0) nuls[index & 1]!++;
  const [even, odd] = nuls as [number, number];
  if (odd > head.length / 3 && even < head.length / 50) return 'utf-16le';
  return even > head.length / 3 && odd < head.length / 50 ? 'utf-16be' : null;
}

const AUDIT_MARKS = ['audit.k8s.io/', '"auditID"', 'AUDIT: id="', 'requestReceivedTimestamp'];
const MAGICS = [
  'Obj\x01',
  'PAR1',
  'SQLite format 3\0',
  '\x7fELF',
  '\x89PNG',
  '%PDF-',
  '7z\xbc\xaf\x27\x1c',
  'Rar!\x1a\x07',
];

/** Control characters are rare in text. A log that is badly damaged is still a log: one mark of an audit event is enough. */
function isBinary(head: Buffer): boolean {
  if (MAGICS.some((magic) => startsWith(head, magic))) return true;
  if (AUDIT_MARKS.some((mark) => head.includes(mark))) return false;
  let controls = 0;
  let others = 0;
  for (const code of head.subarray(0, 4096)) {
    if (code === 0) continue;
    if (code < 0x20 && code !== 9 && code !== 10 && code !== 13 && code !== 12 && code !== 27) controls++;
    else others++;
  }
  return controls > (controls + others) / 20;
}

function startsWith(head: Buffer, magic: string): boolean {
  return head.toString('latin1', 0, magic.length) === magic;
}

/** Whether the first value shares its line with the next one, or runs over several lines. */
function layoutOf(text: ReturnType<typeof textOf>): Layout {
  const scanner = new PieceScanner(text, '');
  const first = scanner.next(false);
  if (first === null || first.kind !== 'value' || first.list !== null) return 'lines';
  if (text.units.subarray(first.start, first.end).includes(0x0a)) return 'stream';
  return text.units[first.end] === 0x7b ? 'stream' : 'lines';
}
