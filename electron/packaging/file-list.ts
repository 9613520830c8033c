import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The SHA-256 of every file below a folder, by its path with slashes, in the order of paths. */
export type FileList = ReadonlyMap<string, string>;

const CHECKSUMS = 'SHA256SUMS';
/** What electron-builder writes for itself. */
const NOT_CARRIED = /^builder-|\.blockmap$/;

const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** What a folder holds. */
export function listFiles(folder: string): FileList {
  const found: (readonly [string, string])[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const whole = join(folder, path);
    const status = lstatSync(whole);
    if (status.isDirectory()) continue;
    const bytes = status.isSymbolicLink() ? readlinkSync(whole) : readFileSync(whole);
    found.push([path.split(sep).join('/'), hashOf(bytes)]);
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const asText = (files: FileList): string => [...files].map(([path, hash]) => `${hash}  ${path}\n`).join('');

/** As `sha256sum -c` reads it in the folder that is installed. */
export const writeFileList = (files: FileList, to: string): void => writeFileSync(to, asText(files));

/** Writes SHA256SUMS beside packages, over every file that is carried with them. */
export function writeSums(folder: string): void {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== CHECKSUMS && !NOT_CARRIED.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  writeFileList(
    new Map(names.map((name) => [name, hashOf(readFileSync(join(folder, name)))])),
    join(folder, CHECKSUMS),
  );
}
