import type { AlertCalls } from './alert-calls.ts';
import type { CaseCalls, Role } from './case-calls.ts';
import type { EntityCalls } from './entity-calls.ts';
import type { EventCalls } from './event-calls.ts';
import type { Answer } from './fault.ts';
import type { ForeignCalls } from './foreign-rows.ts';
import type { HuntCalls } from './hunt-calls.ts';
import type { IncidentCalls } from './incident-calls.ts';
import type { Job, JobCalls } from './job-calls.ts';
import type { MarkCalls } from './mark-calls.ts';
import type { ReportCalls } from './report-calls.ts';
import type { Progress } from './rows.ts';
import type { RuleCalls } from './rule-calls.ts';
import type { FileTicket } from './scope.ts';
import type { StudioCalls } from './studio-calls.ts';

/**
 * Every call of the app. Requests and results are plain JSON, bounded, and safe to repeat. A reader may make every call but
 * those that say "Admin".
 */
export interface CaseApi
  extends CaseCalls,
    JobCalls,
    EventCalls,
    HuntCalls,
    AlertCalls,
    MarkCalls,
    EntityCalls,
    RuleCalls,
    StudioCalls,
    IncidentCalls,
    ForeignCalls,
    ReportCalls {}

export type CallName = keyof CaseApi;
export type Req<K extends CallName> = Parameters<CaseApi[K]>[0];
export type Res<K extends CallName> = ReturnType<CaseApi[K]>;

/** Calls that change the case, or show what only its holder may see: a reader is refused, and the refusal recorded. */
export const ADMIN_CALLS: ReadonlySet<CallName> = new Set<CallName>([
  'case/seal',
  'actions/undo',
  'evidence/browse',
  'import/start',
  'detect/start',
  'lists/add',
  'lists/remove',
  'jobs/cancel',
  'hunt/save',
  'hunt/forget',
  'alerts/decide',
  'marks/add',
  'marks/take-off',
  'marks/remove',
  'marks/edit',
  'suppressions/add',
  'suppressions/remove',
  'indicators/add',
  'indicators/remove',
  'foreign/add',
  'foreign/remove',
  'report/choose',
  'studio/save',
  'studio/remove',
  'studio/set',
  'studio/import',
  'studio/use-folder',
  'studio/leave-folder',
  'studio/keep',
  'studio/give-up',
]);

/** What the page says to the engine. `id` is the page's own, never used twice. */
export type Ask =
  | { readonly kind: 'ask'; readonly id: number; readonly name: CallName; readonly req: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** What the engine says to the page: exactly one answer to every ask. */
export type Tell =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** What is told to every page without being asked. */
export type Notice =
  | { readonly kind: 'job'; readonly job: Job }
  /** The case was changed by somebody: what was read with an older version may be stale. */
  | { readonly kind: 'changed'; readonly version: number; readonly head: string }
  /** The engine was lost, or is back: calls in flight are answered with a fault and can be repeated. */
  | { readonly kind: 'engine'; readonly state: 'lost' | 'back'; readonly message: string };

/** What the door by which the page came can do. The page asks for these, never for the door's name. */
export interface DoorFacts {
  readonly role: Role;
  /** Native dialogs to choose evidence (`chooseEvidence`). */
  readonly canChooseEvidence: boolean;
  /** A native dialog to choose a folder of rules (`chooseRuleFolder`). */
  readonly canChooseRuleFolder: boolean;
  /** Files dropped on the page are read where they lie, without a copy. */
  readonly takesDroppedFiles: boolean;
  /** `upload` works: files are copied to the server. */
  readonly canUpload: boolean;
  /** `evidence/browse` shows folders. */
  readonly hasEvidenceRoots: boolean;
  /** A saved file can be shown in the file manager (`reveal`). */
  readonly canReveal: boolean;
  readonly version: string;
}

/** A file as the page holds it; a DOM `File` is one. */
export interface PageFile {
  readonly name: string;
  readonly size: number;
}

/** Evidence that the engine may import: `token` goes into `import/start`. */
export interface EvidenceToken {
  readonly token: string;
  readonly name: string;
  readonly sizeBytes: number | null;
}

/** What of a DOM or Node `AbortSignal` a bridge uses. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface CallOptions {
  /** Ends the call; it is answered with the fault `cancelled`. */
  readonly signal?: CancelSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Everything that the renderer can reach. It never rejects: what fails is answered with a fault. */
export interface DecklogBridge {
  readonly door: DoorFacts;
  call<K extends CallName>(name: K, req: Req<K>, options?: CallOptions): Promise<Answer<Res<K>>>;
  /** The answer stops listening. */
  onNotice(listen: (notice: Notice) => void): () => void;
  /** Whether the way to the engine is open; calls wait for a while when it is lost. */
  onConnection(listen: (state: 'open' | 'lost') => void): () => void;
  /** Makes a file of the page known to the engine: by upload, or by its place where the door can. Bytes sent are told. */
  giveEvidence(
    file: PageFile,
    options?: { readonly signal?: CancelSignal; readonly onSent?: (bytes: number) => void },
  ): Promise<Answer<EvidenceToken>>;
  /** Lets the person choose files or a folder; empty: nothing chosen. */
  chooseEvidence(kind: 'files' | 'folder'): Promise<Answer<readonly EvidenceToken[]>>;
  /** Lets the person choose a folder of rules, in which rules are then read and saved. Its path; null: nothing chosen. */
  chooseRuleFolder(): Promise<Answer<string | null>>;
  /** Hands a file that a call made ready to the person. */
  save(file: FileTicket): Promise<Answer<{ readonly isSaved: boolean }>>;
  /** Shows the file saved last under that ticket. */
  reveal(file: FileTicket): Promise<Answer<null>>;
}

/**
 * The loopback server's paths. Every request but those for the page itself carries `authorization: Bearer <token>`; the socket
 * says its token in its first message, since a browser lets a page set no header there.
 */
export const SERVE_PATHS = {
  /** WebSocket: `Hello`, answered with `Welcome`; then one `Ask` or `Tell` a message, as JSON. */
  socket: '/ws',
  /** POST with the file as body and `?name=`: answered with `Answer<EvidenceToken>`. */
  upload: '/upload',
  /** GET `/file/<token>` of a `FileTicket`: its bytes. */
  file: '/file/',
} as const;

/** First message on a WebSocket, and what is answered to it; anything else closes it. */
export interface Hello {
  readonly kind: 'hello';
  readonly token: string;
}

export interface Welcome {
  readonly kind: 'welcome';
  readonly door: DoorFacts;
}
