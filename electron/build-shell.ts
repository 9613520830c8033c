import { join } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = ['main', 'preload'] as const;

/** Builds main and preload into a folder as CommonJS, each in one file; `targets` are engines, in the place of the shipped ones. */
export async function buildShell(
  to: string,
  targets: Partial<Readonly<Record<(typeof ENTRIES)[number], string>>> = {},
): Promise<void> {
  for (const name of ENTRIES) {
    const target = targets[name];
    const build = await rolldown({
      input: join(import.meta.dirname, `${name}.ts`),
      external: ['electron', /^node:/],
      platform: 'node',
      transform: { define: { 'import.meta.url': 'undefined' }, ...(target !== undefined && { target }) },
    });
    await build.write({ file: join(to, `${name}.cjs`), format: 'cjs' });
  }
}
