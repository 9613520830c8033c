import { createRequire } from 'node:module';
import type { Content, createPdf, TableCell } from 'pdfmake';
import { LEVELS, type Level } from '../contract/rows.ts';
import { visible, visibleLines } from '../text.ts';
import type { Block, Inline, Line, ReportDocument, Table } from './document.ts';
import { FontChooser, fontFiles } from './pdf-fonts.ts';
import { count } from './words.ts';

const require = createRequire(import.meta.url);

/** pdfmake lays a table out as a whole, which takes time that grows with the square of its rows. */
const ROWS_OF_TABLE = 150;
type Definition = Parameters<typeof createPdf>[0];

interface Maker {
  readonly virtualfs: { writeFileSync(name: string, bytes: Buffer): void };
  setFonts(fonts: ReturnType<typeof fontFiles>['fonts']): void;
  setUrlAccessPolicy(allow: () => boolean): void;
  setLocalAccessPolicy(allow: (path: string) => boolean): void;
  createPdf(definition: Definition): {
    getStream(): Promise<{ info: Record<string, unknown>; _addInfo(): void }>;
    getBuffer(): Promise<Buffer>;
  };
}

/** The report as pages: contents with page numbers, the hash of the case in each footer, fonts embedded. */
export async function renderPdf(document: ReportDocument): Promise<Uint8Array> {
  const maker = require('pdfmake') as Maker;
  const { fonts, unpacked } = fontFiles();
  for (const { name, bytes } of unpacked) maker.virtualfs.writeFileSync(name, bytes);
  const own = new Set(Object.values(fonts).flatMap((family) => Object.values(family)));
  maker.setFonts(fonts);
  maker.setUrlAccessPolicy(() => false);
  maker.setLocalAccessPolicy((path) => own.has(path));
  const pdf = maker.createPdf(definitionOf(document, new Writer()));
  // The file identifier was made from a fixed date; the time of making is stated once, on the first page. What pdfkit gathers
  // for XMP is not written in PDF 1.3, but would want the date.
  const stream = await pdf.getStream();
  stream._addInfo = () => {};
  delete stream.info['CreationDate'];
  return new Uint8Array(await pdf.getBuffer());
}

function definitionOf(document: ReportDocument, writer: Writer): Definition {
  return {
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 52],
    info: {
      title: document.title,
      author: document.examiner,
      producer: 'Decklog',
      creator: 'Decklog',
      creationDate: new Date(0),
    },
    defaultStyle: { font: 'Roboto', fontSize: 8.5, lineHeight: 1.15, color: '#14181d' },
    styles: STYLES,
    footer: (page, pages) => ({
      margin: [48, 14, 48, 0],
      fontSize: 6.5,
      color: '#434d58',
      columns: [
        { width: '*', text: `case sha256 ${document.caseHash}\nrules ${document.rulesHash.slice(0, 16)}` },
        { width: 80, alignment: 'right', text: `page ${page} of ${pages}` },
      ],
    }),
    content: [
      ...writer.front(document),
      ...document.sections.flatMap((section, index) => writer.section(section, index + 1)),
    ],
  };
}

const STYLES = {
  title: { fontSize: 18, bold: true, margin: [0, 0, 0, 4] },
  h1: { fontSize: 14, bold: true, margin: [0, 14, 0, 6] },
  h2: { fontSize: 11.5, bold: true, margin: [0, 10, 0, 3] },
  h3: { fontSize: 9.5, bold: true, margin: [0, 8, 0, 2] },
  caption: { bold: true, color: '#434d58', margin: [0, 6, 0, 2] },
  head: { bold: true, color: '#434d58' },
  code: { fontSize: 7.5, color: '#243240' },
} satisfies Definition['styles'];

const COLOURS: Readonly<Record<Level, { readonly background: string; readonly color: string }>> = {
  critical: { background: '#a10044', color: '#ffffff' },
  high: { background: '#7c4201', color: '#ffffff' },
  medium: { background: '#a58606', color: '#171c22' },
  low: { background: '#366297', color: '#ffffff' },
  informational: { background: '#e9edf1', color: '#171c22' },
};

/** Turns blocks into what pdfmake lays out. */
class Writer {
  readonly #fonts = new FontChooser();

  front({ title, subtitle, made, examiner }: ReportDocument): Content[] {
    return [
      { text: this.#text(title), style: 'title' },
      { text: this.#text(subtitle), color: '#434d58' },
      { text: this.#text(`Made ${made} by ${examiner}`), color: '#434d58', margin: [0, 0, 0, 10] },
      { toc: { title: { text: 'Contents', style: 'h2' }, numberStyle: { color: '#434d58' } } },
    ];
  }

  section({ title, blocks }: ReportDocument['sections'][number], number: number): Content[] {
    const head: Content = {
      text: this.#text(`${number} ${title}`),
      style: 'h1',
      tocItem: true,
      pageBreak: number === 1 ? 'before' : undefined,
    } as Content;
    return [head, ...blocks.flatMap((block) => this.#block(block))];
  }

  #block(block: Block): Content[] {
    switch (block.kind) {
      case 'heading':
        return [this.#heading(block)];
      case 'text':
        return [{ text: this.#line(block.line), margin: [0, 1, 0, 3] }];
      case 'list': {
        const items = block.items.map((item) => ({ text: this.#line(item) }));
        return [block.ordered ? { ol: items } : { ul: items }];
      }
      case 'facts':
        return [this.#facts(block.rows)];
      case 'code':
        return [{ text: this.#text(visibleLines(block.text), true), style: 'code', preserveLeadingSpaces: true }];
      case 'quote':
        return [{ stack: block.blocks.flatMap((inner) => this.#block(inner)), margin: [10, 2, 0, 4], italics: true }];
      case 'figure':
        return [
          { svg: block.svg, width: 498, margin: [0, 4, 0, 2] },
          { text: this.#text(block.caption), fontSize: 7, color: '#434d58' },
        ];
      case 'blanks':
        return block.labels.map((label) => ({
          text: this.#text(`______________________________________\n${label}`, true),
          margin: [0, 24, 0, 0],
        }));
      case 'table':
        return this.#table(block);
    }
  }

  /** Chapters stand in the contents; the heading of a finding stays with what follows. */
  #heading({ level, text }: { readonly level: 2 | 3; readonly text: string }): Content {
    const own = { text: this.#text(text), style: `h${level}`, headlineLevel: level };
    return (level === 2 ? { ...own, tocItem: true, tocMargin: [12, 0, 0, 0] } : own) as Content;
  }

  #facts(rows: readonly (readonly [string, Line])[]): Content {
    return {
      layout: 'noBorders',
      margin: [0, 1, 0, 3],
      table: {
        widths: [64, '*'],
        body: rows.map(([head, line]) => [{ text: this.#text(head), style: 'head' }, { text: this.#line(line) }]),
      },
    };
  }

  #table(table: Table): Content[] {
    const { caption, columns, rows } = table;
    if (rows.length === 0)
      return caption === '' ? [] : [{ text: this.#text(`${caption}: none.`), color: '#434d58', margin: [0, 2, 0, 2] }];
    const total = columns.reduce((sum, { width }) => sum + width, 0);
    const widths = columns.map(({ width }) => `${((100 * width) / total).toFixed(2)}%`);
    const head: TableCell[] = columns.map((column) => ({ text: this.#text(column.head), style: 'head' }));
    const parts = Array.from({ length: Math.ceil(rows.length / ROWS_OF_TABLE) }, (_, part): Content => {
      const shown = rows.slice(part * ROWS_OF_TABLE, (part + 1) * ROWS_OF_TABLE);
      const body = shown.map((row) => row.map((line, at): TableCell => this.#cell(line, columns[at]?.code === true)));
      return {
        layout: 'lightHorizontalLines',
        fontSize: 7.5,
        table: { headerRows: 1, keepWithHeaderRows: 1, widths, body: [head, ...body], dontBreakRows: true },
      };
    });
    const title: Content[] =
      caption === '' ? [] : [{ text: this.#text(`${caption} (${count(rows.length)})`), style: 'caption' }];
    return [...title, ...parts];
  }

  #cell(line: Line, isCode: boolean): TableCell {
    return isCode ? { text: this.#line(line), style: 'code', fontSize: 6.8 } : { text: this.#line(line) };
  }

  #line(line: Line): Content[] {
    return line.flatMap((inline) => this.#inline(inline));
  }

  #inline(inline: Inline): Content[] {
    if (typeof inline === 'string') return this.#text(inline);
    if ('level' in inline)
      return [
        { text: ` ${inline.level} `, fontSize: 7, ...COLOURS[LEVELS.includes(inline.level) ? inline.level : 'low'] },
      ];
    if ('cite' in inline)
      return [
        { text: inline.cite.map((number) => `[${number}]`).join(' '), color: '#08666e', bold: true, fontSize: 7 },
      ];
    return this.#text(inline.text).map((run) => ({ ...(run as object), ...INLINE_STYLES[inline.style] }) as Content);
  }

  /** Evidence as text of a page, in fonts that know its letters. */
  #text(text: string, hasLines = false): Content[] {
    return this.#fonts.runs(hasLines ? text : visible(text)).map((run) => ({ text: run.text, font: run.font }));
  }
}

const INLINE_STYLES = {
  strong: { bold: true },
  em: { italics: true },
  code: { fontSize: 7.5, color: '#243240' },
  muted: { color: '#434d58' },
} as const;
