import { randomBytes } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import type { EvidenceToken } from '../contract/calls.ts';
import type { EvidenceEntry } from '../contract/case-calls.ts';
import { CaseError } from '../fault.ts';

/** A place of evidence that a page may name by its token alone. */
interface Known {
  readonly path: string;
  /** How it is called in the ledger. */
  readonly name: string;
}

const MOST_ENTRIES = 5000;

/** Hands out tokens for places of evidence: pages never say a path. Tokens last as long as the door. */
export class EvidenceTokens {
  readonly #known = new Map<string, Known>();
  readonly #tokens = new Map<string, string>();
  readonly #roots: readonly string[];
  /** Evidence is only read; a folder of rules is written to, so no place of evidence passes for one. */
  readonly #ruleFolders = new Map<string, string>();

  /** `roots`: folders that may be looked through. */
  constructor(roots: readonly string[] = []) {
    this.#roots = roots;
  }

  get hasRoots(): boolean {
    return this.#roots.length > 0;
  }

  /** A token for a place that the door itself has come to know: an upload, a dialog, a drop. */
  give(path: string, name: string, sizeBytes: number | null): EvidenceToken {
    const known = this.#tokens.get(path);
    const token = known ?? randomBytes(16).toString('hex');
    this.#tokens.set(path, token);
    this.#known.set(token, { path, name });
    return { token, name, sizeBytes };
  }

  /** The place behind a token. Raises `usage`. */
  find(token: string): Known {
    const known = this.#known.get(token);
    if (known !== undefined) return known;
    throw new CaseError('usage', 'This choice of evidence is not known any more.', { hint: 'Choose it again.' });
  }

  /** A token for a folder that a person chose for rules. */
  giveRuleFolder(path: string): string {
    const token = randomBytes(16).toString('hex');
    this.#ruleFolders.set(token, path);
    return token;
  }

  /** The folder behind a token. Raises `usage`. */
  findRuleFolder(token: string): string {
    const path = this.#ruleFolders.get(token);
    if (path !== undefined) return path;
    throw new CaseError('usage', 'This is no folder of rules that was chosen here.', { hint: 'Choose it again.' });
  }

  /** The roots, or what lies in the folder behind a token. Links that lead out of every root are not shown. */
  async browse(token: string | undefined): Promise<readonly EvidenceEntry[]> {
    if (token === undefined) return Promise.all(this.#roots.map((root) => this.#entry(root, root)));
    const { path } = this.find(token);
    const folder = await this.#within(path);
    if (folder === null) throw new CaseError('usage', 'This folder may not be looked into.');
    const names = (await readdir(folder)).sort().slice(0, MOST_ENTRIES);
    const entries = await Promise.all(names.map((name) => this.#shown(join(path, name))));
    return entries.filter((entry) => entry !== null);
  }

  async #shown(path: string): Promise<EvidenceEntry | null> {
    try {
      return (await this.#within(path)) === null ? null : await this.#entry(path, basename(path));
    } catch {
      return null;
    }
  }

  async #entry(path: string, name: string): Promise<EvidenceEntry> {
    const status = await stat(path);
    const sizeBytes = status.isDirectory() ? null : status.size;
    const { token } = this.give(path, path, sizeBytes);
    return { token, name, kind: status.isDirectory() ? 'folder' : 'file', sizeBytes };
  }

  /** The real path, if it lies in a root. */
  async #within(path: string): Promise<string | null> {
    const real = await realpath(path);
    const roots = await Promise.all(this.#roots.map((root) => realpath(root)));
    return roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) ? real : null;
  }
}
