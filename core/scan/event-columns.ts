import type { AuditEvent } from '../event/audit-event.ts';
import { isCanonical } from '../event/canonical.ts';
import { FLAGS, FORMS } from '../event/columns.ts';
import { parseTime } from '../event/time.ts';
import type { ReadEvent } from '../ingest/block.ts';
import type { ColumnBuilder, Dictionaries } from './columns.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Writes an event that the general reader has built into the same columns that the line scanner fills. */
export class EventAppender {
  readonly #dictionaries: Dictionaries;
  readonly #columns: ColumnBuilder;

  constructor(dictionaries: Dictionaries, columns: ColumnBuilder) {
    this.#dictionaries = dictionaries;
    this.#columns = columns;
  }

  append(read: ReadEvent): void {
    const columns = this.#columns;
    columns.reserve();
    const row = columns.count++;
    const { event } = read;
    columns.start[row] = read.start;
    columns.length[row] = read.end - read.start;
    this.#times(event, row);
    this.#auditId(event.auditID, row);
    columns.actor[row] = this.#actor(event);
    columns.address[row] = this.#list(event.sourceIPs);
    columns.agent[row] = this.#text(event.userAgent);
    this.#object(event, row);
    columns.answer[row] = this.#answer(event);
    columns.reading[row] = this.#reading(read);
  }

  #times(event: AuditEvent, row: number): void {
    const stageTime = parseTime(event.stageTimestamp);
    const time = parseTime(event.requestReceivedTimestamp) ?? stageTime;
    this.#columns.time[row] = time ?? Number.NaN;
    this.#columns.elapsed[row] = time === null || stageTime === null ? 0 : stageTime - time;
  }

  #auditId(raw: unknown, row: number): void {
    const id = typeof raw === 'string' ? raw : '';
    const bytes = this.#columns.auditId.subarray(row * 16, row * 16 + 16);
    const isUuid = UUID.test(id);
    this.#columns.auditText[row] = isUuid ? 0 : this.#dictionaries.terms.idOfText(id.toWellFormed());
    if (isUuid) bytes.set(Buffer.from(id.replaceAll('-', ''), 'hex'));
    else bytes.fill(0);
  }

  #actor(event: AuditEvent): number {
    const user = own(event, 'user');
    const impersonated = own(event, 'impersonatedUser');
    return this.#dictionaries.actors.idOf(
      Int32Array.of(
        this.#text(own(user, 'username')),
        this.#list(own(user, 'groups')),
        this.#text(own(impersonated, 'username')),
      ),
    );
  }

  #object(event: AuditEvent, row: number): void {
    const ref = own(event, 'objectRef');
    const part = (key: string) => this.#text(own(ref, key) === '' ? undefined : own(ref, key));
    this.#columns.namespace[row] = part('namespace');
    this.#columns.name[row] = part('name');
    this.#columns.operation[row] = this.#dictionaries.operations.idOf(
      Int32Array.of(this.#text(event.verb), part('apiGroup'), part('resource'), part('subresource')),
    );
  }

  #answer(event: AuditEvent): number {
    const code = own(own(event, 'responseStatus'), 'code');
    const decision = own(own(event, 'annotations'), 'authorization.k8s.io/decision');
    const isCode = typeof code === 'number' && Number.isInteger(code) && Math.abs(code) < 2 ** 31;
    return this.#dictionaries.answers.idOf(
      Int32Array.of(this.#text(event.stage), this.#text(event.level), isCode ? code : 0, this.#text(decision)),
    );
  }

  #reading(read: ReadEvent): number {
    const { event, flags } = read;
    const truncated = own(own(event, 'annotations'), 'audit.k8s.io/truncated') === 'true';
    const bits =
      (flags.ambiguous ? FLAGS.ambiguous : 0) |
      (flags.invalidUtf8 ? FLAGS.invalidUtf8 : 0) |
      (flags.rebuilt ? FLAGS.rebuilt : 0) |
      (truncated ? FLAGS.truncatedBody : 0) |
      ((event.requestObject ?? null) === null ? 0 : FLAGS.hasRequestBody) |
      ((event.responseObject ?? null) === null ? 0 : FLAGS.hasResponseBody) |
      (hasMore(event.annotations) ? FLAGS.hasMoreAnnotations : 0) |
      (isCanonical(event) ? 0 : FLAGS.unusual);
    return this.#dictionaries.readings.idOf(
      Int32Array.of(
        FORMS.indexOf(read.form),
        this.#text(read.inner),
        this.#text(read.format),
        bits,
        this.#text(read.server),
        this.#text(read.cluster),
      ),
    );
  }

  #text(value: unknown): number {
    return typeof value === 'string' ? this.#dictionaries.terms.idOfText(value.toWellFormed()) : 0;
  }

  #list(value: unknown): number {
    if (!Array.isArray(value)) return 0;
    return this.#text(
      JSON.stringify(value.filter((item) => typeof item === 'string').map((item) => item.toWellFormed())),
    );
  }
}

const AUTHORIZER = ['authorization.k8s.io/decision', 'authorization.k8s.io/reason'];

function hasMore(annotations: unknown): boolean {
  return (
    typeof annotations === 'object' &&
    annotations !== null &&
    Object.keys(annotations).some((key) => !AUTHORIZER.includes(key))
  );
}

/** A field of evidence: only own keys exist, and only objects have any. */
function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
