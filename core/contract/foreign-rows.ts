import type { Level } from './alert-rows.ts';

/** How another tool wrote its alerts down: as its alerts API answers, as it sends them to Event Hubs, as rows of its table. */
export type ForeignShape = 'rest' | 'event-hub' | 'table';

/** A file with alerts of another tool that was brought into a case. */
export interface ForeignFile {
  readonly id: number;
  /** Name of the file, without its folder. */
  readonly name: string;
  readonly tool: 'defender';
  readonly shape: ForeignShape;
  readonly sha256: string;
  readonly bytes: number;
  readonly alerts: number;
  readonly note: string;
  readonly examiner: string;
  readonly time: string;
}

/** What another tool says of an alert, as far as it can stand beside a finding. */
export interface ForeignFacts {
  /** The other tool's own id of this alert. */
  readonly key: string;
  /** Its detection, under the name that it bears today: `K8S_ClusterAdminBinding`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly level: Level;
  readonly status: string;
  readonly firstTime: string;
  readonly lastTime: string;
  readonly tactics: readonly string[];
  readonly attack: readonly string[];
  readonly cluster: string | null;
  readonly namespace: string | null;
  /** `pods/web-0`, or what the other tool calls compromised. */
  readonly object: string | null;
  readonly users: readonly string[];
  readonly sourceIPs: readonly string[];
}

export interface ForeignAlert extends ForeignFacts {
  readonly id: number;
  /** Id of its file. */
  readonly file: number;
  /** Alerts of this case for the same detection at that time. */
  readonly ours: readonly number[];
}

export interface ForeignCalls {
  /** Files with alerts of other tools, and the alerts themselves by time: at most 2,000, of how many. */
  'foreign/list': (req: Record<string, never>) => {
    readonly files: readonly ForeignFile[];
    readonly alerts: readonly ForeignAlert[];
    readonly total: number;
  };
  /** Admin. Brings a file in; `token` names it as in `import/start`. */
  'foreign/add': (req: { readonly token: string; readonly note?: string }) => ForeignFile;
  /** Admin. Its alerts are shown no more; the file stays in the case. */
  'foreign/remove': (req: { readonly id: number; readonly reason: string }) => { readonly removed: number };
}
