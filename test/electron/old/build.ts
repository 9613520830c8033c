import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { buildShell } from '../../../electron/build-shell.ts';
import { BUILT } from '../stand-in.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Our own page gets what its Chromium lacks before anything else runs in it. */
const pageBefore: Plugin = {
  name: 'page-before',
  transformIndexHtml: () => [{ tag: 'script', attrs: { src: '/page-before.js' }, injectTo: 'head-prepend' }],
};

/** A rule whose selector it does not know is dropped whole there: what is kept off the editor's parts is laid out without that. */
const olderSelectors: Plugin = {
  name: 'older-selectors',
  enforce: 'pre',
  transform: (code, id) =>
    /\.css(?:\?|$)/.test(id)
      ? code
          .replace(/:where\(:not\([^()]*\)\)/g, '')
          .replace(/:not\(([^()]*,[^()]*)\)/g, (_, list: string) => list.replace(/([^,\s]+),?\s*/g, ':not($1)'))
      : null,
};

/**
 * The old Electron has no `webUtils`, and its bridge does not carry files: what is dropped tells its path before the page hears of it,
 * and the page gives files in that order.
 */
const preloadFor = (code: string): string => `((given) => {
const old = given('electron');
const dropped = [];
const hear = ({ dataTransfer }) => dropped.push(...Array.from(dataTransfer.files, (file) => file.path));
addEventListener('drop', hear, true);
const webUtils = { getPathForFile: () => dropped.shift() || '' };
const require = () => ({ contextBridge: old.contextBridge, ipcRenderer: old.ipcRenderer, webUtils });
${code}
})(require);
`;

/**
 * The app as the old Electron can run it, in a folder: our sources, built for its Node and its Chromium; the engine and the rules
 * are those of `dist/`, which must have been built. Packages take it as it is.
 */
export async function buildForOldElectron(to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  await buildShell(join(to, 'electron'), { main: 'es2019', preload: 'es2019' });
  const preload = join(to, 'electron', 'preload.cjs');
  writeFileSync(preload, preloadFor(readFileSync(preload, 'utf8')));
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [pageBefore, olderSelectors],
    build: { outDir: join(to, 'renderer'), target: 'es2020', cssTarget: 'chrome83', emptyOutDir: true },
  });
  copyFileSync(join(import.meta.dirname, 'page-before.js'), join(to, 'renderer', 'page-before.js'));
  // Its Node knows the modules of Node by their short names alone.
  const entry = readFileSync(join(import.meta.dirname, 'entry.cjs'), 'utf8').replaceAll("require('node:", "require('");
  writeFileSync(join(to, 'entry.cjs'), entry);
  for (const name of ['core', 'licences', 'node_modules', 'rules', 'sample', 'start'])
    cpSync(join(BUILT, name), join(to, name), { recursive: true });
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ name, version, main: 'entry.cjs' })}\n`);
}

if (process.argv[1] === import.meta.filename) await buildForOldElectron(resolve(process.argv[2] as string));
