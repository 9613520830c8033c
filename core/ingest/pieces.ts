import { LIMITS } from '../contract/limits.ts';
import { KNOWN_LISTS, type ListName, type ListNode } from './lists.ts';
import { type Text, textOf } from './text.ts';
import {
  beginsElement,
  beginsJson,
  beginsRecord,
  columnOf,
  endOfKey,
  isBracket,
  isFiller,
  isSpace,
  keyOf,
  skipSpace,
} from './units.ts';

/** A part of a text that is looked at on its own. Positions are units of the text. */
export interface Piece {
  /** `value`: balanced JSON; `broken`: JSON that is cut or runs into the next record; `text`: the (rest of a) line. */
  readonly kind: 'value' | 'broken' | 'text';
  readonly start: number;
  readonly end: number;
  /** The list of which it is an element, `null` at the root. */
  readonly list: ListName | null;
  /** The envelope that stands open before it, as JSON text that ends inside the list. */
  readonly open: string;
  /** Nested deeper than the limit. */
  readonly isDeep: boolean;
}

interface Frame {
  node: ListNode;
  readonly isArray: boolean;
  start: number;
  /** Envelope text up to and including this bracket. */
  readonly open: string;
  /** Places of the small members that stand before the list: what an envelope says about its elements. */
  readonly kept: [start: number, end: number][];
  /** Whether the next thing is a key or an element, not a comma or the end. */
  wantsItem: boolean;
  /** Column at which elements begin when they begin lines, else -1. */
  indent: number;
  hasList: boolean;
  deepest: number;
}

/** Longer members are left out of the envelope; nothing that names a source is that long. */
const KEPT_BYTES = 65_536;
const KEPT_MEMBERS = 64;

/** No position; taking units away from it leaves it. */
const NONE = Number.NEGATIVE_INFINITY;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Lengths (with a quote) of keys that lead to a list, or say `kind`: other keys need not be read. */
const MATTERS: readonly boolean[] = Array.from({ length: 32 }, (_, length) => keyLengths(KNOWN_LISTS).has(length - 1));

function keyLengths(node: ListNode): ReadonlySet<number> {
  const lengths = new Set<number>(['kind'.length]);
  for (const [key, below] of Object.entries(node.keys ?? {})) {
    lengths.add(key.length);
    for (const length of keyLengths(below)) lengths.add(length);
  }
  if (node.each !== undefined) for (const length of keyLengths(node.each)) lengths.add(length);
  return lengths;
}

type Outcome = Piece | 'wait' | 'on';

/**
 * Takes text apart into pieces, in one pass, without recursion and in constant memory beside the text. It can stop at any
 * byte and go on when more has come. A line that begins at column 0 with what can begin a record always begins one: so damage
 * costs no more than the records it touches.
 */
export class PieceScanner {
  text: Text;
  position = 0;
  /** The last place between two elements of a list: a text may be cut there if `open` travels along. */
  listCut: { position: number; open: string } | null = null;
  readonly #frames: Frame[] = [];
  /** Start of a value whose end is being looked for, or `NONE`. */
  #valueStart = NONE;
  #depth = 0;
  #deepest = 0;
  #isInString = false;
  /** Start of a piece that lost its structure, or `NONE`. */
  #brokenStart = NONE;
  /** The text is an envelope that stands open, so a bracket at its end is JSON. */
  #isResuming = false;
  #key = '';
  #keyStart = 0;

  constructor(text: Text, open: string) {
    this.text = text;
    if (open === '') return;
    this.text = textOf(Buffer.from(open), 'utf-8');
    this.#isResuming = true;
    this.next(false);
    this.#isResuming = false;
    this.text = text;
    this.position = 0;
    this.listCut = null;
  }

  /** Whether no envelope is open and no piece begun. */
  get isAtRoot(): boolean {
    return this.#frames.length === 0 && this.#valueStart === NONE && this.#brokenStart === NONE;
  }

  /** The envelope that is open here. Holds only between pieces. */
  get open(): string {
    return this.#frames.at(-1)?.open ?? '';
  }

  /** Takes the first `count` units away from the text: what remains is given as `text`. */
  rebase(text: Text, count: number): void {
    this.text = text;
    this.position -= count;
    for (const frame of this.#frames) {
      frame.kept.length = 0;
      frame.start -= count;
    }
    this.#valueStart -= count;
    this.#brokenStart -= count;
    this.listCut = null;
  }

  /** The next piece, or null when the text ends first; `isLast` says that no more text will come. */
  next(isLast: boolean): Piece | null {
    for (;;) {
      const outcome = this.#step(isLast);
      if (outcome === 'wait') return null;
      if (outcome !== 'on') return outcome;
    }
  }

  #step(isLast: boolean): Outcome {
    if (this.#brokenStart !== NONE) return this.#skipBroken(isLast);
    if (this.#valueStart !== NONE) return this.#goOnInValue(isLast);
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#atRoot(isLast);
    return frame.isArray ? this.#inArray(frame, isLast) : this.#inObject(frame, isLast);
  }

  #atRoot(isLast: boolean): Outcome {
    const { units } = this.text;
    let at = this.position;
    while (at < units.length && isFiller(units, at)) at++;
    this.position = at;
    if (at >= units.length) return 'wait';
    const isJson = beginsJson(units, at);
    if (isJson === 'unknown' && !isLast && !this.#isResuming) return 'wait';
    if (isJson !== false) return this.#enter(KNOWN_LISTS, at);
    const lineFeed = units.indexOf(LINE_FEED, at);
    if (lineFeed < 0 && !isLast) return 'wait';
    const end = lineFeed < 0 ? units.length : lineFeed;
    this.position = end;
    return { kind: 'text', start: at, end, list: null, open: '', isDeep: false };
  }

  #inArray(frame: Frame, isLast: boolean): Outcome {
    const { units } = this.text;
    const at = skipSpace(units, this.position);
    if (at >= units.length) return this.#endOfText(isLast);
    const code = units[at]!;
    const column = columnOf(units, this.position, at);
    if (code === COMMA) {
      frame.wantsItem = true;
      this.position = at + 1;
      this.listCut = { position: at + 1, open: frame.open };
      return 'on';
    }
    if (code === 0x5d) return this.#close(at);
    const isNext = frame.wantsItem || (column >= 0 && column === frame.indent && isBracket(code));
    if (!isNext) return this.#lose(at);
    frame.indent = column;
    frame.wantsItem = false;
    return this.#enter(frame.node.each ?? {}, at);
  }

  #inObject(frame: Frame, isLast: boolean): Outcome {
    const { units } = this.text;
    const at = skipSpace(units, this.position);
    if (at >= units.length) return this.#endOfText(isLast);
    const code = units[at]!;
    if (code === COMMA && !frame.wantsItem) {
      frame.wantsItem = true;
      this.position = at + 1;
      return 'on';
    }
    if (code === 0x7d) return this.#close(at);
    return code === QUOTE && frame.wantsItem ? this.#member(frame, at, isLast) : this.#lose(at);
  }

  #member(frame: Frame, start: number, isLast: boolean): Outcome {
    const { units } = this.text;
    const close = endOfKey(units, start);
    if (close < 0) return this.#lose(start);
    const colon = skipSpace(units, close + 1);
    const value = skipSpace(units, colon + 1);
    if (value >= units.length) return this.#endOfText(isLast);
    if (units[colon] !== 0x3a || columnOf(units, colon, value) === 0) return this.#lose(start);
    const { keys } = frame.node;
    this.#key = MATTERS[(close - start) & 0x1f] ? keyOf(this.text.decode(start, close + 1)) : '';
    this.#keyStart = start;
    frame.wantsItem = false;
    return this.#enter(keys !== undefined && Object.hasOwn(keys, this.#key) ? keys[this.#key]! : {}, value);
  }

  /** Begins the value at `at`: a container on the way to a list is walked, anything else is skipped as a whole. */
  #enter(node: ListNode, at: number): Outcome {
    const code = this.text.units[at];
    this.position = at + 1;
    if (code === 0x5b && node.each !== undefined) return this.#push(node, true, at);
    if (code === 0x7b && node.keys !== undefined) return this.#push(node, false, at);
    this.position = at;
    this.#valueStart = at;
    this.#depth = 0;
    this.#deepest = 0;
    this.#isInString = false;
    return 'on';
  }

  #push(node: ListNode, isArray: boolean, start: number): Outcome {
    const parent = this.#frames.at(-1);
    const name = parent === undefined || parent.isArray ? '' : `${JSON.stringify(this.#key)}:`;
    const kept = parent?.kept.map((place) => `${this.text.decode(...place)},`).join('') ?? '';
    const open = `${parent?.open ?? ''}${kept}${name}${isArray ? '[' : '{'}`;
    if (isArray && node.each?.list !== undefined) for (const frame of this.#frames) frame.hasList = true;
    const hasList = isArray && node.each?.list !== undefined;
    const frame = { node, isArray, start, open, kept: [], wantsItem: true, indent: -1, hasList, deepest: 0 };
    this.#frames.push(frame);
    return 'on';
  }

  /** The container on top ends at `at`. A root object without a list is a record itself. */
  #close(at: number): Outcome {
    const frame = this.#frames.pop()!;
    this.position = at + 1;
    const parent = this.#frames.at(-1);
    if (parent !== undefined) {
      parent.deepest = Math.max(parent.deepest, frame.deepest + 1);
      return 'on';
    }
    return frame.hasList ? 'on' : this.#piece('value', frame.start, at + 1, null, '', frame.deepest + 1);
  }

  #piece(kind: Piece['kind'], start: number, end: number, list: ListName | null, open: string, deepest = 0): Piece {
    return { kind, start, end, list, open, isDeep: deepest > LIMITS.jsonDepth };
  }

  /** Looks for the end of the value that began at `#valueStart`, by brackets and quotes alone. */
  #goOnInValue(isLast: boolean): Outcome {
    const { units } = this.text;
    const { length } = units;
    const indent = this.#frames.at(-1)?.indent ?? -1;
    let at = this.position;
    for (; at < length; at++) {
      const code = units[at]!;
      if (this.#isInString) {
        if (code === QUOTE) {
          this.#isInString = false;
          if (this.#depth === 0) return this.#endValue(at + 1);
        } else if (code === 0x5c) {
          if (at + 1 >= length) break;
          if (units[at + 1] !== LINE_FEED) at++;
        } else if (code === LINE_FEED) {
          if (at + 1 >= length && !isLast) break;
          return this.#breakAt(at);
        }
      } else if (code === QUOTE) this.#isInString = true;
      else if (code === 0x7b || code === 0x5b) {
        if (++this.#depth > this.#deepest) this.#deepest = this.#depth;
      } else if (code === 0x7d || code === 0x5d) {
        if (this.#depth === 0) return this.#endValue(at);
        if (--this.#depth === 0) return this.#endValue(at + 1);
      } else if (this.#depth === 0) {
        if (code === COMMA || isSpace(code)) return this.#endValue(at);
      } else if (code === LINE_FEED) {
        if (at + 2 + Math.max(indent, 0) >= length && !isLast) break;
        if (beginsRecord(units, at + 1) || beginsElement(units, at + 1, indent)) return this.#breakAt(at);
      }
    }
    this.position = at;
    return isLast ? this.#endOfText(true) : 'wait';
  }

  #endValue(end: number): Outcome {
    const start = this.#valueStart;
    const frame = this.#frames.at(-1);
    this.#valueStart = NONE;
    this.position = end;
    if (frame === undefined) return this.#piece('value', start, end, null, '', this.#deepest);
    frame.deepest = Math.max(frame.deepest, this.#deepest);
    if (!frame.isArray) this.#keep(frame, start, end);
    const list = frame.isArray ? frame.node.each?.list : undefined;
    return list === undefined ? 'on' : this.#piece('value', start, end, list, frame.open, this.#deepest);
  }

  /** Remembers a small member of an envelope. An audit event is no envelope, whatever keys it has. */
  #keep(frame: Frame, start: number, end: number): void {
    if (end - start > KEPT_BYTES || frame.kept.length >= KEPT_MEMBERS || this.#keyStart > start) return;
    if (this.#key === 'kind' && end - start === 7 && this.text.decode(start, end) === '"Event"')
      frame.node = { keys: {} };
    frame.kept.push([this.#keyStart, end]);
  }

  /** The structure is lost at `at`: what follows up to the next sure beginning belongs to the broken piece. */
  #lose(at: number): Outcome {
    const { units } = this.text;
    const isNewLine = columnOf(units, this.position, at) === 0 && beginsRecord(units, at);
    this.#brokenStart = this.#startOfBroken(at);
    this.#valueStart = NONE;
    this.position = at;
    return isNewLine ? this.#breakAt(at - 1) : 'on';
  }

  /** The document's start if nothing of it was given out yet. */
  #startOfBroken(at: number): number {
    const root = this.#frames[0];
    return root === undefined || root.hasList ? at : root.start;
  }

  #skipBroken(isLast: boolean): Outcome {
    const { units } = this.text;
    const indent = Math.max(this.#frames.at(-1)?.indent ?? -1, 0);
    for (let from = this.position; ; ) {
      const at = units.indexOf(LINE_FEED, from);
      const hasAll = at >= 0 && at + 2 + indent < units.length;
      if (!hasAll && !isLast) {
        this.position = at < 0 ? units.length : at;
        return 'wait';
      }
      if (at < 0) return this.#endOfText(true);
      if (beginsRecord(units, at + 1) || beginsElement(units, at + 1, indent)) return this.#breakAt(at);
      from = at + 1;
    }
  }

  /** A line feed at `at` after which something new begins: the next element if it stands where elements begin, else a root. */
  #breakAt(at: number): Outcome {
    const top = this.#frames.at(-1);
    const begun = this.#brokenStart !== NONE ? this.#brokenStart : this.#valueStart;
    const list = top?.isArray ? top.node.each?.list : undefined;
    const open = top?.open ?? '';
    const staysInList = list !== undefined && top !== undefined && beginsElement(this.text.units, at + 1, top.indent);
    const start = staysInList ? begun : Math.min(begun, this.#startOfBroken(begun));
    if (staysInList) top.wantsItem = true;
    else this.#frames.length = 0;
    this.#valueStart = NONE;
    this.#brokenStart = NONE;
    this.position = at;
    return start < at ? this.#piece('broken', start, at, list ?? null, list === undefined ? '' : open) : 'on';
  }

  /** No more text: whatever has begun is broken, and an envelope that was merely not closed is not worth a word. */
  #endOfText(isLast: boolean): Outcome {
    if (!isLast) return 'wait';
    const { length } = this.text.units;
    const top = this.#frames.at(-1);
    const list = top?.isArray ? top.node.each?.list : undefined;
    const root = this.#frames[0];
    const begun = this.#brokenStart !== NONE ? this.#brokenStart : this.#valueStart;
    const start = root !== undefined && !root.hasList ? root.start : begun;
    this.#frames.length = 0;
    this.#valueStart = NONE;
    this.#brokenStart = NONE;
    this.position = length;
    if (start === NONE) return 'wait';
    return this.#piece('broken', start, length, list ?? null, top?.open ?? '');
  }
}
