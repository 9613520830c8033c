import { visible, visibleLines } from '../text.ts';
import type { Block, Inline, Line, ReportDocument, Table } from './document.ts';

/** The report as GitHub-flavoured Markdown; evidence is escaped, so that it stays text wherever it is rendered. */
export function renderMarkdown(document: ReportDocument): string {
  const head = [
    `# ${inert(document.title)}`,
    inert(document.subtitle),
    `Made ${inert(document.made)} by ${inert(document.examiner)}`,
    `Case \`${document.caseHash}\`, rules \`${document.rulesHash}\``,
  ];
  const sections = document.sections.flatMap(({ title, blocks }, index) => [
    `## ${index + 1} ${inert(title)}`,
    ...blocks.flatMap(blockText),
  ]);
  return `${[...head, ...sections].join('\n\n')}\n`;
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level + 1)} ${inert(block.text)}`];
    case 'text':
      return [lineText(block.line)];
    case 'list':
      return [
        block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${lineText(item)}`).join('\n'),
      ];
    case 'facts':
      return [block.rows.map(([head, line]) => `- **${inert(head)}**: ${lineText(line)}`).join('\n')];
    case 'code':
      return [
        visibleLines(block.text)
          .split('\n')
          .map((line) => `    ${line}`)
          .join('\n'),
      ];
    case 'quote':
      return [block.blocks.flatMap(blockText).join('\n\n').replace(/^/gm, '> ')];
    case 'figure':
      return [`*Figure (in the HTML and PDF forms): ${inert(block.caption)}*`];
    case 'blanks':
      return block.labels.map((label) => `${inert(label)}: ______________________________`);
    case 'table':
      return tableText(block);
  }
}

function tableText({ caption, columns, rows }: Table): string[] {
  if (rows.length === 0) return caption === '' ? [] : [`${inert(caption)}: none.`];
  const head = `| ${columns.map((column) => inert(column.head)).join(' | ')} |`;
  const rule = `|${columns.map(() => '---').join('|')}|`;
  const body = rows.map((row) => `| ${row.map(lineText).join(' | ')} |`);
  return [...(caption === '' ? [] : [`**${inert(caption)}** (${rows.length})`]), [head, rule, ...body].join('\n')];
}

const lineText = (line: Line): string => line.map(inlineText).join('').trim();

function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return inert(inline);
  if ('level' in inline) return `**${inline.level}**`;
  if ('cite' in inline) return inline.cite.map((number) => `\\[${number}\\]`).join(' ');
  return inline.style === 'strong' && inline.text.trim() !== ''
    ? `**${inert(inline.text.trim())}**`
    : inert(inline.text);
}

/** Every letter that Markdown or HTML could take as its own, and what would make a bare address a link. */
function inert(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]#|<>~&]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/(\w)@(\w)/g, '$1\\@$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`);
}
