import type { AuditEvent } from '../event/audit-event.ts';
import type { StoredBlock } from '../store/block-cache.ts';
import type { BlockRecords } from '../store/block-records.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { ColumnValues } from './narrow.ts';

/** The case as a search needs it. core/host knows how the event of a record is read. */
export interface EventSource {
  readonly index: EventIndex;
  readonly records: BlockRecords;
  fields(id: number): ColumnValues;
  event(id: number, block: StoredBlock): AuditEvent;
}
