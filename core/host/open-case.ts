import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ActionRow } from '../contract/case-calls.ts';
import type { Suppression, SuppressionDraft } from '../contract/incident-calls.ts';
import type {
  Access,
  Alert,
  CaseDifferences,
  CaseGlance,
  Coverage,
  EntityRow,
  EventRow,
  Evidence,
  ForeignAlert,
  ForeignFile,
  IdentityLink,
  Incident,
  IndicatorListRow,
  Level,
  LogGap,
  MergeOutcome,
  ObjectHistory,
  RejectedRecord,
  RuleList,
  Status,
  Verification,
} from '../contract/rows.ts';
import type { EntityKind } from '../contract/scope.ts';
import type { BaselineAbout } from '../detect/baseline/baseline-file.ts';
import { type PolicyProposal, proposePolicy } from '../detect/coverage/policy.ts';
import { withGaps } from '../detect/gaps/ledger-gaps.ts';
import { loadRuleFiles, type RuleFiles } from '../detect/load-rules.ts';
import { CaseError } from '../fault.ts';
import { CaseStore } from '../store/case-store.ts';
import { removeCase } from '../store/connection.ts';
import { accessOf } from './access.ts';
import { toActionRow } from './action-text.ts';
import { setStatus, statusHistory } from './alert-status.ts';
import {
  type AnnotationFile,
  exportAnnotations,
  mergeAnnotations,
  parseAnnotations,
  type Take,
} from './annotations.ts';
import type {
  AlertFilter,
  AlertProof,
  CallContext,
  DetectOptions,
  DetectOutcome,
  EventsRequest,
  ImportOptions,
  ImportOutcome,
  ListChange,
  OpenOptions,
  Outputs,
  RuleSelection,
  Session,
} from './api.ts';
import { withBaselineFiles } from './baseline-files.ts';
import { CaseEvents } from './case-events.ts';
import { withCaseRules } from './case-rules.ts';
import { checkFiles } from './check-files.ts';
import { sealCase } from './custody.ts';
import { gapsIn } from './detection.ts';
import { diffCases } from './diff.ts';
import { entityRows } from './entity-book.ts';
import { addForeign, type ForeignImport, foreignAlerts, foreignFiles, removeForeign } from './foreign.ts';
import { huntingOf } from './hunting.ts';
import { addIndicators, type IndicatorImport, indicatorRows, removeIndicators, withImageRule } from './indicators.ts';
import { changeList, listsOf } from './lists.ts';
import { Meter } from './meter.ts';
import { historyOf, parseObject } from './object-history.ts';
import { CaseOutputs } from './outputs.ts';
import { warningsOf } from './run-warnings.ts';
import { type BaselinePeriod, detectRun, importRun, learningRun } from './runs.ts';
import { addSuppression, removeSuppression, simulate, suppressionsOf } from './suppressions.ts';
import { parseBound } from './time-bound.ts';

/** Opens or makes a case. */
export function openCase(path: string, options: OpenOptions): Session {
  const exists = existsSync(path);
  const makes = options.mode === 'create' || (options.mode === 'add' && !exists);
  const store = makes
    ? CaseStore.create(path, options.examiner, now())
    : CaseStore.open(path, options.mode === 'read' ? 'read' : 'write');
  return new CaseSession(store, options.examiner, makes);
}

/** The session of a store that somebody else opened, and closes. */
export function sessionOver(store: CaseStore, examiner: string): Session {
  return new CaseSession(store, examiner, false);
}

/** Deletes a case that this process made and that came to nothing. */
export { removeCase };

const now = () => Date.now() * 1000;

class CaseSession implements Session {
  readonly #store: CaseStore;
  readonly #examiner: string;
  readonly #isNew: boolean;
  readonly #events: CaseEvents;

  constructor(store: CaseStore, examiner: string, isNew: boolean) {
    this.#store = store;
    this.#examiner = examiner;
    this.#isNew = isNew;
    this.#events = new CaseEvents(store);
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  get outputs(): Outputs {
    return new CaseOutputs(this, this.#store, this.#examiner, (path) =>
      openCase(path, { mode: 'create', examiner: this.#examiner }),
    );
  }

  glance(): CaseGlance {
    return this.#store.glance();
  }

  evidence(): readonly Evidence[] {
    return withGaps(this.#store.ledger(), this.gaps());
  }

  gaps(): readonly LogGap[] {
    return gapsIn(this.#store);
  }

  *rejected(): Iterable<RejectedRecord> {
    for (const { id: _, ...record } of this.#store.rejected()) yield record;
  }

  coverage(): readonly Coverage[] {
    return this.#store.findings.coverage();
  }

  policy(least: Level): PolicyProposal {
    return proposePolicy(this.#store.findings.coverageRecords(), least);
  }

  async import(paths: readonly string[], options: ImportOptions, context: CallContext): Promise<ImportOutcome> {
    this.#refuseReader('import evidence');
    const files = options.rules === undefined ? null : this.#rulesOf(options.rules);
    const { firstEvidence, timing } = await importRun({ store: this.#store, examiner: this.#examiner, files }, paths, {
      options,
      context,
    });
    return {
      case: this.glance(),
      evidence: this.evidence().filter(({ id }) => id >= firstEvidence),
      timing,
      ...(files !== null && this.#findings()),
    };
  }

  async detect(selection: DetectOptions, context: CallContext): Promise<DetectOutcome> {
    this.#refuseReader('run rules');
    const files = this.#rulesOf(selection);
    const run = { store: this.#store, examiner: this.#examiner, files };
    return { ...(await detectRun(run, selection, context)), ...this.#findings() };
  }

  #findings(): Pick<DetectOutcome, 'alerts' | 'incidents' | 'coverage' | 'warnings'> {
    const warnings = warningsOf(this.#store);
    return { alerts: this.alerts({}), incidents: this.incidents(), coverage: this.coverage(), warnings };
  }

  alerts(filter: AlertFilter): readonly Alert[] {
    const { level, status, rule, incident, isSuppressed } = filter;
    return this.#store.findings.list({
      ...(level && { minimumLevel: level }),
      ...(status && { status }),
      ...(rule && { rule }),
      ...(incident !== undefined && { incident }),
      ...(isSuppressed !== undefined && { isSuppressed }),
    });
  }

  incidents(): readonly Incident[] {
    return this.#store.findings.incidents.list();
  }

  incident(id: number): Incident {
    return this.#store.findings.incidents.get(id);
  }

  identityLinks(): readonly IdentityLink[] {
    return this.#store.findings.incidents.links();
  }

  alert(id: number): AlertProof {
    const { findings } = this.#store;
    const alert = findings.get(id);
    const events = findings.proofOf(id).map((event) => this.#events.row(event));
    return { alert, events, ruleText: findings.ruleText(alert.rule.id), history: statusHistory(this.#store, alert) };
  }

  setStatus(id: number, status: Status, reason: string): Alert {
    this.#refuseReader('change an alert');
    return setStatus(this.#store, id, { status, reason }, this.#examiner, now());
  }

  actions(): readonly ActionRow[] {
    return this.#store.actions().map(toActionRow);
  }

  seal(reason: string): void {
    this.#refuseReader('seal a case');
    sealCase(this.#store, reason, this.#examiner, now());
    this.#store.compact();
  }

  differences(other: Session): CaseDifferences {
    if (!(other instanceof CaseSession)) throw new Error('the other case is open elsewhere');
    return diffCases(this.#store, other.#store);
  }

  exportAnnotations(): AnnotationFile {
    return exportAnnotations(this.#store);
  }

  mergeAnnotations(json: string, take: Take): MergeOutcome {
    this.#refuseReader('merge annotations');
    return mergeAnnotations(this.#store, parseAnnotations(json), take, this.#examiner, now());
  }

  suppressions(): readonly Suppression[] {
    return suppressionsOf(this.#store);
  }

  simulate(draft: SuppressionDraft): readonly Alert[] {
    return simulate(this.#store, draft);
  }

  suppress(draft: SuppressionDraft): Suppression {
    this.#refuseReader('hide alerts');
    return addSuppression(this.#store, draft, this.#examiner, now());
  }

  unsuppress(id: number, reason: string): void {
    this.#refuseReader('change suppressions');
    removeSuppression(this.#store, id, reason, this.#examiner, now());
  }

  lists(): readonly RuleList[] {
    return listsOf(this.#store.settings);
  }

  async exportBaseline(
    options: RuleSelection & BaselinePeriod,
    context: CallContext,
  ): Promise<{ text: string; about: BaselineAbout }> {
    return learningRun(
      { store: this.#store, examiner: this.#examiner, files: this.#rulesOf(options) },
      options,
      context,
    );
  }

  indicators(): readonly IndicatorListRow[] {
    return indicatorRows(this.#store);
  }

  addIndicators(list: IndicatorImport): IndicatorListRow {
    this.#refuseReader('bring indicators into the case');
    addIndicators(this.#store, list, this.#examiner, now());
    return this.indicators().find(({ name }) => name === list.name) as IndicatorListRow;
  }

  removeIndicators(name: string, reason: string): void {
    this.#refuseReader('remove indicators');
    removeIndicators(this.#store, name, reason, this.#examiner, now());
  }

  foreignFiles(): readonly ForeignFile[] {
    return foreignFiles(this.#store);
  }

  foreignAlerts(): readonly ForeignAlert[] {
    return foreignAlerts(this.#store, this.alerts({}));
  }

  addForeign(file: ForeignImport): ForeignFile {
    this.#refuseReader('bring alerts of other tools into the case');
    return addForeign(this.#store, file, this.#examiner, now());
  }

  removeForeign(id: number, reason: string): void {
    this.#refuseReader('take alerts of other tools out');
    removeForeign(this.#store, id, reason, this.#examiner, now());
  }

  changeList(change: ListChange): void {
    this.#refuseReader('change a list');
    changeList(this.#store, change, this.#examiner, now());
  }

  events(request: EventsRequest, context: CallContext): AsyncGenerator<EventRow> {
    return this.#events.rows(request, context);
  }

  rawEvents(request: EventsRequest, context: CallContext): AsyncGenerator<Uint8Array> {
    return this.#events.raws(request, context);
  }

  entities(kinds: readonly EntityKind[], context: CallContext): Promise<readonly EntityRow[]> {
    return entityRows(kinds, huntingOf(this.#store), context.signal);
  }

  history(object: string, context: CallContext): Promise<ObjectHistory> {
    return historyOf(parseObject(object), this.#store, context);
  }

  async access(subject: string, { at }: { readonly at?: string }, context: CallContext): Promise<Access> {
    const time = at === undefined ? null : parseBound(at, 'at');
    return accessOf(subject, time, this.#store, context);
  }

  raw(id: number): Uint8Array {
    return this.#events.raw(id);
  }

  canonical(id: number): string {
    return this.#events.canonical(id);
  }

  async verify(
    options: { readonly evidence: readonly string[]; readonly head?: string },
    context: CallContext,
  ): Promise<Verification> {
    const checks: Verification['checks'][number][] = [];
    const meter = new Meter('verifying', (report) => context.progress(report));
    meter.total = this.#store.blockBytes();
    for (const step of this.#store.verify(options.head)) {
      context.signal.throwIfAborted();
      if ('check' in step) checks.push(step.check);
      else if (step.bytes !== undefined) meter.bytes = step.bytes;
      meter.report();
      await nextTurn();
    }
    if (options.evidence.length > 0) checks.push(await checkFiles(this.#store.files(), options.evidence, context));
    return { ok: checks.every((check) => check.ok), checks };
  }

  close(): void {
    this.#store.close();
  }

  #rulesOf(selection: RuleSelection): RuleFiles {
    const files = withCaseRules(loadRuleFiles(selection), this.#store.settings);
    return withBaselineFiles(withImageRule(files, this.#store.indicators), selection.baselines);
  }

  #refuseReader(what: string): void {
    if (!this.#store.isReadOnly) return;
    if (this.#store.isSealed) {
      throw new CaseError('case/read-only', `${this.#store.path} is sealed: nothing of it is changed any more.`, {
        hint: 'It can be read, verified, reported and copied.',
      });
    }
    throw new CaseError('case/read-only', `A reader may not ${what}.`, {
      hint: 'Open the case without --role reader.',
    });
  }
}
