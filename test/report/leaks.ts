import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { unzipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { temporaryFolder } from '../host/case.ts';

/** Names that stand in bytes in any of many forms. */
export function leaksIn(bytes: Uint8Array, names: readonly string[]): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const lower = text.toLowerCase();
  return names.filter(
    (name) =>
      exactForms(name).some((form) => text.includes(form)) || anyCaseForms(name).some((form) => lower.includes(form)),
  );
}

const latin = (text: string | Buffer): string => Buffer.from(text as string).toString('latin1');

/** Forms of which each letter counts: base64 at three places, and in base64 again. */
function exactForms(name: string): string[] {
  const once = base64Forms(Buffer.from(name));
  const twice = once.flatMap((form) => base64Forms(Buffer.from(form)));
  return [...once, ...twice].filter((form) => form.length >= 5);
}

function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const urls = forms.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...forms, ...urls])];
}

/** Forms in capitals or not: plain, escaped, in hexadecimal, in UTF-16, as a variable, as parts of host names. */
function anyCaseForms(name: string): string[] {
  const bytes = Buffer.from(name);
  const hex = bytes.toString('hex');
  const percent = hex.replaceAll(/../g, '%$&');
  const utf16 = Buffer.from(name, 'utf16le');
  const isAddress = /^[\d.]+$/.test(name);
  return [
    latin(name),
    encodeURIComponent(name),
    encodeURIComponent(encodeURIComponent(name)),
    percent,
    percent.replaceAll('%', '%25'),
    [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    latin(JSON.stringify(name).slice(1, -1)),
    hex,
    latin(utf16),
    latin(Buffer.from(utf16).swap16()),
    name.replaceAll(/[-.]/g, '_'),
    ...(isAddress ? [name.replaceAll('.', '-'), name.split('.').reverse().join('.')] : []),
  ].map((form) => form.toLowerCase());
}

/** Everything that can be read in an output: what is packed in it, too. */
export async function readable(bytes: Uint8Array): Promise<Buffer> {
  const whole = Buffer.from(bytes);
  const head = whole.toString('latin1', 0, 6);
  if (head.startsWith('PK'))
    return joined(Object.entries(unzipSync(whole)).flatMap(([name, one]) => [Buffer.from(name), one]));
  if (head.startsWith('PAR1')) return joined([whole, await parquetText(whole)]);
  if (head.startsWith('%PDF')) return joined([whole, ...streamsOf(whole), pdfText(whole)]);
  return head.startsWith('SQLite') ? joined([whole, ...partsOfCase(whole)]) : whole;
}

const joined = (parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));

async function parquetText(whole: Buffer): Promise<Buffer> {
  const file = whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file });
  return Buffer.from(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** What is packed in a PDF, but for pages: they hold numbers of glyphs, which `pdfText` has as letters. */
function* streamsOf(pdf: Buffer): Generator<Buffer> {
  for (let at = pdf.indexOf('\nstream\n'); at >= 0; at = pdf.indexOf('\nstream\n', at + 8)) {
    try {
      const stream = inflateSync(pdf.subarray(at + 8));
      if (!stream.includes(' Tf')) yield stream;
    } catch {
      // Not packed: its bytes are searched as they are.
    }
  }
}

/** The text as people copy it, and once more without the ends of lines that may stand within a name. */
function pdfText(pdf: Buffer): Buffer {
  const path = join(temporaryFolder(), 'searched.pdf');
  writeFileSync(path, pdf);
  const text = execFileSync('pdftotext', [path, '-'], { maxBuffer: 1 << 28 }).toString();
  return Buffer.from(`${text}\n${text.replaceAll(/\s+/g, '')}\n${execFileSync('pdfinfo', [path]).toString()}`);
}

/** Blocks unpacked, and all values of all tables: pages tear long ones apart. */
function* partsOfCase(whole: Buffer): Generator<Buffer> {
  const db = new Database(whole);
  for (const block of db.prepare('SELECT data FROM block ORDER BY id').pluck().iterate() as Iterable<Buffer>)
    if (block.length > 0) yield zstdDecompressSync(block);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  for (const table of tables.filter((name) => name !== 'block')) {
    for (const row of db.prepare(`SELECT * FROM "${table}"`).raw().iterate() as Iterable<unknown[]>)
      yield joined(row.map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)))));
  }
  db.close();
}
