import * as monaco from 'monaco-editor/editor/editor.api';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/yaml/register';

export const LANGUAGE = 'yaml';

/** The surfaces of tokens.css, which the editor wants as plain colours. */
const SURFACE = { light: '#ffffff', dark: '#171b20' } as const;

export function applyTheme(): void {
  const chosen = document.documentElement.dataset['theme'];
  const isLight = chosen === 'light' || (chosen !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  monaco.editor.defineTheme('decklog', {
    base: isLight ? 'vs' : 'vs-dark',
    inherit: true,
    rules: [],
    colors: { 'editor.background': isLight ? SURFACE.light : SURFACE.dark },
  });
  monaco.editor.setTheme('decklog');
}

export { monaco };
