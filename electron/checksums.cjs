// Called by electron-builder when all packages are made: writes SHA256SUMS beside them, as `sha256sum -c` reads it.
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

exports.default = ({ outDir, artifactPaths }) => {
  const lines = artifactPaths
    .filter((path) => !path.endsWith('.blockmap'))
    .sort()
    .map((path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${basename(path)}\n`);
  if (lines.length === 0) return [];
  const sums = join(outDir, 'SHA256SUMS');
  writeFileSync(sums, lines.join(''));
  return [sums];
};
