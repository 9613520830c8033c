#!/usr/bin/env node
// Plain JavaScript that any Node understands: says what to do where the rest could not even be read.
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const NEEDED_NODE_API = 10;

function whatIsMissing() {
  if (!process.features.typescript) return 'which cannot run TypeScript';
  if (Number(process.versions.napi) < NEEDED_NODE_API) return `which lacks Node-API ${NEEDED_NODE_API}`;
  return null;
}

function refuse(missing) {
  const message = `This is Node ${process.versions.node}, ${missing}, and Decklog needs Node 24.`;
  const hint =
    'Start it with "npm run -s decklog --", which brings its own Node 24, or put Node 24 first on your PATH.';
  const isJson = process.argv.includes('--json');
  const text = isJson ? JSON.stringify({ fault: { code: 'usage', message, hint } }) : `decklog: ${message} ${hint}`;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

/** Beside the packages, where only who installed them can write. Threads take the folder from the environment. */
function keepCompiledCode() {
  const folder = fileURLToPath(new URL('../../node_modules/.cache/code', import.meta.url));
  const { directory } = module.enableCompileCache?.(folder) ?? {};
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= folder;
}

const missing = whatIsMissing();
if (missing) refuse(missing);
else {
  keepCompiledCode();
  const { main } = await import('./main.ts');
  await main(process.argv.slice(2));
}
