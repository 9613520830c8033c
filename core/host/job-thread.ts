import { parentPort, workerData } from 'node:worker_threads';
import type { Fault } from '../contract/fault.ts';
import type { JobResult } from '../contract/job-calls.ts';
import type { MadeFile, ReportRequest } from '../contract/report.ts';
import type { ReportFormat } from '../contract/report-calls.ts';
import type { Progress } from '../contract/rows.ts';
import type { FileTicket } from '../contract/scope.ts';
import { CaseError, faultOf } from '../fault.ts';
import { zipOf } from '../report/zip.ts';
import type { CallContext, ImportOptions } from './api.ts';
import { openCase } from './open-case.ts';
import { OutFiles } from './out-files.ts';
import type { EngineSetup } from './protocol.ts';

/** What a job is to do. */
export type JobTask =
  | { readonly kind: 'import'; readonly paths: readonly string[]; readonly options: ImportOptions }
  | { readonly kind: 'detect' }
  | { readonly kind: 'verify'; readonly head?: string }
  | { readonly kind: 'report'; readonly request: ReportRequest };

export type JobAsk = { readonly kind: 'cancel' };
export type JobTell =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly fault: Fault };

async function run(setup: EngineSetup, task: JobTask, context: CallContext): Promise<JobResult> {
  const mode = task.kind === 'verify' || setup.role === 'reader' ? 'read' : 'write';
  const session = openCase(setup.path, { mode, examiner: setup.examiner });
  try {
    switch (task.kind) {
      case 'import': {
        const outcome = await session.import(task.paths, task.options, context);
        const evidence = outcome.evidence.map(({ id }) => id);
        const events = outcome.evidence.reduce((sum, line) => sum + line.uniqueEvents, 0);
        return { kind: 'import', events, alerts: outcome.alerts?.length ?? 0, evidence };
      }
      case 'detect': {
        const { alerts, profile } = await session.detect({ ...setup.rules, profile: true }, context);
        const costs = profile.map(({ rule, seen, matched, ms }) => ({ rule, seen, matched, ms }));
        return { kind: 'detect', alerts: alerts.length, costs };
      }
      case 'verify': {
        const options = { evidence: [], ...(task.head !== undefined && { head: task.head }) };
        return { kind: 'verify', verification: await session.verify(options, context) };
      }
      case 'report': {
        const made = await session.outputs.report(task.request, context);
        return { kind: 'report', file: await handOut(made, task.request.format, new OutFiles(setup.outFolder)) };
      }
    }
  } finally {
    session.close();
  }
}

/** One file as it is, a set as a zip. */
async function handOut(made: readonly MadeFile[], format: ReportFormat, files: OutFiles): Promise<FileTicket> {
  const [only] = made;
  if (made.length === 1 && only !== undefined)
    return files.write(`report.${format}`, MEDIA_TYPES[format], [only.bytes]);
  return files.write('report.zip', 'application/zip', [zipOf(made)]);
}

const MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html',
  pdf: 'application/pdf',
  json: 'application/json',
  csv: 'text/csv',
  md: 'text/markdown',
};

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { setup, task } = workerData as { setup: EngineSetup; task: JobTask };
  const controller = new AbortController();
  port.on('message', (ask: JobAsk) => {
    if (ask.kind === 'cancel') controller.abort(new CaseError('cancelled', 'Cancelled. The case is as it was before.'));
  });
  const tell = (message: JobTell) => port.postMessage(message);
  try {
    const result = await run(setup, task, {
      signal: controller.signal,
      progress: (progress) => tell({ kind: 'progress', progress }),
    });
    tell({ kind: 'done', result });
  } catch (error) {
    tell({ kind: 'failed', fault: faultOf(controller.signal.aborted ? controller.signal.reason : error) });
  }
  port.close();
}

if (parentPort !== null) await main(parentPort);
