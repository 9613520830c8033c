import { marked, type Token, type Tokens } from 'marked';
import type { Block, Inline, Line } from './document.ts';

/**
 * The examiner's own words: Markdown as blocks of ours. Nothing passes through as HTML, images and links stay text with their
 * address behind, and what is not known is shown as it was written.
 */
export function readMarkdown(markdown: string): Block[] {
  return marked.lexer(markdown, { gfm: true }).flatMap(blockOf);
}

function blockOf(token: Token): Block[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'hr':
      return [{ kind: 'text', line: ['* * *'] }];
    case 'heading':
      return [{ kind: 'heading', level: token['depth'] === 1 ? 2 : 3, text: plain(inlines(token.tokens)) }];
    case 'code':
      return [{ kind: 'code', text: token['text'] }];
    case 'blockquote':
      return [{ kind: 'quote', blocks: (token.tokens ?? []).flatMap(blockOf) }];
    case 'list':
      return [listOf(token as Tokens.List)];
    case 'table':
      return [tableOf(token as Tokens.Table)];
    default:
      return [{ kind: 'text', line: childrenOf(token) ? inlines(childrenOf(token)) : [token.raw.trimEnd()] }];
  }
}

function listOf(list: Tokens.List): Block {
  return { kind: 'list', ordered: list.ordered, items: list.items.map((item) => itemLine(item)) };
}

/** Lists within lists become one line with their words in order. */
function itemLine(item: Tokens.ListItem): Line {
  return item.tokens.flatMap((token, index): Inline[] => {
    const space = index === 0 ? [] : [' '];
    if (token.type === 'list') {
      const inner = (token as Tokens.List).items.map((entry) => plain(itemLine(entry)));
      return [...space, `(${inner.join('; ')})`];
    }
    return [...space, ...('tokens' in token && token.tokens ? inlines(token.tokens) : [token.raw.trim()])];
  });
}

function tableOf(table: Tokens.Table): Block {
  return {
    kind: 'table',
    caption: '',
    columns: table.header.map((cell) => ({ head: plain(inlines(cell.tokens)), width: 1 })),
    rows: table.rows.map((row) => row.map((cell) => inlines(cell.tokens))),
  };
}

function inlines(tokens: readonly Token[] = []): Inline[] {
  return tokens.flatMap(inlineOf);
}

function inlineOf(token: Token): Inline[] {
  switch (token.type) {
    case 'strong':
      return [{ text: plain(inlines(token.tokens)), style: 'strong' }];
    case 'em':
      return [{ text: plain(inlines(token.tokens)), style: 'em' }];
    case 'codespan':
      return [{ text: token['text'], style: 'code' }];
    case 'br':
      return [' '];
    case 'link':
    case 'image':
      return [linkText(token as Tokens.Link)];
    case 'escape':
      return [token['text']];
    case 'text':
      return token.tokens ? inlines(token.tokens) : [token['text']];
    default:
      return [childrenOf(token) ? plain(inlines(childrenOf(token))) : token.raw];
  }
}

/** A report refers to nothing outside: the address is shown, and leads nowhere. */
function linkText({ text, href }: Tokens.Link): string {
  return text === href || text === '' ? href : `${text} (${href})`;
}

const childrenOf = (token: Token): Token[] | undefined => ('tokens' in token ? token.tokens : undefined);

const plain = (line: Line): string =>
  line.map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : '')).join('');
