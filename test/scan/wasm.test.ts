import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

test.each([
  ['build:scanner', 'core/scan/wasm/line.wasm'],
  ['build:finder', 'core/hunt/wasm/find.wasm'],
])('npm run %s makes %s as it is', (script, kept) => {
  const folder = mkdtempSync(join(tmpdir(), 'decklog-wasm-'));
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const words = scripts[script].split(' ').slice(1) as string[];
  const built = join(folder, 'built.wasm');
  words[words.indexOf('-o') + 1] = built;

  execFileSync(process.execPath, [join(ROOT, 'node_modules/assemblyscript/bin/asc.js'), ...words], { cwd: ROOT });

  expect(readFileSync(built).equals(readFileSync(join(ROOT, kept)))).toBe(true);
  rmSync(folder, { recursive: true });
});
