export type ReportFormat = 'html' | 'pdf' | 'json' | 'csv' | 'md';
export const REPORT_FORMATS: readonly ReportFormat[] = ['html', 'pdf', 'json', 'csv', 'md'];

export interface ReportSettings {
  readonly title: string;
  /** Scope and question, own text; Markdown. */
  readonly scope: string;
  readonly conclusion: string;
  readonly preparedBy: string;
  readonly preparedFor: string;
  /** Ids of the sections that go in, in their order. */
  readonly sections: readonly string[];
  readonly only: 'all' | 'starred' | 'confirmed';
  readonly redact: boolean;
}

export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Entries that it would hold now. */
  readonly entries: number;
  readonly isChosen: boolean;
}

/** What has been starred, tagged, noted and written, in numbers. */
export interface ReportView {
  readonly settings: ReportSettings;
  readonly sections: readonly ReportSection[];
  readonly caseHash: string;
  readonly collected: {
    readonly stars: number;
    readonly tags: number;
    readonly notes: number;
    readonly decisions: number;
  };
}

export interface ReportCalls {
  'report/view': (req: Record<string, never>) => ReportView;
  /** Admin. */
  'report/choose': (req: { readonly settings: ReportSettings }) => ReportView;
  /** Path of a page in a sandbox of its own, for a frame; it lasts until the next preview. */
  'report/preview': (req: Record<string, never>) => { readonly path: string };
  /** Makes the report as a job of kind `report`. Recorded. */
  'report/make': (req: { readonly format: ReportFormat }) => { readonly job: number };
}
