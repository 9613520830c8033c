import type { LimitHit } from '../contract/limits.ts';
import type { RecordSink } from './block.ts';
import { DECISIONS } from './format/decide.ts';
import { type Findings, type Found, Walk } from './format/walk.ts';
import type { Text } from './text.ts';

/** Says to a sink what was found in the record whose place is set: the one way out of all readers of blocks. */
export class RecordReport implements Findings {
  readonly walk: Walk;
  readonly #text: Text;
  readonly #sink: RecordSink;
  #start = 0;
  #end = 0;
  /** Events told since the place was set. */
  events = 0;

  constructor(text: Text, sink: RecordSink) {
    this.#text = text;
    this.#sink = sink;
    this.walk = new Walk(this, DECISIONS);
  }

  /** Sets the record's place, in units. */
  at(start: number, end: number): this {
    this.#start = start;
    this.#end = end;
    this.events = 0;
    return this;
  }

  event(found: Found): void {
    this.events++;
    const { scale } = this.#text;
    const isForeign = found.form === 'verbatim' && scale === 2;
    const own = isForeign ? this.#text.decode(this.#start, this.#end) : found.text;
    this.#sink.event({
      start: this.#start * scale,
      end: this.#end * scale,
      form: isForeign ? 'wrapped' : found.form,
      inner: found.inner,
      format: found.format,
      text: own === null ? null : Buffer.from(own),
      event: found.event,
      server: found.server,
      cluster: found.cluster,
      flags: {
        ambiguous: found.isAmbiguous,
        invalidUtf8: !this.#text.isValid(this.#start, this.#end),
        rebuilt: found.form === 'rebuilt',
      },
    });
  }

  skipped(reason: string): void {
    const { scale } = this.#text;
    this.#sink.skipped(this.#start * scale, this.#end * scale, reason);
  }

  malformed(reason: string, auditID: string | null): void {
    const { scale } = this.#text;
    this.#sink.malformed(this.#start * scale, this.#end * scale, reason, auditID);
  }

  nearMiss(name: string): void {
    this.#sink.nearMiss(name);
  }

  limit(hit: LimitHit): void {
    this.#sink.limit(hit, this.#start * this.#text.scale);
  }
}
