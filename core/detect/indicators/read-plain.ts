import type { IndicatorKind } from '../../contract/rows.ts';
import { INDICATOR_KINDS } from '../../contract/rows.ts';
import { IndicatorCollector } from './collector.ts';
import type { ReadIndicators } from './indicator.ts';
import { addressOrNetwork, indicatorOf, kindOf, refang } from './kind-of.ts';

const UNKNOWN = 'of no kind that can be told from the text: name one with --kind';

/** One value a line; `#` begins a comment. `agent: curl/*` says the kind, else `kind` does, else the text itself. */
export function readPlain(text: string, kind: IndicatorKind | null): ReadIndicators {
  const collector = new IndicatorCollector();
  for (const line of text.split(/\r?\n/)) {
    const [value, note] = splitNote(line);
    if (value === '') continue;
    const [said, rest] = splitKind(value);
    const found = said ?? ofAddress(kind, rest) ?? kindOf(refang(rest));
    collector.add(found === null ? null : indicatorOf(found, rest, { note }), found === null ? UNKNOWN : `no ${found}`);
  }
  return collector.result({ format: 'plain', date: dateIn(text), origin: '' });
}

const ofAddress = (kind: IndicatorKind | null, value: string) =>
  kind === 'address' || kind === 'network' ? addressOrNetwork(value) : kind;

function splitNote(line: string): [value: string, note: string] {
  const trimmed = line.trim();
  if (/^[#;]/.test(trimmed)) return ['', ''];
  const at = trimmed.search(/\s#/);
  return at < 0 ? [trimmed, ''] : [trimmed.slice(0, at).trim(), trimmed.slice(at + 2).trim()];
}

function splitKind(value: string): [kind: IndicatorKind | null, rest: string] {
  const [, word, rest] = /^([a-z]+):\s+(.+)$/.exec(value) ?? [];
  const kind = INDICATOR_KINDS.find((one) => one === word);
  return kind === undefined ? [null, value] : [ofAddress(kind, rest ?? ''), rest ?? ''];
}

/** A comment at the head such as `# updated: 2026-03-04`. */
function dateIn(text: string): string | null {
  const head = text
    .slice(0, 4096)
    .split(/\r?\n/)
    .filter((line) => /^[#;]/.test(line));
  return head.map((line) => /\b(\d{4}-\d\d-\d\d)\b/.exec(line)?.[1] ?? null).find((day) => day !== null) ?? null;
}
