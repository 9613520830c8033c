import { posix } from 'node:path';

/** Stems that say what a file is, not where it comes from. */
const GENERIC = /^(audit|kube-?api-?server|apiserver|kube-?audit|audit-?logs?|logs?|events?|export|output)?$/i;
const EXTENSIONS = /\.(log|jsonl?|ndjson|txt|csv|gz|gzip|zst|bz2|xz|lz4|tar|tgz|zip|\d+)$/i;
const ROTATION = /[-_.]\d{4}-?\d\d-?\d\d([T_-][\d.:-]+)?$/;

/**
 * Of which API server a member tells, where neither the examiner nor the wrapper says it (decision 5): the folder it
 * lies in, inside an archive or below a folder that was given; for files given one by one their folders only if these
 * differ, else the file's stem. Null where that says nothing.
 */
export class ServerNames {
  readonly #given: readonly string[];
  readonly #foldersDiffer: boolean;

  constructor(given: readonly string[]) {
    this.#given = given.map((path) => path.replace(/\/+$/, ''));
    this.#foldersDiffer = new Set(this.#given.map((path) => posix.dirname(path))).size > 1;
  }

  of(path: string): string | null {
    const steps = path.split('!/');
    const inside = steps.length > 1 ? (steps.at(-1) as string) : this.#below(steps[0] as string);
    const folder = posix.basename(posix.dirname(inside));
    if (folder !== '' && folder !== '.' && folder !== '..') return folder;
    const stem = stemOf(posix.basename(inside));
    return GENERIC.test(stem) ? null : stem;
  }

  #below(path: string): string {
    const root = this.#given.find((given) => path.startsWith(`${given}/`));
    if (root !== undefined) return path.slice(root.length + 1);
    return this.#foldersDiffer ? path : posix.basename(path);
  }
}

function stemOf(name: string): string {
  let stem = name;
  while (EXTENSIONS.test(stem)) stem = stem.replace(EXTENSIONS, '');
  return stem.replace(ROTATION, '');
}
