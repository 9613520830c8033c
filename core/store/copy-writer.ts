import type { EventColumns } from '../event/columns.ts';
import type { Connection } from './connection.ts';
import type { EventInserter } from './event-inserter.ts';
import type { IncomingBlock } from './incoming.ts';
import type { Repeat } from './repeat-finder.ts';

/** Keeps the further places of events, and lets the fullest record of an event stand for it. */
export class CopyWriter {
  readonly #db: Connection;
  readonly #events: EventInserter;
  readonly #save;

  constructor(db: Connection, events: EventInserter) {
    this.#db = db;
    this.#events = events;
    this.#save = db.prepare(
      'INSERT INTO copy (event, evidence, offset, length, block, reading, is_equal) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /**
   * `blockId`: null where the block's bytes are not kept, since they say nothing new.
   * @returns whether the copy stands for the event from now on
   */
  add(
    evidence: number,
    block: IncomingBlock,
    { row, event, agreement, isIdentical }: Repeat,
    blockId: number | null,
  ): boolean {
    const { columns } = block;
    this.#save.run(
      event,
      evidence,
      block.offset + (columns.start[row] as number),
      columns.length[row] as number,
      isIdentical ? null : blockId,
      columns.reading[row] as number,
      agreement === 'same' ? 1 : 0,
    );
    if (agreement !== 'right-fuller' || blockId === null) return false;
    this.#events.flush();
    this.#represent(event, columns, row, blockId, evidence);
    return true;
  }

  /** Lets the fuller copy, just added, stand for an event; the place of the poorer one becomes the copy. */
  #represent(event: number, columns: EventColumns, row: number, block: number, evidence: number): void {
    const old = this.#db
      .prepare(
        'SELECT block.evidence, block.offset + event.start AS offset, event.length, event.block, event.reading FROM event JOIN block ON block.id = event.block WHERE event.id = ?',
      )
      .get(event) as { evidence: number; offset: number; length: number; block: number; reading: number };
    this.#db.prepare('UPDATE copy SET is_equal = 0 WHERE event = ?').run(event);
    this.#db
      .prepare(
        'UPDATE copy SET evidence = ?, offset = ?, length = ?, block = ?, reading = ? WHERE id = (SELECT max(id) FROM copy WHERE event = ? AND evidence = ?)',
      )
      .run(old.evidence, old.offset, old.length, old.block, old.reading, event, evidence);
    this.#db
      .prepare(
        `UPDATE event SET block = ?, start = ?, length = ?, actor = ?, address = ?, agent = ?, operation = ?, namespace = ?, name = ?, answer = ?, reading = ?
         WHERE id = ?`,
      )
      .run(
        block,
        columns.start[row],
        columns.length[row],
        columns.actor[row],
        columns.address[row] || null,
        columns.agent[row] || null,
        columns.operation[row],
        columns.namespace[row] || null,
        columns.name[row] || null,
        columns.answer[row],
        columns.reading[row],
        event,
      );
    this.#db
      .prepare(
        'INSERT INTO moved (event, block, start) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE SET block = excluded.block, start = excluded.start',
      )
      .run(event, block, columns.start[row]);
    this.#events.changed(event);
  }
}
