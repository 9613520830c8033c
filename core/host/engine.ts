import { existsSync } from 'node:fs';
import { ADMIN_CALLS } from '../contract/calls.ts';
import type { OpenedCase, Role } from '../contract/case-calls.ts';
import type { Answer } from '../contract/fault.ts';
import type { Progress } from '../contract/rows.ts';
import { CaseError, faultOf } from '../fault.ts';
import { CaseStore } from '../store/case-store.ts';
import type { RuleSelection, Session } from './api.ts';
import type { CallScope, Handler } from './call-scope.ts';
import { CALLS } from './call-table.ts';
import { openedCase } from './calls/case-calls.ts';
import { Jobs } from './jobs.ts';
import { sessionOver } from './open-case.ts';
import { OutFiles } from './out-files.ts';
import type { EngineAsk, EngineCall, EngineSetup, EngineTell } from './protocol.ts';
import { Refusals } from './refusals.ts';
import { rulePackOf } from './rule-pack.ts';
import { SlowLane } from './slow-lane.ts';

/** Nobody has asked for anything for so long. */
const QUIET_MS = 1500;

type Asked = Extract<EngineAsk, { kind: 'ask' }>;

/** One case behind messages: every ask gets exactly one answer, whatever happens. */
export class Engine {
  #setup: EngineSetup;
  readonly #tell: (tell: EngineTell) => void;
  readonly #running = new Map<number, AbortController>();
  readonly #slow = new SlowLane();
  #warming: NodeJS.Timeout | undefined;
  readonly #jobs: Jobs;
  readonly #files: OutFiles;
  readonly #refusals: Refusals;
  #store: CaseStore;
  #session: Session;

  /** Opens the case; raises what opening raises. */
  constructor(setup: EngineSetup, tell: (tell: EngineTell) => void) {
    this.#setup = setup;
    this.#tell = tell;
    this.#store = this.#open();
    this.#session = sessionOver(this.#store, setup.examiner);
    this.#files = new OutFiles(setup.outFolder);
    this.#jobs = new Jobs(setup, {
      told: (job) => tell({ kind: 'notice', notice: { kind: 'job', job } }),
      changed: () => this.#reopen(),
    });
    this.#refusals = new Refusals(setup.examiner);
    this.#readAhead();
  }

  get opened(): OpenedCase {
    return openedCase(this.#scope(new AbortController().signal, () => {}, this.#setup.role));
  }

  hear(ask: Exclude<EngineAsk, { kind: 'open' | 'close' }>): void {
    if (ask.kind === 'cancel') this.#running.get(ask.id)?.abort(new CaseError('cancelled', 'The call was cancelled.'));
    else void this.#answer(ask);
  }

  /** Ends everything; calls in flight are answered as cancelled. */
  async close(): Promise<void> {
    clearTimeout(this.#warming);
    for (const controller of this.#running.values())
      controller.abort(new CaseError('cancelled', 'The case was closed.'));
    await this.#jobs.close();
    this.#flushRefusals();
    this.#store.close();
  }

  async #answer({ id, name, req, role }: Asked): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const progress = (report: Progress) => {
      if (this.#running.get(id) === controller) this.#tell({ kind: 'progress', id, progress: report });
    };
    const answer = await this.#call(name, req, this.#scope(controller.signal, progress, role));
    this.#running.delete(id);
    this.#tell({ kind: 'answer', id, answer });
  }

  async #call(name: string, req: unknown, scope: CallScope): Promise<Answer<unknown>> {
    try {
      const call = name as EngineCall;
      if (scope.role === 'reader' && ADMIN_CALLS.has(call)) throw this.#refused(call);
      if (!Object.hasOwn(CALLS, call))
        throw new CaseError('usage', 'There is no such call.', { hint: 'Reload the page.' });
      // The door has checked the request against the parser of this very call.
      const handler = CALLS[call] as Handler<EngineCall>;
      const run = async () => handler(req as never, scope);
      return { ok: true, value: await (SlowLane.holds(call) ? this.#slow.run(run, scope.signal) : run()) };
    } catch (error) {
      return { ok: false, fault: faultOf(scope.signal.aborted ? scope.signal.reason : error) };
    }
  }

  #refused(call: EngineCall): CaseError {
    this.#refusals.note(call);
    if (!this.#jobs.isWriting) this.#flushRefusals();
    return new CaseError('case/read-only', 'A reader may look at everything and change nothing.', {
      hint: 'Ask for a link of an admin.',
    });
  }

  #flushRefusals(): void {
    if (this.#store.isReadOnly || this.#store.isSealed || !this.#refusals.write(this.#store)) return;
    this.#tellChanged();
  }

  #scope(signal: AbortSignal, progress: CallScope['progress'], role: Role): CallScope {
    const { examiner, rules } = this.#setup;
    return {
      signal,
      progress,
      store: this.#store,
      session: this.#session,
      role: this.#setup.role === 'reader' ? 'reader' : role,
      examiner,
      rules,
      takeRules: (next) => this.#takeRules(next),
      jobs: this.#jobs,
      files: this.#files,
      change: (run) => this.#change(run),
    };
  }

  #change<T>(run: () => T): T {
    if (this.#jobs.isWriting) {
      throw new CaseError('case/busy', 'An import or a run of the rules is being written.', {
        hint: 'Try again when it has ended.',
      });
    }
    const result = this.#store.change(run);
    this.#tellChanged();
    return result;
  }

  #takeRules(rules: RuleSelection): void {
    this.#setup = { ...this.#setup, rules };
    this.#jobs.takeRules(rules);
    this.#tell({ kind: 'rules', rules });
    this.#tellChanged();
  }

  #tellChanged(): void {
    this.#tell({
      kind: 'notice',
      notice: { kind: 'changed', version: this.#store.version, head: this.#store.head() },
    });
  }

  /** The columns, so that the first view need not wait for them. A case that is too damaged for it says so when asked. */
  #readAhead(): void {
    const store = this.#store;
    setImmediate(() => {
      try {
        if (store === this.#store) store.index();
      } catch {
        // Closed meanwhile, or damaged.
      }
      this.#warmSoon();
    });
  }

  /** Compiles the rules in a quiet moment, so that their first list need not wait for it. */
  #warmSoon(): void {
    clearTimeout(this.#warming);
    this.#warming = setTimeout(() => {
      if (this.#running.size > 0) return this.#warmSoon();
      try {
        rulePackOf(this.#setup.rules, this.#store.settings);
      } catch {
        // Rules that cannot be loaded are told to whoever asks for them.
      }
    }, QUIET_MS).unref();
  }

  #open(): CaseStore {
    const { path, role, isNew, examiner } = this.#setup;
    if (isNew && !existsSync(path)) CaseStore.create(path, examiner, Date.now() * 1000).close();
    return CaseStore.open(path, role === 'reader' ? 'read' : 'serve');
  }

  /** Another connection has changed the case: what was read ahead is stale. */
  #reopen(): void {
    const before = this.#store;
    this.#store = this.#open();
    this.#session = sessionOver(this.#store, this.#setup.examiner);
    before.close();
    this.#readAhead();
    this.#flushRefusals();
    this.#tellChanged();
  }
}
