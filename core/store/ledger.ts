import zlib from 'node:zlib';
import type { LimitHit } from '../contract/limits.ts';
import type { CaseGlance, Evidence, RejectedRecord } from '../contract/rows.ts';
import { formatTime } from '../event/time.ts';
import { headOf } from './actions.ts';
import type { Connection } from './connection.ts';

/** Bytes of a rejected record that are shown; the rest stands in the evidence. */
const SHOWN_BYTES = 64 * 1024;

interface EvidenceRow {
  readonly id: number;
  readonly path: string;
  readonly hash: string;
  readonly file: number;
  readonly bytes: number;
  readonly containers: string;
  readonly format: string | null;
  readonly encoding: string;
  readonly event_count: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly malformed: number;
  readonly first_time: number | null;
  readonly last_time: number | null;
  readonly near_miss: string | null;
  readonly limit_hit: string | null;
  readonly rejected_members: string | null;
  readonly warnings: string;
  readonly gaps: string;
  readonly server: string | null;
  readonly cluster: string | null;
  readonly label: string | null;
}

/** The ledger, in the order of the imports; from a ledger line on. */
export function readLedger(db: Connection, fromId = 1): Evidence[] {
  const files = new Map(
    (db.prepare('SELECT id, path, lower(hex(sha256)) FROM file').raw().all() as [number, string, string][]).map(
      ([id, path, sha256]) => [id, { path, sha256 }],
    ),
  );
  // Row by row: an archive may have a hundred thousand members.
  const rows = db
    .prepare('SELECT *, lower(hex(sha256)) AS hash FROM evidence WHERE id >= ? ORDER BY id')
    .iterate(fromId) as IterableIterator<EvidenceRow>;
  const ledger: Evidence[] = [];
  for (const row of rows) ledger.push(toEvidence(row, files.get(row.file) as Evidence['file']));
  return ledger;
}

function toEvidence(row: EvidenceRow, file: Evidence['file']): Evidence {
  const time = (value: number | null) => (value === null ? null : formatTime(value));
  const uniqueEvents = row.event_count - row.duplicates;
  return {
    id: row.id,
    path: row.path,
    sha256: row.hash,
    file,
    bytes: row.bytes,
    containers: JSON.parse(row.containers),
    format: row.format,
    encoding: row.encoding,
    eventCount: row.event_count,
    uniqueEvents,
    duplicates: row.duplicates,
    skippedRecords: row.skipped,
    malformedRecords: row.malformed,
    records: uniqueEvents + row.duplicates + row.skipped + row.malformed,
    firstTime: time(row.first_time),
    lastTime: time(row.last_time),
    ...(row.near_miss !== null && { nearMiss: row.near_miss }),
    ...(row.limit_hit !== null && { limitHit: row.limit_hit as LimitHit }),
    ...(row.rejected_members !== null && { rejectedMembers: JSON.parse(row.rejected_members) }),
    warnings: JSON.parse(row.warnings),
    gaps: JSON.parse(row.gaps),
    server: row.server,
    cluster: row.cluster,
    ...(row.label !== null && { label: row.label }),
  };
}

/** Which rejected records are read; `after` is the id of the last one of the page before. */
export interface RejectedBounds {
  readonly evidence?: number;
  readonly kind?: RejectedRecord['kind'];
  readonly after?: number;
  readonly limit?: number;
}

/** Records that could not be read, with their bytes. */
export function* readRejected(db: Connection, bounds: RejectedBounds = {}): Generator<RejectedRecord & { id: number }> {
  const rows = db
    .prepare(
      `SELECT rejected.id, evidence.path, rejected.offset, rejected.length, rejected.kind, rejected.reason, rejected.audit_id, rejected.count,
              block.id AS block,
              rejected.offset - block.offset AS start
       FROM rejected JOIN evidence ON evidence.id = rejected.evidence LEFT JOIN block ON block.id = rejected.block
       WHERE rejected.id > :after AND (:evidence IS NULL OR rejected.evidence = :evidence) AND (:kind IS NULL OR rejected.kind = :kind)
       ORDER BY rejected.id LIMIT :limit`,
    )
    .all({
      after: bounds.after ?? 0,
      evidence: bounds.evidence ?? null,
      kind: bounds.kind ?? null,
      limit: bounds.limit ?? -1,
    }) as (Omit<RejectedRecord, 'auditID' | 'bytes' | 'encoding' | 'count'> & {
    id: number;
    count: number;
    audit_id: string | null;
    block: number | null;
    start: number | null;
  })[];
  const data = db.prepare('SELECT data FROM block WHERE id = ?').pluck();
  let unpacked: { readonly block: number; readonly bytes: Buffer } | undefined;
  for (const { audit_id, block, start, count, ...row } of rows) {
    if (block !== null && unpacked?.block !== block) {
      const packed = data.get(block) as Buffer;
      unpacked = { block, bytes: packed.length === 0 ? packed : zlib.zstdDecompressSync(packed) };
    }
    const bytes =
      block === null
        ? Buffer.alloc(0)
        : (unpacked?.bytes.subarray(start ?? 0, (start ?? 0) + row.length) ?? Buffer.alloc(0));
    yield { ...row, auditID: audit_id, ...(count > 1 && { count }), ...shown(bytes, row.length) };
  }
}

function shown(bytes: Buffer, length: number): Pick<RejectedRecord, 'bytes' | 'encoding' | 'truncated'> {
  const part = bytes.subarray(0, SHOWN_BYTES);
  const text = part.toString('utf8');
  const isText = Buffer.from(text).equals(part);
  return {
    bytes: isText ? text : part.toString('base64'),
    encoding: isText ? 'utf-8' : 'base64',
    ...(part.length < length && { truncated: true as const }),
  };
}

/** The case in numbers. */
export function glance(db: Connection, path: string, sizeBytes: number): CaseGlance {
  const one = <T>(sql: string) => db.prepare(sql).pluck().get() as T;
  const time = (value: number | null) => (value === null ? null : formatTime(value));
  return {
    path,
    schema: db.pragma('user_version', { simple: true }) as number,
    events: one('SELECT count(*) FROM event'),
    evidence: one('SELECT count(*) FROM evidence'),
    alerts: one('SELECT count(*) FROM alert'),
    incidents: one('SELECT count(*) FROM incident'),
    firstTime: time(one('SELECT min(time) FROM event')),
    lastTime: time(one('SELECT max(time) FROM event')),
    sizeBytes,
    rawBytes: one('SELECT coalesce(sum(bytes), 0) FROM evidence'),
    clusters: db
      .prepare('SELECT DISTINCT text FROM reading JOIN term ON term.id = reading.cluster ORDER BY text')
      .pluck()
      .all() as string[],
    head: headOf(db),
  };
}
