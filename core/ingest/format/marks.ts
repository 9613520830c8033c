/** Texts that only an audit event has. Quotes may be escaped or doubled by a wrapper. */
const AUDIT_MARK =
  /(?:auditID|requestURI|requestReceivedTimestamp|stageTimestamp)[\\"]*"\s*:|"audit\.k8s\.io\/| AUDIT: id="/;
const AUDIT_ID =
  /auditID[\\"]*"\s*:\s*[\\"]*"([^"\\]{1,256})|AUDIT: id="([^"\\]{1,256})|"AuditId[\\"]*"\s*:\s*[\\"]*"([^"\\]{1,256})/;

/** Whether a text that cannot be read looks like (a part of) an audit event. */
export function looksLikeAudit(text: string): boolean {
  return AUDIT_MARK.test(text);
}

/** The auditID in a text that cannot be parsed. */
export function findAuditId(text: string): string | null {
  const match = AUDIT_ID.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null;
}

/** Why a text that looks like an event is none. */
export function reasonOf(text: string): string {
  if (/\[Truncated\.\.\.\]\s*$/.test(text)) return 'cut by the log service at its size limit ([Truncated...])';
  return /[}\]]\s*$/.test(text) ? 'not valid JSON' : 'cut off before its end';
}
