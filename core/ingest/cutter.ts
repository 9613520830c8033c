import type { Block, Shape, TextEncoding, TextEnd } from './block.ts';
import { lastBoundary } from './boundary.ts';
import { endOfRow } from './csv-row.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { HoleFinder } from './holes.ts';
import { RUNTIME_LINE } from './partial.ts';
import { type Piece, PieceScanner } from './pieces.ts';
import { SNIFF_BYTES, type Sniffed, sniff } from './sniff.ts';
import { type Text, textOf } from './text.ts';

/** Bytes of a piece over the size limit that travel along, to find an auditID in. */
const HEAD_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** The state behind `cutBlocks`: bytes go in, blocks of whole records come out. */
export class Cutter {
  readonly end: TextEnd = { encoding: 'empty', limitHit: null, holes: [], warnings: [] };
  readonly #blockBytes: number;
  readonly #recordBytes: number;
  readonly #buffer: GrowingBuffer;
  readonly #holes: HoleFinder;
  /** Offset of the buffer's first byte in the member. */
  #offset = 0;
  #sniffed: Sniffed | null = null;
  /** The envelope that stands open at the buffer's first byte. */
  #open = '';
  /** Goes through the buffer where line feeds do not tell where to cut; kept while the buffer grows. */
  #scanner: PieceScanner | null = null;
  #candidate: { position: number; open: string } | null = null;
  /** The last piece that the scanner saw goes on in the next one. */
  #isOpen = false;
  /** Bytes wanted before the next try to cut. */
  #wanted: number;
  /** A piece over the size limit that is being passed over. */
  #oversized: { offset: number; head: Uint8Array<ArrayBuffer>; isLine: boolean } | null = null;

  constructor(blockBytes: number, recordBytes: number) {
    this.#blockBytes = blockBytes;
    this.#recordBytes = recordBytes;
    this.#wanted = blockBytes;
    this.#buffer = new GrowingBuffer(Math.max(blockBytes, 1024));
    this.#holes = new HoleFinder(this.end.holes);
  }

  *push(chunk: Buffer): Generator<Block> {
    for (const part of this.#holes.split(chunk)) {
      if (this.#isBinary) return;
      if (part.kind === 'bytes') yield* this.#append(part.bytes);
      else if (part.kind === 'hole') yield* this.#passHole(part.before);
      else this.#offset += part.length;
    }
  }

  *finish(): Generator<Block> {
    yield* this.#flush();
  }

  get #isBinary(): boolean {
    return this.#sniffed?.encoding === 'binary';
  }

  get #encoding(): TextEncoding {
    return this.#sniffed === null || this.#sniffed.encoding === 'binary' ? 'utf-8' : this.#sniffed.encoding;
  }

  *#append(bytes: Buffer): Generator<Block> {
    this.#realign();
    for (let from = 0; from < bytes.length && !this.#isBinary; ) {
      const goal = this.#sniffed === null ? SNIFF_BYTES : this.#wanted;
      const to = Math.min(bytes.length, from + Math.max(goal - this.#buffer.length, 1));
      this.#buffer.append(bytes.subarray(from, to));
      from = to;
      if (this.#buffer.length < goal) continue;
      if (this.#sniffed === null) this.#sniff();
      yield* this.#cut(false);
    }
  }

  /** A hole begins; `count` of its bytes are in the buffer already. What stands before it is complete. */
  *#passHole(count: number): Generator<Block> {
    const { length } = this.#buffer;
    const dropped = Math.min(count, length);
    const kept = this.#isWide && dropped > 0 && (length - dropped) % 2 === 1 ? 1 : 0;
    this.#buffer.dropLast(dropped - kept);
    yield* this.#flush();
    this.#offset += dropped - kept;
  }

  /** Half of a two-byte character may be a NUL that was taken for a part of the hole before it. */
  #realign(): void {
    if (!this.#isWide || this.#buffer.length > 0 || this.#offset % 2 === 0) return;
    this.#buffer.append(Buffer.alloc(1));
    this.#offset--;
  }

  get #isWide(): boolean {
    return this.#encoding === 'utf-16le' || this.#encoding === 'utf-16be';
  }

  *#flush(): Generator<Block> {
    if (this.#sniffed === null && this.#buffer.length > 0) this.#sniff();
    if (this.#isBinary) return;
    yield* this.#cut(true);
    if (this.#oversized !== null) yield this.#endOversized(this.#offset + this.#buffer.length);
    else if (this.#buffer.length > 0) yield this.#flushRest();
    this.#offset += this.#buffer.length;
    this.#buffer.dropFirst(this.#buffer.length);
    this.#scanner = null;
    this.#candidate = null;
  }

  /** All that is left goes out as one block; if a list is open behind it, it stays open behind the hole. */
  #flushRest(): Block {
    const open = this.#open;
    if (open !== '') this.#open = openBehind(this.#text(), open);
    return this.#take(this.#buffer.length, open);
  }

  #sniff(): void {
    const sniffed = sniff(this.#buffer.view().subarray(0, SNIFF_BYTES));
    this.#sniffed = sniffed;
    this.end.encoding = sniffed.encoding;
    this.#buffer.dropFirst(sniffed.markBytes);
    this.#offset += sniffed.markBytes;
  }

  #text(): Text {
    return textOf(this.#buffer.view(), this.#encoding);
  }

  *#cut(isLast: boolean): Generator<Block> {
    while (this.#buffer.length >= this.#wanted || (isLast && this.#buffer.length > 0 && this.#mayCutRest)) {
      if (this.#oversized !== null) {
        const block = this.#passOver();
        if (block !== null) yield block;
        else if (this.#buffer.length === 0 || !isLast) return;
        continue;
      }
      const { position, open } = this.#findCut(isLast);
      if (position > 0) {
        yield this.#takeTo(position, open);
        continue;
      }
      if (isLast) return;
      if (this.#buffer.length >= this.#recordBytes) yield* this.#breakUp();
      else this.#wanted = Math.min(this.#buffer.length * 2, this.#recordBytes);
    }
  }

  get #mayCutRest(): boolean {
    return this.#oversized !== null || this.#buffer.length > this.#blockBytes;
  }

  /** A byte position at which the buffer may be cut, and the envelope open there; 0 if none is in sight. */
  #findCut(isLast: boolean): { position: number; open: string } {
    const text = this.#text();
    const units = text.units as Buffer;
    if (this.#sniffed?.table)
      return { position: lastRowEnd(units, this.#blockBytes / text.scale, isLast) * text.scale, open: '' };
    if (this.#open === '' && this.#scanner === null) {
      const boundary = lastBoundary(units, this.#blockBytes / text.scale);
      if (boundary > 0) return { position: boundary * text.scale, open: '' };
    }
    const found = this.#findInside(text);
    return { position: found.position * text.scale, open: found.open };
  }

  /** Looks for a place between two values: behind a root value, or behind a comma of a list. */
  #findInside(text: Text): { position: number; open: string } {
    const goal = this.#blockBytes / text.scale;
    if (this.#scanner === null) this.#isOpen = false;
    this.#scanner ??= new PieceScanner(text, this.#open);
    const scanner = this.#scanner;
    scanner.text = text;
    for (;;) {
      const piece = scanner.next(false);
      if (scanner.listCut !== null) this.#candidate = scanner.listCut;
      scanner.listCut = null;
      if (piece === null) break;
      this.#isOpen = !(scanner.isAtRoot && mayCutBehind(text, piece));
      if (!this.#isOpen) this.#candidate = { position: scanner.position, open: '' };
      if (this.#candidate !== null && scanner.position >= goal) break;
    }
    if (scanner.isAtRoot && !this.#isOpen && scanner.position > 0)
      this.#candidate = { position: scanner.position, open: '' };
    const isEnough = this.#candidate !== null && scanner.position >= goal;
    return isEnough ? this.#candidate! : { position: 0, open: '' };
  }

  #takeTo(position: number, open: string): Block {
    const before = this.#open;
    this.#open = open;
    this.#scanner = null;
    this.#candidate = null;
    this.#wanted = this.#blockBytes;
    return this.#take(position, before);
  }

  #take(count: number, open: string): Block {
    const block: Block = { offset: this.#offset, bytes: this.#buffer.take(count), shape: this.#shape(open) };
    this.#offset += count;
    return block;
  }

  #shape(open: string): Shape {
    const encoding = this.#encoding;
    const table = this.#sniffed?.table;
    if (table) return { kind: 'csv', encoding, ...table };
    return { kind: 'lines', encoding, layout: this.#sniffed?.layout ?? 'lines', open };
  }

  /** The buffer is full and holds no end of a record: parts of lines that never end are cut, anything else is passed over. */
  *#breakUp(): Generator<Block> {
    const text = this.#text();
    const units = text.units as Buffer;
    const forced = this.#open === '' && !this.#sniffed?.table ? lastBoundary(units, units.length, true) : 0;
    if (forced > 0) yield this.#takeTo(forced * text.scale, '');
    else this.#beginOversized();
  }

  #beginOversized(): void {
    this.#dropSpace();
    const view = this.#buffer.view();
    const head = new Uint8Array(view.subarray(0, HEAD_BYTES));
    this.#oversized = { offset: this.#offset, head, isLine: false };
    this.#scanner ??= new PieceScanner(this.#text(), this.#open);
    this.#scanner.text = this.#text();
    this.#wanted = Math.min(this.#blockBytes, this.#recordBytes);
    this.end.limitHit ??= 'line-length';
  }

  #dropSpace(): void {
    const text = this.#text();
    const lead = text.units.findIndex((code) => code > 0x20);
    if (lead <= 0) return;
    this.#drop(lead * text.scale);
    this.#scanner?.rebase(this.#text(), lead);
  }

  /** Drops what belongs to the oversized piece; a block when its end is found. */
  #passOver(): Block | null {
    const text = this.#text();
    if (this.#oversized?.isLine) return this.#passLine(text);
    const scanner = this.#scanner!;
    scanner.text = text;
    const piece = scanner.next(false);
    const isStuck = piece === null && scanner.position < text.units.length / 2;
    if (isStuck) return this.#passLine(text);
    const count = scanner.position * text.scale;
    this.#drop(count);
    scanner.rebase(this.#text(), scanner.position);
    this.#wanted = this.#buffer.length + Math.min(this.#blockBytes, this.#recordBytes);
    if (piece === null) return null;
    this.#open = scanner.open;
    this.#scanner = null;
    return this.#endOversized(this.#offset);
  }

  /** The piece has no structure: it ends where a line begins that can begin a record. */
  #passLine(text: Text): Block | null {
    const lineFeed = text.units.indexOf(LINE_FEED);
    this.#drop((lineFeed < 0 ? text.units.length : lineFeed) * text.scale);
    this.#wanted = this.#buffer.length + Math.min(this.#blockBytes, this.#recordBytes);
    this.#oversized!.isLine = true;
    if (lineFeed < 0) return null;
    this.#open = '';
    this.#scanner = null;
    return this.#endOversized(this.#offset);
  }

  #drop(count: number): void {
    this.#buffer.dropFirst(count);
    this.#offset += count;
  }

  #endOversized(end: number): Block {
    const { offset, head } = this.#oversized!;
    this.#oversized = null;
    this.#scanner = null;
    this.#wanted = this.#blockBytes;
    const reason = `longer than ${this.#recordBytes} bytes`;
    const shape: Shape = {
      kind: 'broken',
      encoding: this.#encoding,
      reason,
      limitHit: 'line-length',
      length: end - offset,
    };
    return { offset, bytes: head, shape };
  }
}

function lastRowEnd(units: Buffer, goal: number, isLast: boolean): number {
  let last = 0;
  for (let from = 0; from < units.length; ) {
    const end = endOfRow(units, from, isLast);
    if (end < 0 || end >= units.length) break;
    if (last > 0 && end >= goal) break;
    last = end + 1;
    from = last;
  }
  return last;
}

/** A part of a runtime's record, or an action line, belongs to what follows. */
function mayCutBehind(text: Text, piece: Piece): boolean {
  const head = text.decode(piece.start, Math.min(piece.end, piece.start + 64));
  if (piece.kind === 'text') return RUNTIME_LINE.exec(head)?.[3] !== 'P';
  return !/^\{\s*"(?:log|index|create|update)"/.test(head);
}

function openBehind(text: Text, open: string): string {
  const scanner = new PieceScanner(text, open);
  while (scanner.next(false) !== null);
  return scanner.open;
}
