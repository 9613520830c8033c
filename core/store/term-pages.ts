import type { Connection } from './connection.ts';

/** Texts of a page: neighbours are mostly asked for together. */
const PAGE = 256;
/** Bytes of texts that are kept. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Texts of neighbouring ids, one after the other, and where each begins: nothing that the collector of garbage has to look at. */
interface Page {
  readonly bytes: Buffer;
  /** Of each text and, at last, the end of all. Equal where there is no text. */
  readonly starts: Uint32Array;
}

/** The texts of a case by id, read page by page. */
export class TermPages {
  readonly #find;
  readonly #most: number;
  #pages: (Page | undefined)[] = [];
  #bytes = 0;

  /** `most`: bytes of texts that are kept. */
  constructor(db: Connection, most = MOST_BYTES) {
    this.#find = db.prepare('SELECT id, text FROM term WHERE id >= ? AND id < ? ORDER BY id').raw();
    this.#most = most;
  }

  /** Null for 0, which is no text. */
  text(id: number): string | null {
    if (id === 0) return null;
    const number = Math.floor(id / PAGE);
    const { bytes, starts } = this.#pages[number] ?? this.#read(number);
    const at = id % PAGE;
    return bytes.toString('utf8', starts[at], starts[at + 1]);
  }

  #read(number: number): Page {
    const first = number * PAGE;
    const rows = this.#find.all(first, first + PAGE) as [number, string][];
    const starts = new Uint32Array(PAGE + 1);
    const texts = new Array<string>(PAGE).fill('');
    for (const [id, text] of rows) texts[id - first] = text;
    const bytes = Buffer.from(texts.join(''), 'utf8');
    for (const [at, text] of texts.entries()) starts[at + 1] = (starts[at] as number) + Buffer.byteLength(text);
    if (this.#bytes + bytes.length > this.#most) [this.#pages, this.#bytes] = [[], 0];
    this.#bytes += bytes.length;
    const page = { bytes, starts };
    this.#pages[number] = page;
    return page;
  }
}
