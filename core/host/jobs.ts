import { Worker } from 'node:worker_threads';
import type { Fault } from '../contract/fault.ts';
import type { Job, JobKind, JobResult } from '../contract/job-calls.ts';
import type { Progress } from '../contract/rows.ts';
import { CaseError, faultOf } from '../fault.ts';
import type { RuleSelection } from './api.ts';
import type { JobAsk, JobTask, JobTell } from './job-thread.ts';
import type { EngineSetup } from './protocol.ts';

/** Jobs that ended are remembered up to this number. */
const REMEMBERED = 20;
/** A thread that does not stop by then is ended hard; the case is safe against that at any moment. */
const PATIENCE_MS = 10_000;
/** Progress is told to every page at most this often. */
const TELL_EVERY_MS = 200;

const WRITING: ReadonlySet<JobKind> = new Set(['import', 'detect']);

interface Running {
  job: Job;
  readonly worker: Worker;
  toldAt: number;
}

/** Long work, each piece in a thread of its own with a connection of its own, so that views stay quick meanwhile. */
export class Jobs {
  #setup: EngineSetup;
  readonly #ears: { readonly told: (job: Job) => void; readonly changed: () => void };
  readonly #running = new Map<number, Running>();
  #ended: Job[] = [];
  #nextId = 1;

  constructor(setup: EngineSetup, ears: { told: (job: Job) => void; changed: () => void }) {
    this.#setup = setup;
    this.#ears = ears;
  }

  /** Jobs that are started from now on use these. */
  takeRules(rules: RuleSelection): void {
    this.#setup = { ...this.#setup, rules };
  }

  get isWriting(): boolean {
    return this.#running.values().some(({ job }) => WRITING.has(job.kind));
  }

  /** Starts a job. Raises `case/busy` where another one writes. */
  start(title: string, task: JobTask): { readonly job: number } {
    if (WRITING.has(task.kind) && this.isWriting) {
      throw new CaseError('case/busy', 'Another import or run of the rules is being written.', {
        hint: 'Wait until it has ended, or cancel it.',
      });
    }
    const id = this.#nextId++;
    const job: Job = {
      ...{ id, kind: task.kind, title, state: 'running', startedAt: Date.now() * 1000 },
      ...{ endedAt: null, progress: null, fault: null, result: null },
    };
    const worker = new Worker(new URL('./job-thread.ts', import.meta.url), {
      workerData: { setup: this.#setup, task },
    });
    const running: Running = { job, worker, toldAt: 0 };
    this.#running.set(id, running);
    worker.on('message', (tell: JobTell) => this.#hear(running, tell));
    worker.on('error', (error) => this.#end(running, { fault: faultOf(error) }));
    worker.on('exit', () => this.#end(running, { fault: STOPPED }));
    this.#ears.told(job);
    return { job: id };
  }

  list(): readonly Job[] {
    return [...[...this.#running.values()].map(({ job }) => job), ...this.#ended];
  }

  /** The last job of a kind that went well. */
  lastDone(kind: JobKind): Job | undefined {
    return this.#ended.find((job) => job.kind === kind && job.state === 'done');
  }

  cancel(id: number): Job {
    const running = this.#running.get(id);
    if (running !== undefined) {
      this.#stop(running);
      return running.job;
    }
    const ended = this.#ended.find((job) => job.id === id);
    if (ended !== undefined) return ended;
    throw new CaseError('usage', `There is no job ${id}.`, { hint: 'It may have ended long ago.' });
  }

  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const running of all) this.#stop(running);
    await Promise.all(all.map(({ worker }) => new Promise((done) => worker.once('exit', done))));
  }

  #stop({ worker, job }: Running): void {
    worker.postMessage({ kind: 'cancel' } satisfies JobAsk);
    setTimeout(() => {
      if (this.#running.has(job.id)) void worker.terminate();
    }, PATIENCE_MS).unref();
  }

  #hear(running: Running, tell: JobTell): void {
    if (tell.kind === 'progress') this.#progress(running, tell.progress);
    else if (tell.kind === 'done') this.#end(running, { result: tell.result });
    else this.#end(running, { fault: tell.fault });
  }

  #progress(running: Running, progress: Progress): void {
    running.job = { ...running.job, progress };
    const now = performance.now();
    if (now - running.toldAt < TELL_EVERY_MS) return;
    running.toldAt = now;
    this.#ears.told(running.job);
  }

  #end(running: Running, end: { readonly result: JobResult } | { readonly fault: Fault }): void {
    if (!this.#running.delete(running.job.id)) return;
    const state = 'result' in end ? 'done' : end.fault.code === 'cancelled' ? 'cancelled' : 'failed';
    const job: Job = { ...running.job, state, endedAt: Date.now() * 1000, ...end };
    this.#ended = [job, ...this.#ended].slice(0, REMEMBERED);
    if (state === 'done' && WRITING.has(job.kind)) this.#ears.changed();
    this.#ears.told(job);
  }
}

const STOPPED: Fault = {
  code: 'cancelled',
  message: 'The work was stopped before it had ended. The case is as it was before.',
};
