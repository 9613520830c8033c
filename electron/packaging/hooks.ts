import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeSums } from './file-list.ts';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');

interface BuildContext {
  readonly platform: { readonly nodeName: string };
  readonly arch: string;
}

/**
 * Called by electron-builder before it gathers packages: `dist/node_modules` holds exactly what runs, so nothing is to be gathered.
 * (Its own gathering would take the checkout's packages, and miss those below them.) Raises where the Node of the system that is packed
 * for is not installed: electron-builder would leave it out, and say so in passing.
 */
export function beforeBuild({ platform, arch }: BuildContext): boolean {
  const system = `${platform.nodeName.replace('32', '')}-${arch}`;
  const names = [`node-${system}`, `node-bin-${system}`];
  if (!names.some((name) => existsSync(join(MODULES, name, 'package.json'))))
    throw new Error(
      `No Node for ${system} is installed: pack on such a system, or add ${names[0]} with npm install --no-save --force`,
    );
  return false;
}

/** Called by electron-builder when all packages are made. */
export function afterAllArtifactBuild({
  outDir,
  artifactPaths,
}: {
  readonly outDir: string;
  readonly artifactPaths: readonly string[];
}): readonly string[] {
  if (artifactPaths.length > 0) writeSums(outDir);
  return [];
}
