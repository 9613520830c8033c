import type { EventColumns, RejectedPlace } from '../event/columns.ts';
import type { Connection } from './connection.ts';

export interface EvidenceDraft {
  readonly path: string;
  readonly containers: readonly string[];
  readonly server: string | null;
  readonly cluster: string | null;
  readonly label: string | null;
}

/** What is known of a member only when it has been read to its end. */
export interface EvidenceEnd {
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly encoding: string;
  readonly nearMiss: string | null;
  readonly limitHit: string | null;
  readonly rejectedMembers: readonly { readonly path: string; readonly reason: string }[] | null;
  readonly warnings: readonly string[];
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

interface OpenEvidence {
  readonly id: number;
  readonly draft: EvidenceDraft;
  events: number;
  duplicates: number;
  skipped: number;
  malformed: number;
  first: number;
  last: number;
  readonly formats: Map<number, number>;
  /** Ids that its first rejected record and its first block get. */
  readonly firstRejected: number;
  readonly firstBlock: number;
}

/** Writes the ledger of an import: files, members, and the records of these that are no events. */
export class LedgerWriter {
  readonly #db: Connection;
  readonly #saveRejected;
  readonly #statements = new Map<string, ReturnType<Connection['prepare']>>();
  #evidence: OpenEvidence | null = null;

  constructor(db: Connection) {
    this.#db = db;
    this.#saveRejected = db.prepare(
      'INSERT INTO rejected (evidence, offset, length, kind, reason, audit_id, block, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** The member that is being read. */
  get evidence(): Pick<OpenEvidence, 'id' | 'draft'> {
    return this.#open();
  }

  beginFile(path: string): number {
    const id = this.#nextId('file');
    this.#statement("INSERT INTO file (id, path, sha256, bytes) VALUES (?, ?, x'', 0)").run(id, path);
    return id;
  }

  endFile(id: number, sha256: Buffer, bytes: number): void {
    this.#statement('UPDATE file SET sha256 = ?, bytes = ? WHERE id = ?').run(sha256, bytes, id);
  }

  beginEvidence(file: number, draft: EvidenceDraft, firstBlock: number): number {
    const id = this.#nextId('evidence');
    this.#statement(
      `INSERT INTO evidence (id, file, path, sha256, bytes, containers, encoding, event_count, duplicates, skipped, malformed,
         warnings, gaps, server, cluster, label) VALUES (?, ?, ?, x'', 0, ?, '', 0, 0, 0, 0, '[]', '[]', ?, ?, ?)`,
    ).run(id, file, draft.path, JSON.stringify(draft.containers), draft.server, draft.cluster, draft.label);
    this.#evidence = {
      id,
      draft,
      events: 0,
      duplicates: 0,
      skipped: 0,
      malformed: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      formats: new Map(),
      firstRejected: this.#nextId('rejected'),
      firstBlock,
    };
    return id;
  }

  /** Events of a block, and how many of them the case had */
  count(columns: EventColumns, duplicates: number): void {
    const evidence = this.#open();
    evidence.events += columns.count;
    evidence.duplicates += duplicates;
    for (let row = 0; row < columns.count; row++) {
      const time = columns.time[row] as number;
      if (time < evidence.first) evidence.first = time;
      if (time > evidence.last) evidence.last = time;
    }
  }

  countFormat(format: number): void {
    const { formats } = this.#open();
    formats.set(format, (formats.get(format) ?? 0) + 1);
  }

  /** A record that is no event; `blockOffset` is its block's place in the member. */
  addRejected(place: RejectedPlace, blockOffset: number, blockId: number | null): void {
    const evidence = this.#open();
    if (place.kind === 'skipped') evidence.skipped += place.count;
    else evidence.malformed += place.count;
    this.#saveRejected.run(
      evidence.id,
      blockOffset + place.start,
      place.end - place.start,
      place.kind,
      place.reason,
      place.auditID,
      blockId,
      place.count,
    );
  }

  endEvidence(end: EvidenceEnd): void {
    const evidence = this.#open();
    const isAudit = evidence.events > 0;
    if (!isAudit) this.#forgetSkipped(evidence);
    const time = (value: number) => (Number.isFinite(value) ? value : null);
    this.#statement(
      `UPDATE evidence SET sha256 = ?, bytes = ?, format = ?, encoding = ?, event_count = ?, duplicates = ?, skipped = ?, malformed = ?,
         first_time = ?, last_time = ?, near_miss = ?, limit_hit = ?, rejected_members = ?, warnings = ?, gaps = ? WHERE id = ?`,
    ).run(
      end.sha256,
      end.bytes,
      isAudit ? this.#formatOf(evidence) : null,
      end.encoding,
      evidence.events,
      evidence.duplicates,
      evidence.skipped,
      evidence.malformed,
      time(evidence.first),
      time(evidence.last),
      end.nearMiss,
      end.limitHit,
      end.rejectedMembers === null ? null : JSON.stringify(end.rejectedMembers),
      JSON.stringify(end.warnings),
      JSON.stringify(end.gaps),
      evidence.id,
    );
    this.#evidence = null;
  }

  #open(): OpenEvidence {
    if (this.#evidence === null) throw new Error('no evidence is open');
    return this.#evidence;
  }

  #formatOf(evidence: OpenEvidence): string | null {
    let best = 0;
    for (const [format, count] of evidence.formats) if (count > (evidence.formats.get(best) ?? 0)) best = format;
    return (this.#statement('SELECT text FROM term WHERE id = ?').pluck().get(best) as string | undefined) ?? null;
  }

  /** A member without any event is no audit log: what was passed over in it is not counted. */
  #forgetSkipped(evidence: OpenEvidence): void {
    evidence.skipped = 0;
    const { id, firstRejected, firstBlock } = evidence;
    this.#statement("DELETE FROM rejected WHERE id >= ? AND evidence = ? AND kind = 'skipped'").run(firstRejected, id);
    this.#statement(
      'DELETE FROM block WHERE id >= ? AND evidence = ? AND id NOT IN (SELECT block FROM rejected WHERE id >= ? AND block IS NOT NULL)',
    ).run(firstBlock, id, firstRejected);
  }

  /** Prepared once: an archive may hold a hundred thousand members. */
  #statement(sql: string) {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #nextId(table: 'file' | 'evidence' | 'rejected'): number {
    return this.#statement(`SELECT coalesce(max(id), 0) + 1 FROM ${table}`).pluck().get() as number;
  }
}
