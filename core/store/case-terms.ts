import type { Connection } from './connection.ts';

/** Texts held in memory at once; a case with more distinct ones is asked text by text. */
const MAXIMUM_TEXTS = 2_000_000;
const MAXIMUM_ASKED = 100_000;

/** The texts of a case by id, read once. */
export class CaseTerms {
  readonly #texts: (string | undefined)[] = [];
  readonly #find;
  readonly #isWhole: boolean;
  readonly #asked = new Map<number, string>();
  /** Largest id. */
  readonly last: number;

  constructor(db: Connection) {
    this.last = db.prepare('SELECT coalesce(max(id), 0) FROM term').pluck().get() as number;
    this.#find = db.prepare('SELECT text FROM term WHERE id = ?').pluck();
    this.#isWhole = this.last <= MAXIMUM_TEXTS;
    if (!this.#isWhole) return;
    const rows = db.prepare('SELECT id, text FROM term ORDER BY id').raw().all() as [number, string][];
    for (const [id, text] of rows) this.#texts[id] = text;
  }

  /** Null for 0, which is no text. */
  text(id: number): string | null {
    if (id === 0) return null;
    return (this.#isWhole ? this.#texts[id] : this.#ask(id)) ?? null;
  }

  #ask(id: number): string | undefined {
    const known = this.#asked.get(id);
    if (known !== undefined) return known;
    const text = this.#find.get(id) as string | undefined;
    if (this.#asked.size >= MAXIMUM_ASKED) this.#asked.clear();
    if (text !== undefined) this.#asked.set(id, text);
    return text;
  }
}
