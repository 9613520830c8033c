import { sigmaOptions } from '../../detect/pack.ts';
import type { RuleSet } from '../../detect/rule-set.ts';
import type { AuditEvent } from '../../event/audit-event.ts';
import type { Needle } from '../../hunt/needle.ts';
import { type Span, searchBytes } from '../../hunt/needle-search.ts';
import type { Shape } from '../../ingest/block.ts';
import { ColumnBuilder, Dictionaries } from '../../scan/columns.ts';
import { LineScanner } from '../../scan/line-scanner.ts';
import { linkRules, parseRules, type SigmaRule } from '../../sigma/sigma.ts';
import type { RecordPlace } from '../../store/incoming.ts';
import type { StoredBlock } from '../../store/unpack-block.ts';
import { eventAt } from '../read-place.ts';
import { VERDICT } from './column-verdicts.ts';

/** What is looked for. It goes to other threads, so rules are texts, and are found again by where they stand. */
export interface MatchTask {
  readonly set: Pick<RuleSet, 'sources' | 'lists' | 'mapping'>;
  readonly rules: readonly Pick<SigmaRule, 'path' | 'line'>[];
  /** What the bytes of a record must hold for one of the rules to be met where columns leave it open. */
  readonly needle: Needle;
}

/** Events of one block about which columns leave something open. */
export interface OpenEvents {
  /** Start and length of the record of each, one pair after the other. */
  readonly places: Int32Array<ArrayBuffer>;
  /** Of each, bits of `MARK`. */
  readonly marks: Uint8Array<ArrayBuffer>;
  /** How the records are read that are no plain lines, by the number of the event. */
  readonly odd: ReadonlyMap<number, Pick<RecordPlace, 'form' | 'format' | 'inner'>>;
  /** For each rule and each event, rule by rule, what columns say. */
  readonly verdicts: Uint8Array<ArrayBuffer>;
}

/** `line`: the record is a line as the API server writes it. `searchable`: all text of the event stands in its bytes. */
export const MARK = { line: 1, searchable: 2 } as const;

/** Once so many events were searched, and most of them had to be read nevertheless, searching is given up. */
const TRIED = 2_000;
const MOST_HELD = 0.6;

/** Decides about events of blocks which rules they meet, as `SigmaRule.matches` does. Asks nothing but bytes, so it runs on any thread. */
export class BlockMatcher {
  readonly #rules: readonly SigmaRule[];
  readonly #needle: Needle;
  readonly #scanner = new LineScanner(new Dictionaries(), new ColumnBuilder());
  #searched = 0;
  #held = 0;

  /** Raises an `Error` if a rule does not stand where it should. */
  constructor({ set, rules, needle }: MatchTask) {
    const options = sigmaOptions(set);
    const linked = linkRules(set.sources.flatMap(({ path, text }) => parseRules(path, text, options).documents));
    this.#rules = rules.map(({ path, line }) => {
      const rule = linked.rules.find((one) => one.path === path && one.line === line);
      if (rule === undefined) throw new Error(`there is no rule at line ${line} of ${path}`);
      return rule;
    });
    this.#needle = needle;
  }

  /** Decides in `verdicts` what is open. */
  decide(block: StoredBlock, { places, marks, odd, verdicts }: OpenEvents): void {
    const mayHold = this.#search(block);
    for (let at = 0; at < marks.length; at++) {
      const mark = marks[at] as number;
      const span = { start: places[at * 2] as number, length: places[at * 2 + 1] as number };
      const isRead = (mark & MARK.searchable) === 0 || mayHold(span);
      const event = isRead ? this.#read(block, span, (mark & MARK.line) !== 0, odd.get(at)) : null;
      for (let rule = 0; rule < this.#rules.length; rule++) {
        const place = rule * marks.length + at;
        if (verdicts[place] !== VERDICT.open) continue;
        const isMet = event !== null && (this.#rules[rule] as SigmaRule).matches(event);
        verdicts[place] = isMet ? VERDICT.yes : VERDICT.no;
      }
    }
  }

  /** Bytes of other encodings show no text. */
  #search(block: StoredBlock): (span: Span) => boolean {
    const shape = JSON.parse(block.shape) as Shape;
    const isNarrow = 'encoding' in shape && shape.encoding === 'utf-8';
    const isVain = this.#searched > TRIED && this.#held > this.#searched * MOST_HELD;
    if ('any' in this.#needle || !isNarrow || isVain) return () => true;
    const mayHold = searchBytes(this.#needle, block.bytes);
    return (span) => {
      const holds = mayHold(span);
      this.#searched++;
      if (holds) this.#held++;
      return holds;
    };
  }

  /** Good until the next one is read. */
  #read(
    block: StoredBlock,
    { start, length }: Span,
    isLine: boolean,
    how: Pick<RecordPlace, 'form' | 'format' | 'inner'> = LINE,
  ): AuditEvent {
    if (isLine && this.#scanner.read(block.bytes, start, start + length)) return this.#scanner.event();
    const event = eventAt({ block, start, length, ...how });
    if (event === null) throw new Error(`the record at byte ${start} of block ${block.id} cannot be read again`);
    return event;
  }
}

const LINE = { form: 'verbatim', format: 'k8s-audit-jsonl', inner: null } as const;
