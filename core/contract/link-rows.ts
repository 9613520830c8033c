/** How sure a link between two identities is: proven by the log, likely, or no more than a lead. */
export type Certainty = 'sure' | 'probable' | 'possible';
export const CERTAINTIES: readonly Certainty[] = ['possible', 'probable', 'sure'];

/** An identity as it acts from one address: whoever holds the credential there. `user` is '' for a caller without a name (401). */
export interface Strand {
  readonly cluster: string | null;
  readonly user: string;
  /** The address that the connection came from; null where none was recorded. */
  readonly address: string | null;
}

/** What ties an identity to another one. */
export type LinkKind =
  | 'impersonation'
  | 'issued-token'
  | 'token-secret'
  | 'certificate'
  | 'stolen-pod-token'
  | 'started-pod'
  | 'granted-rights'
  | 'made-account'
  | 'credential-file'
  | 'shared-object'
  | 'shared-address'
  | 'same-identity'
  | 'consequence';

/** One identity acts with what another one made, took or allowed. */
export interface IdentityLink {
  readonly kind: LinkKind;
  readonly certainty: Certainty;
  /** Who made it possible. */
  readonly from: Strand;
  /** Who acts with it. */
  readonly to: Strand;
  /** When it was made possible. */
  readonly time: string;
  /** Why, as a plain sentence. */
  readonly reason: string;
  /** Events that show it, at most ten of each side. */
  readonly auditIDs: readonly string[];
}
