/**
 * The canonical event: an `audit.k8s.io/v1` Event as parsed from JSON. Every field comes from outside and may be absent
 * or of another type, so readers narrow before they use. Keys such as `__proto__` are data: read with `Object.hasOwn`.
 */
export interface AuditEvent {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly level?: unknown;
  readonly auditID?: unknown;
  readonly stage?: unknown;
  readonly requestURI?: unknown;
  readonly verb?: unknown;
  readonly user?: unknown;
  readonly impersonatedUser?: unknown;
  readonly sourceIPs?: unknown;
  readonly userAgent?: unknown;
  readonly objectRef?: unknown;
  readonly responseStatus?: unknown;
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp?: unknown;
  readonly stageTimestamp?: unknown;
  readonly annotations?: unknown;
  readonly [key: string]: unknown;
}
