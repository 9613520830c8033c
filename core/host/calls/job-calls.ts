import { basename } from 'node:path';
import type { CallTable } from '../call-scope.ts';

export const jobCalls = {
  'import/start': ({ paths, names, detect, passwords = [], ...labels }, { jobs, rules }) => {
    const [first = ''] = paths;
    const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
    const options = { ...labels, names, passwords, ...(detect && { rules }) };
    return jobs.start(`Import ${basename(names[first] ?? first)}${more}`, { kind: 'import', paths, options });
  },
  'detect/start': (_req, { jobs }) => jobs.start('Run the rules', { kind: 'detect' }),
  'verify/start': ({ head }, { jobs }) =>
    jobs.start('Verify everything', { kind: 'verify', ...(head !== undefined && { head }) }),
  'verify/last': (_req, { jobs }) => {
    const job = jobs.lastDone('verify');
    if (job?.result?.kind !== 'verify') return null;
    return { time: job.endedAt ?? job.startedAt, result: job.result.verification };
  },
  'jobs/list': (_req, { jobs }) => jobs.list(),
  'jobs/cancel': ({ job }, { jobs }) => jobs.cancel(job),
} satisfies Partial<CallTable>;
