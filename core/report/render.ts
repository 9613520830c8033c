import type { MadeFile } from '../contract/report.ts';
import type { ReportFormat } from '../contract/report-calls.ts';
import { compose } from './compose.ts';
import type { Report } from './model.ts';

/** Pages keep to what people read; every citation stands in JSON, CSV and HTML. */
const PAGES = { citationsOfFinding: 20, annexRows: 3000 } as const;
const WHOLE = { citationsOfFinding: 20, annexRows: Number.POSITIVE_INFINITY } as const;

/** Renders a report; `csv` gives several files, everything else one. */
export async function renderReport(report: Report, format: ReportFormat): Promise<readonly MadeFile[]> {
  switch (format) {
    case 'json': {
      const { renderJson } = await import('./json.ts');
      return [text('report.json', renderJson(report))];
    }
    case 'html': {
      const { renderHtml } = await import('./html.ts');
      return [text('report.html', renderHtml(compose(report, WHOLE), report.findings.citations))];
    }
    case 'md': {
      const { renderMarkdown } = await import('./markdown.ts');
      return [text('report.md', renderMarkdown(compose(report, WHOLE)))];
    }
    case 'csv': {
      const { renderCsv } = await import('./csv.ts');
      return renderCsv(report);
    }
    case 'pdf': {
      const { renderPdf } = await import('./pdf.ts');
      return [{ name: 'report.pdf', bytes: await renderPdf(compose(report, PAGES)) }];
    }
  }
}

const text = (name: string, content: string): MadeFile => ({ name, bytes: new TextEncoder().encode(content) });
