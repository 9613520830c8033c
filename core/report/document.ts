import type { ReportSectionId } from '../contract/report.ts';
import type { Level } from '../contract/rows.ts';

/** A part of a line. A text alone comes as it is; renderings escape it. */
export type Inline =
  | string
  | { readonly text: string; readonly style: 'strong' | 'em' | 'code' | 'muted' }
  | { readonly level: Level }
  /** Numbers of citations. */
  | { readonly cite: readonly number[] };

export type Line = readonly Inline[];

export interface Column {
  readonly head: string;
  /** Share of the width. */
  readonly width: number;
  readonly code?: true;
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Line[])[];
  /** Rows are citations, in the order of `citations`: renderings may give them anchors. */
  readonly citations?: readonly number[];
}

/** What a page is made of; HTML, PDF and Markdown render the same blocks. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly line: Line }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Line[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, Line])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'figure'; readonly caption: string; readonly svg: string }
  | { readonly kind: 'blanks'; readonly labels: readonly string[] }
  | Table;

export interface Section {
  readonly id: ReportSectionId;
  readonly title: string;
  readonly part: 'findings' | 'custody';
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  /** Beneath the title: the span of time and what the case holds. */
  readonly subtitle: string;
  readonly made: string;
  readonly examiner: string;
  readonly caseHash: string;
  readonly rulesHash: string;
  readonly sections: readonly Section[];
}

/** What differs between renderings: how much of the proof stands in the pages. */
export interface ComposeLimits {
  /** Citations that are listed with each finding. */
  readonly citationsOfFinding: number;
  /** Rows of the annex; the rest is counted, and stands in the case, in JSON and CSV. */
  readonly annexRows: number;
}
