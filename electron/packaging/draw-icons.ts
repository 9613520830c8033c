import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Draws the icons of packages from the page's own: `node electron/packaging/draw-icons.ts`, when that has changed. */
const ROOT = join(import.meta.dirname, '..', '..');
const ICONS = join(import.meta.dirname, 'icons');
const SIZES = [16, 32, 48, 64, 128, 256, 512] as const;
/** How macOS names pictures by their size. */
const KINDS: readonly (readonly [string, number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
];

async function draw(): Promise<ReadonlyMap<number, Buffer>> {
  const svg = readFileSync(join(ROOT, 'renderer', 'icon.svg'), 'utf8');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const pictures = new Map<number, Buffer>();
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<body style="margin:0">${svg.replace('<svg ', '<svg style="display:block" ')}`);
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return pictures;
}

/** Windows' container: a head, an entry of 16 bytes for each picture, the pictures. */
function icoOf(pictures: readonly (readonly [number, Buffer])[]): Buffer {
  const head = Buffer.from([0, 0, 1, 0, pictures.length, 0]);
  let offset = head.length + 16 * pictures.length;
  const entries = pictures.map(([size, picture]) => {
    const entry = Buffer.alloc(16);
    // 256 is written as 0.
    entry.set([size % 256, size % 256, 0, 0, 1, 0, 32, 0]);
    entry.writeUInt32LE(picture.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += picture.length;
    return entry;
  });
  return Buffer.concat([head, ...entries, ...pictures.map(([, picture]) => picture)]);
}

/** The container of macOS: everything with its kind and length before it. */
function icnsOf(pictures: ReadonlyMap<number, Buffer>): Buffer {
  const block = (kind: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(kind, 'latin1');
    head.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([head, content]);
  };
  return block('icns', Buffer.concat(KINDS.map(([kind, size]) => block(kind, pictures.get(size) as Buffer))));
}

const pictures = await draw();
mkdirSync(join(ICONS, 'linux'), { recursive: true });
for (const [size, picture] of pictures) writeFileSync(join(ICONS, 'linux', `${size}x${size}.png`), picture);
writeFileSync(join(ICONS, 'icon.ico'), icoOf([...pictures].filter(([size]) => size <= 256)));
writeFileSync(join(ICONS, 'icon.icns'), icnsOf(pictures));
