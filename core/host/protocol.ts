import type { Ask, CallName, Notice, Req, Tell } from '../contract/calls.ts';
import type { ImportRequest, OpenedCase, Role } from '../contract/case-calls.ts';
import type { Fault } from '../contract/fault.ts';
import type { RuleSelection } from './api.ts';

/** How an engine is to open its one case. */
export interface EngineSetup {
  readonly path: string;
  /** Make the case if there is none yet. */
  readonly isNew?: boolean;
  /** A reader's engine opens the case read-only. */
  readonly role: Role;
  readonly examiner: string;
  readonly rules: RuleSelection;
  /** Private folder of the door: files that calls make ready are put there under their token. */
  readonly outFolder: string;
}

/** Calls as the engine knows them: the door has turned tokens into paths, and answers by itself what is about folders. */
export type EngineCall = Exclude<CallName, 'evidence/browse'>;

/** What becomes of a request on its way through the door. */
export type EngineReq<K extends EngineCall> = K extends 'import/start'
  ? Omit<ImportRequest, 'sources'> & {
      readonly paths: readonly string[];
      readonly names: Readonly<Record<string, string>>;
    }
  : K extends 'indicators/add'
    ? Omit<Req<'indicators/add'>, 'token'> & { readonly path: string; readonly file: string }
    : K extends 'foreign/add'
      ? Omit<Req<'foreign/add'>, 'token'> & { readonly path: string; readonly file: string }
      : K extends 'studio/import'
        ? Omit<Req<'studio/import'>, 'sources'> & {
            readonly paths: readonly string[];
            readonly names: Readonly<Record<string, string>>;
          }
        : K extends 'studio/use-folder'
          ? { readonly path: string }
          : Req<K>;

/** What a door says to the engine: a page's messages, with the role of its link. */
export type EngineAsk =
  | { readonly kind: 'open'; readonly setup: EngineSetup }
  | (Extract<Ask, { kind: 'ask' }> & { readonly role: Role })
  | Extract<Ask, { kind: 'cancel' }>
  | { readonly kind: 'close' };

export type EngineTell =
  | Exclude<Tell, { kind: 'notice' }>
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** Other rules from now on; an engine that is started again is to use them too. */
  | { readonly kind: 'rules'; readonly rules: RuleSelection }
  | { readonly kind: 'opened'; readonly case: OpenedCase }
  | { readonly kind: 'not-opened'; readonly fault: Fault };
