import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { sfntOf } from './woff.ts';

const require = createRequire(import.meta.url);

/** A family: its files in the order normal, bold, italics, both; or one file for all of them. */
interface Family {
  readonly name: string;
  readonly files: readonly string[];
}

const ROBOTO = join(dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto');
/** In the order of preference; the first that knows a letter draws it. The last is plain to look at, but of one piece for nearly all scripts. */
const FAMILIES: readonly Family[] = [
  {
    name: 'Roboto',
    files: ['Regular', 'Medium', 'Italic', 'MediumItalic'].map((face) => join(ROBOTO, `Roboto-${face}.ttf`)),
  },
  {
    name: 'UnifontEX',
    files: Array<string>(4).fill(require.resolve('@fontsource/unifontex/files/unifontex-latin-400-normal.woff')),
  },
];

interface KnownFont {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** A font that is read from memory, under a name. */
export interface UnpackedFont {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Fonts of a PDF, all embedded, as pdfmake takes them; `unpacked`: those that stand in no file of their own. */
export function fontFiles(): {
  readonly fonts: Record<string, Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>;
  readonly unpacked: readonly UnpackedFont[];
} {
  const packed = [...new Set(FAMILIES.flatMap(({ files }) => files))].filter((path) => path.endsWith('.woff'));
  const named = FAMILIES.map(({ name, files }) => {
    const [normal, bold, italics, bolditalics] = files.map(shortName) as [string, string, string, string];
    return [name, { normal, bold, italics, bolditalics }] as const;
  });
  return {
    fonts: Object.fromEntries(named),
    unpacked: packed.map((path) => ({ name: shortName(path), bytes: bytesOf(path) })),
  };
}

const shortName = (path: string): string => (path.endsWith('.woff') ? `${basename(path, '.woff')}.ttf` : path);

const bytesOf = (path: string): Buffer => {
  const bytes = readFileSync(path);
  return path.endsWith('.woff') ? sfntOf(bytes) : bytes;
};

/** Letters that are written from right to left, with what stands between two of them. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\p{M}\s]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\p{M}])?/gu;
const LETTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Pages are drawn from left to right: what is read from the right is drawn in reverse, and comes back in order when it is copied. */
const asDrawn = (text: string): string =>
  text.replace(RIGHT_TO_LEFT, (run) =>
    [...LETTERS.segment(run)]
      .reverse()
      .map(({ segment }) => segment)
      .join(''),
  );

/** A run of letters that one family draws. */
export interface Run {
  readonly text: string;
  readonly font: string;
}

/** Splits text by the fonts that know its letters. What no font knows is written as `U+4E2D`, so that nothing vanishes. */
export class FontChooser {
  readonly #fonts: readonly { readonly name: string; readonly font: KnownFont }[];
  readonly #known = new Map<number, string | null>();

  constructor() {
    const fontkit = require('fontkit') as { create(bytes: Buffer): KnownFont };
    this.#fonts = FAMILIES.map(({ name, files }) => ({ name, font: fontkit.create(bytesOf(files[0] as string)) }));
  }

  runs(text: string): readonly Run[] {
    const first = this.#fonts[0]?.name ?? '';
    if (/^[\x20-\x7e]*$/.test(text)) return [{ text, font: first }];
    const runs: { text: string; font: string }[] = [];
    for (const letter of asDrawn(text)) {
      const font = this.#fontOf(letter.codePointAt(0) as number);
      const shown = font === null ? `[U+${(letter.codePointAt(0) as number).toString(16).toUpperCase()}]` : letter;
      const last = runs.at(-1);
      if (last?.font === (font ?? first)) last.text += shown;
      else runs.push({ text: shown, font: font ?? first });
    }
    return runs;
  }

  #fontOf(codePoint: number): string | null {
    const known = this.#known.get(codePoint);
    if (known !== undefined) return known;
    const found = this.#fonts.find(({ font }) => font.hasGlyphForCodePoint(codePoint))?.name ?? null;
    this.#known.set(codePoint, found);
    return found;
  }
}
