import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BundleRequest, ExportRequest, MadeFile, ReportRequest } from '../contract/report.ts';
import type { ExportedAlert } from '../report/export/exported.ts';
import type { Citation } from '../report/model.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext, Outputs, Session } from './api.ts';
import { changingActions, ownVersion, placeKeyOf, reportOf } from './report-source.ts';

/** Reports, exports and bundles of one open case. */
export class CaseOutputs implements Outputs {
  readonly #session: Session;
  readonly #store: CaseStore;
  readonly #examiner: string;

  constructor(session: Session, store: CaseStore, examiner: string) {
    this.#session = session;
    this.#store = store;
    this.#examiner = examiner;
  }

  async report(request: ReportRequest, context: CallContext): Promise<readonly MadeFile[]> {
    const { renderReport } = await import('../report/render.ts');
    const { report } = await reportOf(this.#session, this.#store, request, this.#examiner, context);
    const files = await renderReport(report, request.format);
    this.#record('report/make', { format: request.format, case: report.custody.caseHash });
    return files;
  }

  async *bundle({ privateKey, ...request }: BundleRequest, context: CallContext): AsyncGenerator<Uint8Array> {
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
    if (request.what === 'alerts') yield* writeAlerts(this.#alerts(request), request.format, shared);
    else {
      const { format, query, from, to } = request;
      const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      const asked = { query, limit: Number.MAX_SAFE_INTEGER, ...bounds };
      yield* writeEvents(this.#session.events(asked, context), format, shared);
    }
    this.#record(`export/${request.what}`, { ...request });
  }

  async copyCase(path: string): Promise<void> {
    await this.#store.copyTo(path);
    this.#record('export/case', { path });
  }

  *#alerts(request: Extract<ExportRequest, { what: 'alerts' }>): Generator<ExportedAlert> {
    const { what, format, redact, ...filter } = request;
    for (const alert of this.#session.alerts(filter)) {
      const first = this.#store.findings.proofOf(alert.id)[0];
      const place = first === undefined ? null : (this.#store.events.places(first)[0] ?? null);
      yield { ...alert, place, ruleText: this.#store.findings.ruleText(alert.rule.id) };
    }
  }

  /** Making an output changes nothing of what a case holds; a reader leaves no trace in it (decision 25). */
  #record(name: string, detail: Readonly<Record<string, unknown>>): void {
    if (this.#store.isReadOnly || this.#store.isSealed) return;
    const action = { examiner: this.#examiner, time: Date.now() * 1000, name, detail, changed: [] };
    this.#store.change(() => this.#store.record(action));
  }
}
