/** A snippet with an id of its own: nobody types one. */
export const withNewId = (snippet: string): string =>
  snippet.replace(/^id: \$\d+$/m, () => `id: ${crypto.randomUUID()}`);
