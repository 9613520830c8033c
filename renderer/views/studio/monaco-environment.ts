import workerUrl from 'monaco-editor/editor/editor.worker?worker&url';

/**
 * What Monaco asks its page for; it must stand before any part of Monaco is loaded. Monaco makes its policies of Trusted Types
 * by the names that the page's policy lists, one of them twice. Its worker is a file of our own origin: left alone, Monaco would
 * start it from a blob, which the page forbids.
 */
interface Policy {
  createScriptURL(url: string): string;
}
type PolicyOptions = { createScriptURL?(url: string): string };

const factory = (globalThis as { trustedTypes?: { createPolicy(name: string, options: PolicyOptions): Policy } })
  .trustedTypes;
const policies = new Map<string, Policy>();

function policyOf(name: string, options: PolicyOptions): Policy | undefined {
  const known = policies.get(name);
  if (known !== undefined || factory === undefined) return known;
  const policy = factory.createPolicy(name, options);
  policies.set(name, policy);
  return policy;
}

/** The cleaner of hovers inside Monaco asks the window itself, by a name that the page does not list: without a policy, hovers say "null". */
const CLEANER = 'dompurify';
const LISTED = 'tokenizeToString';
if (factory !== undefined) {
  const createPolicy = (name: string, options: PolicyOptions) => policyOf(name === CLEANER ? LISTED : name, options);
  Object.defineProperty(globalThis, 'trustedTypes', { value: { createPolicy } });
}

Object.assign(globalThis, {
  MonacoEnvironment: {
    createTrustedTypesPolicy: policyOf,
    getWorker: (): Worker => {
      const policy = policyOf('defaultWorkerFactory', { createScriptURL: (url) => url });
      return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module', name: 'editor' });
    },
  },
});
