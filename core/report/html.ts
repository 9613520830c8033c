import { LEVELS } from '../contract/rows.ts';
import { visible, visibleLines } from '../text.ts';
import type { Block, Inline, Line, ReportDocument, Section, Table } from './document.ts';
import { STYLE } from './html-style.ts';
import type { Citation } from './model.ts';
import { count } from './words.ts';

/**
 * A page on its own: no script, nothing from outside, and a policy that forbids both. Evidence is text: what a browser would
 * obey is escaped, what hides or turns text is written out.
 */
export function renderHtml(document: ReportDocument, citations: readonly Citation[]): string {
  const parts = [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">\n`,
    '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n',
    `<title>${inert(document.title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<main>\n`,
    `<h1>${inert(document.title)}</h1>\n<p class="sub">${inert(document.subtitle)}</p>\n`,
    `<p class="sub">Made <time>${inert(document.made)}</time> by ${inert(document.examiner)}</p>\n`,
    contents(document.sections),
    ...document.sections.map((section, index) => sectionHtml(section, index + 1, citations)),
    `<footer>case ${document.caseHash} &middot; rules ${document.rulesHash.slice(0, 16)}</footer>\n</main>\n</body>\n</html>\n`,
  ];
  return parts.join('');
}

function contents(sections: readonly Section[]): string {
  const items = sections.map(({ id, title }) => `<li><a href="#${id}">${inert(title)}</a></li>`);
  return `<nav><h2>Contents</h2><ol>${items.join('')}</ol></nav>\n`;
}

function sectionHtml(section: Section, number: number, citations: readonly Citation[]): string {
  const blocks = section.blocks.map((block) => blockHtml(block, citations)).join('');
  return `<section id="${section.id}" data-part="${section.part}">\n<h2>${number} ${inert(section.title)}</h2>\n${blocks}</section>\n`;
}

function blockHtml(block: Block, citations: readonly Citation[]): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level + 1}>${inert(block.text)}</h${block.level + 1}>\n`;
    case 'text':
      return `<p>${lineHtml(block.line)}</p>\n`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${lineHtml(item)}</li>`).join('')}</${tag}>\n`;
    }
    case 'facts':
      return `<dl>${block.rows.map(([head, line]) => `<dt>${inert(head)}</dt><dd>${lineHtml(line)}</dd>`).join('')}</dl>\n`;
    case 'code':
      return `<pre>${escapeOnly(visibleLines(block.text))}</pre>\n`;
    case 'quote':
      return `<blockquote>${block.blocks.map((inner) => blockHtml(inner, citations)).join('')}</blockquote>\n`;
    case 'figure':
      return `<figure>${block.svg}<figcaption>${inert(block.caption)}</figcaption></figure>\n`;
    case 'blanks':
      return block.labels.map((label) => `<p class="blank">${inert(label)}</p>\n`).join('');
    case 'table':
      return tableHtml(block, citations);
  }
}

function tableHtml(table: Table, citations: readonly Citation[]): string {
  const caption =
    table.caption === '' ? '' : `<caption>${inert(table.caption)} (${count(table.rows.length)})</caption>`;
  if (table.rows.length === 0) return `<p class="muted">${inert(table.caption)}: none.</p>\n`;
  const total = table.columns.reduce((sum, column) => sum + column.width, 0);
  const widths = table.columns
    .map(({ width }) => `<col style="width:${((100 * width) / total).toFixed(1)}%">`)
    .join('');
  const heads = table.columns.map(({ head }) => `<th scope="col">${inert(head)}</th>`).join('');
  const rows = table.rows.map((row, index) => {
    const cells = row.map((line, at) => `<td${table.columns[at]?.code ? ' class="code"' : ''}>${lineHtml(line)}</td>`);
    return `<tr${anchor(citations[(table.citations?.[index] ?? 0) - 1])}>${cells.join('')}</tr>`;
  });
  return `<table>${caption}<colgroup>${widths}</colgroup><thead><tr>${heads}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>\n`;
}

/** A row of the annex carries its citation for programs, too. */
function anchor(citation: Citation | undefined): string {
  if (citation === undefined) return '';
  const { number, auditID, sha256, offset, length, inner, form } = citation;
  const data = { 'audit-id': auditID, sha256, offset, length, inner: inner ?? '', form };
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escapeOnly(String(value))}"`);
  return ` id="c${number}"${attributes.join('')}`;
}

const lineHtml = (line: Line): string => line.map(inlineHtml).join('');

function inlineHtml(inline: Inline): string {
  if (typeof inline === 'string') return inert(inline);
  if ('level' in inline) return `<b class="level l${LEVELS.indexOf(inline.level)}">${inline.level}</b>`;
  if ('cite' in inline)
    return inline.cite.map((number) => `<a class="cite" href="#c${number}">[${number}]</a>`).join(' ');
  const text = inert(inline.text);
  switch (inline.style) {
    case 'strong':
      return `<strong>${text}</strong>`;
    case 'em':
      return `<em>${text}</em>`;
    case 'code':
      return `<code>${text}</code>`;
    case 'muted':
      return `<span class="muted">${text}</span>`;
  }
}

/** Evidence as text of a page: on one line, with everything visible. */
const inert = (text: string): string => escapeOnly(visible(text));

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeOnly = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
