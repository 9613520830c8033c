import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PriceEstimate, PriceRequest } from '../contract/price.ts';
import type { BundleRequest, ExportRequest, MadeFile, RedactionProfile, ReportRequest } from '../contract/report.ts';
import { CaseError } from '../fault.ts';
import type { ExportedAlert } from '../report/export/exported.ts';
import type { Citation } from '../report/model.ts';
import type { Redactor } from '../report/redact/redactor.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext, Outputs, Session } from './api.ts';
import { priceFactsOf } from './price-facts.ts';
import { redactorOf } from './redaction.ts';
import { changingActions, ownVersion, placeKeyOf, reportOf } from './report-source.ts';

/** Reports, exports and bundles of one open case. */
export class CaseOutputs implements Outputs {
  readonly #session: Session;
  readonly #store: CaseStore;
  readonly #examiner: string;
  readonly #openNew: (path: string) => Session;

  constructor(session: Session, store: CaseStore, examiner: string, openNew: (path: string) => Session) {
    this.#session = session;
    this.#store = store;
    this.#examiner = examiner;
    this.#openNew = openNew;
  }

  async report(request: ReportRequest, context: CallContext): Promise<readonly MadeFile[]> {
    const { renderReport } = await import('../report/render.ts');
    const { report } = await reportOf(this.#session, this.#store, request, this.#examiner, context);
    const files = await renderReport(report, request.format);
    this.#record('report/make', { format: request.format, case: report.custody.caseHash });
    return files;
  }

  async *bundle({ privateKey, ...request }: BundleRequest, context: CallContext): AsyncGenerator<Uint8Array> {
    if (request.redact !== undefined) {
      const hint = 'Share a redacted report, or a redacted case: export --what case --redact.';
      throw new CaseError('usage', 'A bundle holds original bytes, and cannot be redacted.', { hint });
    }
    const { makeBundle } = await import('../report/bundle/make.ts');
    const asked = { ...request, format: 'json' } as const;
    const { report, events } = await reportOf(this.#session, this.#store, asked, this.#examiner, context);
    const source = {
      report,
      actions: changingActions(this.#store.actions()).map(({ id, time, examiner, name, detail, hash }) => ({
        id,
        timeUs: time,
        examiner,
        name,
        detail: JSON.stringify(detail),
        hash,
      })),
      rules: this.#store.findings.rules(),
      recordAt: (citation: Citation) =>
        this.#store.events.bytesAt(events.get(placeKeyOf(citation)) as number, citation),
    };
    for (const piece of makeBundle(source, privateKey ?? null)) {
      context.signal.throwIfAborted();
      yield piece;
      await nextTurn();
    }
    this.#record('bundle/make', { case: report.custody.caseHash, signed: privateKey !== undefined });
  }

  async *export(request: ExportRequest, context: CallContext): AsyncGenerator<Uint8Array> {
    const { writeAlerts, writeEvents } = await import('../report/export/formats.ts');
    const shared = { version: ownVersion(), asOf: this.#session.glance().lastTime ?? '' };
    const redactor = request.redact && (await this.#redactor(request.redact, request, context));
    const hide = redactor === undefined ? <T>(item: T) => item : <T>(item: T) => redactor.data(item);
    if (request.what === 'alerts') yield* writeAlerts(mapped(this.#alerts(request), hide), request.format, shared);
    else {
      const { format, query, from, to } = request;
      const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      const asked = { query, limit: Number.MAX_SAFE_INTEGER, ...bounds };
      yield* writeEvents(mappedLater(this.#session.events(asked, context), hide), format, shared);
    }
    this.#record(`export/${request.what}`, { ...request });
  }

  async copyCase(path: string, redact: RedactionProfile | undefined, context: CallContext): Promise<void> {
    if (redact === undefined) await this.#store.copyTo(path);
    else {
      const { shareCase } = await import('./shareable-case.ts');
      await shareCase(this.#store, redact, path, this.#openNew, context);
    }
    this.#record('export/case', { path, redact: redact ?? null });
  }

  async price(request: PriceRequest, context: CallContext): Promise<PriceEstimate> {
    const { estimatePrice } = await import('../report/price/estimate.ts');
    return estimatePrice(await priceFactsOf(this.#session, this.#store, context), request);
  }

  async pseudonyms(profile: RedactionProfile): Promise<ReadonlyMap<string, string>> {
    return (await redactorOf(this.#store, profile, [])).mapping();
  }

  *#alerts(request: Extract<ExportRequest, { what: 'alerts' }>): Generator<ExportedAlert> {
    const { what, format, redact, ...filter } = request;
    for (const alert of this.#session.alerts(filter)) {
      const first = this.#store.findings.proofOf(alert.id)[0];
      const place = first === undefined ? null : (this.#store.events.places(first)[0] ?? null);
      yield { ...alert, place, ruleText: this.#store.findings.ruleText(alert.rule.id) };
    }
  }

  /** Names of all that will be told must be known before the first line is. */
  #redactor(profile: RedactionProfile, request: ExportRequest, context: CallContext): Promise<Redactor> {
    return redactorOf(
      this.#store,
      profile,
      request.what === 'alerts' ? this.#proofIds() : this.#eventIds(request, context),
    );
  }

  *#proofIds(): Generator<number> {
    for (const { id } of this.#session.alerts({})) yield* this.#store.findings.proofOf(id);
  }

  async *#eventIds(request: Extract<ExportRequest, { what: 'events' }>, context: CallContext): AsyncGenerator<number> {
    const { what, format, redact, ...selection } = request;
    const asked = { ...selection, limit: Number.MAX_SAFE_INTEGER };
    for await (const { id } of this.#session.events(asked, context)) yield id;
  }

  /** Making an output changes nothing of what a case holds; a reader leaves no trace in it (decision 25). */
  #record(name: string, detail: Readonly<Record<string, unknown>>): void {
    if (this.#store.isReadOnly || this.#store.isSealed) return;
    const action = { examiner: this.#examiner, time: Date.now() * 1000, name, detail, changed: [] };
    this.#store.change(() => this.#store.record(action));
  }
}

function* mapped<T>(items: Iterable<T>, map: (item: T) => T): Generator<T> {
  for (const item of items) yield map(item);
}

async function* mappedLater<T>(items: AsyncIterable<T>, map: (item: T) => T): AsyncGenerator<T> {
  for await (const item of items) yield map(item);
}
