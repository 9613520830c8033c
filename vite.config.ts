import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the window into static files that the page server and the shell hand out under one content security policy. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'renderer'),
  base: '/',
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Nothing may stand inline in the page but styles, and no data: URL but images: fonts stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the page is made of, for the licences of a package.
    license: { fileName: 'licences.json' },
    // The editor of rules is one file of nearly 4 MB, loaded when a rule is written.
    chunkSizeWarningLimit: 4500,
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
      },
    },
  },
  worker: { format: 'es' },
});
