import type { Block, FastLine, RecordSink } from './block.ts';
import { findAuditId, looksLikeAudit } from './format/marks.ts';
import { readLines } from './read-lines.ts';
import { readTable } from './read-table.ts';
import { textOf } from './text.ts';

/**
 * Reads the records of a block and tells a sink what each one is: an event (or several), skipped, or malformed. Pure, never
 * throws on evidence. `fast` is offered every line of a UTF-8 block that begins with `{` at the root.
 */
export function readBlock(block: Block, sink: RecordSink, fast?: FastLine): void {
  const { shape } = block;
  if (shape.kind === 'broken') {
    readBroken(block, shape, sink);
    return;
  }
  const text = textOf(block.bytes, shape.encoding);
  if (shape.kind === 'csv') readTable(text, shape, sink);
  else readLines(text, shape, sink, text.scale === 1 ? fast : undefined);
}

function readBroken(block: Block, shape: Extract<Block['shape'], { kind: 'broken' }>, sink: RecordSink): void {
  const head = textOf(block.bytes, shape.encoding);
  const text = head.decode(0, head.units.length);
  if (shape.limitHit !== null) sink.limit(shape.limitHit, 0);
  if (looksLikeAudit(text)) sink.malformed(0, shape.length, shape.reason, findAuditId(text));
  else sink.skipped(0, shape.length, shape.reason);
}
