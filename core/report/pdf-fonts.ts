import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Families in the order of preference; the first that knows a letter draws it. */
const FAMILIES = [
  {
    name: 'Roboto',
    folder: join(dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto'),
    files: ['Roboto-Regular.ttf', 'Roboto-Medium.ttf', 'Roboto-Italic.ttf', 'Roboto-MediumItalic.ttf'],
  },
] as const;

interface KnownFont {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** Fonts of a PDF, all embedded, as pdfmake takes them. */
export function fontFiles(): Record<string, Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>> {
  return Object.fromEntries(
    FAMILIES.map(({ name, folder, files: [normal, bold, italics, bolditalics] }) => [
      name,
      {
        normal: join(folder, normal),
        bold: join(folder, bold),
        italics: join(folder, italics),
        bolditalics: join(folder, bolditalics),
      },
    ]),
  );
}

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
    const fontkit = require('fontkit') as { openSync(path: string): KnownFont };
    this.#fonts = FAMILIES.map(({ name, folder, files }) => ({ name, font: fontkit.openSync(join(folder, files[0])) }));
  }

  runs(text: string): readonly Run[] {
    const first = this.#fonts[0]?.name ?? '';
    if (/^[\x20-\x7e]*$/.test(text)) return [{ text, font: first }];
    const runs: { text: string; font: string }[] = [];
    for (const letter of text) {
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
