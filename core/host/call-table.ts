import type { CallTable } from './call-scope.ts';
import { alertCalls } from './calls/alert-calls.ts';
import { caseCalls } from './calls/case-calls.ts';
import { entityCalls } from './calls/entity-calls.ts';
import { eventCalls } from './calls/event-calls.ts';
import { evidenceCalls } from './calls/evidence-calls.ts';
import { foreignCalls } from './calls/foreign-calls.ts';
import { huntCalls } from './calls/hunt-calls.ts';
import { incidentCalls } from './calls/incident-calls.ts';
import { indicatorCalls } from './calls/indicator-calls.ts';
import { jobCalls } from './calls/job-calls.ts';
import { listCalls } from './calls/list-calls.ts';
import { markCalls } from './calls/mark-calls.ts';
import { overviewCalls } from './calls/overview-calls.ts';
import { reportCalls } from './calls/report-calls.ts';
import { ruleCalls } from './calls/rule-calls.ts';
import { savedQueryCalls } from './calls/saved-query-calls.ts';
import { sqlCalls } from './calls/sql-calls.ts';
import { studioCalls } from './calls/studio-calls.ts';
import { suppressionCalls } from './calls/suppression-calls.ts';
import { timelineCalls } from './calls/timeline-calls.ts';

/** Every call that the engine answers, by name. */
export const CALLS: CallTable = {
  ...caseCalls,
  ...evidenceCalls,
  ...jobCalls,
  ...indicatorCalls,
  ...foreignCalls,
  ...listCalls,
  ...eventCalls,
  ...timelineCalls,
  ...huntCalls,
  ...entityCalls,
  ...savedQueryCalls,
  ...sqlCalls,
  ...alertCalls,
  ...markCalls,
  ...incidentCalls,
  ...ruleCalls,
  ...overviewCalls,
  ...reportCalls,
  ...suppressionCalls,
  ...studioCalls,
};
