import { writeSums } from './file-list.ts';

/**
 * Called by electron-builder before it gathers packages: `dist/node_modules` holds exactly what runs, so nothing is to be gathered.
 * (Its own gathering would take the checkout's packages, and miss those below them.)
 */
export const beforeBuild = (): boolean => false;

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
