import * as monaco from 'monaco-editor/editor/editor.api';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/yaml/register';
import workerUrl from 'monaco-editor/editor/editor.worker?worker&url';

type PolicyOptions = { createScriptURL?(url: string): string };
interface Policy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, options: PolicyOptions): Policy;
}

const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
let workerPolicy: Policy | undefined;

/**
 * Monaco makes its policies of Trusted Types itself, under the names that the page's policy lists. Its worker is our own file, and
 * needs one of these policies: by itself Monaco would start it from a blob, which the page forbids.
 */
const environment = {
  createTrustedTypesPolicy(name: string, options: PolicyOptions): Policy | undefined {
    const policy = trusted?.createPolicy(name, options);
    if (name === 'defaultWorkerFactory') workerPolicy = policy;
    return policy;
  },
  getWorker: (): Worker => {
    workerPolicy ??= trusted?.createPolicy('defaultWorkerFactory', { createScriptURL: (url) => url });
    return new Worker(workerPolicy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module', name: 'editor' });
  },
};
Object.assign(globalThis, { MonacoEnvironment: environment });

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
