import type { Res } from '../contract/calls.ts';
import type { Role } from '../contract/case-calls.ts';
import type { FileTicket } from '../contract/scope.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallContext, RuleSelection, Session } from './api.ts';
import type { Jobs } from './jobs.ts';
import type { OutFiles } from './out-files.ts';
import type { EngineCall, EngineReq } from './protocol.ts';

/** What a call may use. */
export interface CallScope extends CallContext {
  readonly store: CaseStore;
  readonly session: Session;
  readonly role: Role;
  readonly examiner: string;
  readonly rules: RuleSelection;
  /** Other rules from the next call on. */
  takeRules(rules: RuleSelection): void;
  readonly jobs: Jobs;
  readonly files: OutFiles;
  /** Makes a change with its action, in one transaction, and tells all pages. Raises `case/busy` while a job writes. */
  change<T>(run: () => T): T;
}

/** Answers one call; it works in pages, lets others in between, and raises `CaseError`. */
export type Handler<K extends EngineCall> = (req: EngineReq<K>, scope: CallScope) => Res<K> | Promise<Res<K>>;

/** Handlers by name. */
export type CallTable = { readonly [K in EngineCall]: Handler<K> };

export type { EngineReq, FileTicket };
