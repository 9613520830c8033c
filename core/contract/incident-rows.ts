import type { Level, Outcome } from './alert-rows.ts';
import type { IdentityLink } from './link-rows.ts';

/** One deed of a story, which several alerts may have seen. */
export interface IncidentStep {
  readonly time: string;
  readonly lastTime: string;
  readonly level: Level;
  readonly outcome: Outcome;
  /** One plain sentence. */
  readonly sentence: string;
  readonly user: string;
  readonly address: string | null;
  readonly tactics: readonly string[];
  /** Ids of its alerts, the worst first. */
  readonly alerts: readonly number[];
  /** Somebody else's deed on what the incident left behind, such as the clean-up of a response team. */
  readonly isAftermath?: true;
}

export interface IncidentIdentity {
  readonly user: string;
  readonly addresses: readonly string[];
  readonly firstTime: string;
  readonly lastTime: string;
  readonly events: number;
  /** How it came into the intruder's hands, as far as is known. */
  readonly how: string;
}

export interface SecretRead {
  readonly namespace: string | null;
  /** Null: all of the namespace, or of the cluster. */
  readonly name: string | null;
  readonly user: string;
  readonly time: string;
  readonly count: number;
}

export interface TouchedObject {
  readonly namespace: string | null;
  /** `deployments/web`. */
  readonly object: string;
  readonly user: string;
  /** `created`, `changed`, `deleted`, `entered` (exec, attach, port-forward, debug container). */
  readonly deed: string;
  readonly time: string;
}

/** Something that lets the intruder back in, or keeps running for him. */
export interface Persistence extends TouchedObject {
  /** `role binding`, `token`, `certificate` ... */
  readonly kind: string;
  /** What it does, in a few words. */
  readonly detail: string;
  /** Who took it away again, and when; null where this log shows no removal. */
  readonly removed: { readonly user: string; readonly time: string } | null;
}

export interface BlastRadius {
  readonly identities: readonly IncidentIdentity[];
  readonly secrets: readonly SecretRead[];
  readonly workloads: readonly TouchedObject[];
  readonly persistence: readonly Persistence[];
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
  /** Set where a list above was cut: how many entries it would have. */
  readonly cut?: Readonly<Record<string, number>>;
}

/** Alerts that belong together, told as a story along the kill chain. */
export interface Incident {
  readonly id: number;
  /** Stable for the same evidence and rules, across runs and machines. */
  readonly key: string;
  readonly title: string;
  readonly level: Level;
  readonly story: string;
  readonly identities: readonly string[];
  readonly addresses: readonly string[];
  readonly clusters: readonly string[];
  /** Ids in the order of time. */
  readonly alerts: readonly number[];
  readonly firstTime: string;
  readonly lastTime: string;
  /** In the order of the kill chain. */
  readonly tactics: readonly string[];
  /** The first event that is known to belong to it. */
  readonly firstEvent: { readonly auditID: string; readonly time: string; readonly sentence: string };
  readonly steps: readonly IncidentStep[];
  /** Why its parts belong together. */
  readonly links: readonly IdentityLink[];
  readonly blastRadius: BlastRadius;
  readonly nextChecks: readonly string[];
}
