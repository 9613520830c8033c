import type { ReportDocument } from './document.ts';
export async function renderPdf(document: ReportDocument): Promise<Uint8Array> {
  return new TextEncoder().encode(document.title);
}
