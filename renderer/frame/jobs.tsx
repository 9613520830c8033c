import { Popover } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { Job } from '../../core/contract/job-calls.ts';
import { useAct, useBridge, useCall } from '../calls/use-call.ts';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { count, megabytes } from '../words/number.ts';
import { duration, SECOND_US } from '../words/time.ts';

/** Jobs as they are told by the engine, newest first. */
export function useJobs(): readonly Job[] {
  const bridge = useBridge();
  const listed = useCall('jobs/list', {});
  const [told, setTold] = useState<ReadonlyMap<number, Job>>(new Map());
  useEffect(
    () =>
      bridge.onNotice((notice) => {
        if (notice.kind === 'job') setTold((before) => new Map(before).set(notice.job.id, notice.job));
      }),
    [bridge],
  );
  const known = new Map((listed.data ?? []).map((job) => [job.id, job]));
  for (const [id, job] of told) known.set(id, job);
  return [...known.values()].sort((a, b) => b.id - a.id);
}

/** How far a job is, from 0 to 1; null where it cannot be told. */
export function fractionOf(job: Job): number | null {
  const progress = job.progress;
  if (job.state !== 'running') return 1;
  return progress === null || progress.totalBytes <= 0 ? null : Math.min(1, progress.bytes / progress.totalBytes);
}

/** `61 % · 58.2 of 95.4 MB · 88,614 events · 121,000 a second` */
export function progressText(job: Job): string {
  const progress = job.progress;
  const fraction = fractionOf(job);
  if (progress === null) return 'starting';
  return [
    fraction === null ? progress.phase : `${progress.phase} ${Math.floor(fraction * 100)} %`,
    progress.totalBytes > 0 ? `${megabytes(progress.bytes)} of ${megabytes(progress.totalBytes)}` : null,
    progress.events > 0 ? `${count(progress.events)} events` : null,
    progress.eventsPerSecond > 0 ? `${count(Math.round(progress.eventsPerSecond))} a second` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

export function timeLeft(job: Job): string {
  const left = job.progress?.secondsLeft ?? null;
  return left === null ? '' : `about ${duration(Math.max(1, Math.round(left)) * SECOND_US)} left`;
}

/** The running job in the top bar, with its progress; opens the list of all. */
export function JobsButton(): ReactNode {
  const jobs = useJobs();
  const running = jobs.filter((job) => job.state === 'running');
  const first = running[0];
  if (first === undefined) return null;
  const fraction = fractionOf(first);
  return (
    <Popover unstyled position="bottom-end" classNames={{ dropdown: 'over pop jobs' }} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="btn job-button" title={`${running.length} running: ${first.title}`}>
          <Meter fraction={fraction} label={first.title} />
          <span className="tn">{fraction === null ? first.kind : `${first.kind} ${Math.floor(fraction * 100)} %`}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Jobs">
        {jobs.slice(0, 6).map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

export function Meter({ fraction, label }: { readonly fraction: number | null; readonly label: string }): ReactNode {
  return (
    <span
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(fraction === null ? {} : { 'aria-valuenow': Math.floor(fraction * 100) })}
    >
      <i style={{ width: `${(fraction ?? 0.3) * 100}%` }} className={fraction === null ? 'unsure' : undefined} />
    </span>
  );
}

/** One job: what, how far, how long still, and how to stop it. */
export function JobCard({ job }: { readonly job: Job }): ReactNode {
  const act = useAct();
  return (
    <div className="card job">
      <div className="row">
        <b className="grow clip">
          <EvidenceText>{job.title}</EvidenceText>
        </b>
        <span className="t2">{job.state === 'running' ? '' : job.state}</span>
        {job.state === 'running' ? (
          <button type="button" className="btn" onClick={() => void act('jobs/cancel', { job: job.id })}>
            Cancel
          </button>
        ) : null}
      </div>
      {job.state === 'running' ? <Meter fraction={fractionOf(job)} label={job.title} /> : null}
      <div className="row t2 tn">
        <span className="grow">{job.state === 'running' ? progressText(job) : ''}</span>
        <span>{job.state === 'running' ? timeLeft(job) : ''}</span>
      </div>
      {job.fault === null ? null : (
        <p className="fault">
          <Icon name="alerts" size={12} /> <EvidenceText>{job.fault.message}</EvidenceText>
        </p>
      )}
    </div>
  );
}
