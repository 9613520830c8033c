import { visible } from '../text.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** May be cut down to this width where the terminal is narrow; without it the column keeps its width. */
  readonly least?: number;
  /** Which end of a long text matters less: paths keep their end. */
  readonly cut?: 'start' | 'end';
  /** Colours a cell after it was laid out. */
  readonly paint?: (cell: string, row: number) => string;
}

export type Row = readonly string[];

const GAP = 2;
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Lines of a table; cells are evidence and are made visible here. `width` is the terminal's, null for any width. */
export function tableLines(columns: readonly Column[], rows: readonly Row[], width: number | null): string[] {
  const cells = rows.map((row) => row.map(visible));
  const layout = new Layout(columns, cells, width);
  return [layout.head(), ...layout.rows(cells)];
}

/** Widths found once, from the first rows, for a table that grows while it is written. */
export class Layout {
  readonly #columns: readonly Column[];
  readonly #widths: readonly number[];

  constructor(columns: readonly Column[], rows: readonly Row[], width: number | null) {
    this.#columns = columns;
    this.#widths = widthsFor(columns, rows, width);
  }

  head(): string {
    return this.#line(this.#columns.map((column) => column.head));
  }

  /** Rows of cells that are visible already. */
  rows(rows: readonly Row[]): string[] {
    return rows.map((row, index) => this.#line(row, index));
  }

  #line(row: Row, index?: number): string {
    const cells = this.#columns.map((column, at) => {
      const cell = laidOut(row[at] ?? '', this.#widths[at] as number, column);
      return index === undefined || !column.paint ? cell : column.paint(cell, index);
    });
    return cells.join(' '.repeat(GAP)).trimEnd();
  }
}

function widthsFor(columns: readonly Column[], rows: readonly Row[], width: number | null): number[] {
  const widths = columns.map((column, at) => {
    return rows.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), widthOf(column.head));
  });
  if (width === null) return widths;
  const gaps = GAP * (columns.length - 1);
  let over = widths.reduce((sum, each) => sum + each, gaps) - width;
  while (over > 0) {
    const at = widestToCut(columns, widths);
    if (at < 0) break;
    widths[at] = (widths[at] as number) - 1;
    over--;
  }
  return widths;
}

function widestToCut(columns: readonly Column[], widths: readonly number[]): number {
  let widest = -1;
  columns.forEach((column, at) => {
    const isFree = column.least !== undefined && (widths[at] as number) > column.least;
    if (isFree && (widest < 0 || (widths[at] as number) > (widths[widest] as number))) widest = at;
  });
  return widest;
}

function laidOut(cell: string, width: number, column: Column): string {
  const shown = column.least !== undefined && widthOf(cell) > width ? shortened(cell, width, column.cut) : cell;
  const padding = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return column.align === 'right' ? padding + shown : shown + padding;
}

/** Cuts a text to a width on the screen, with an ellipsis where it was cut. */
export function shortened(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text];
  while (widthOf(letters.join('')) > width - 1 && letters.length > 0) {
    if (cut === 'end') letters.pop();
    else letters.shift();
  }
  return cut === 'end' ? `${letters.join('')}…` : `…${letters.join('')}`;
}

/** Cells of a screen that a text takes: East Asian letters take two, marks that sit on others none. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += /\p{Mn}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}
