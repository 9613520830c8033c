import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A small file of the shell's own: damaged or missing, it is as if there had never been one. */
export class StateFile<State> {
  readonly #path: string;
  readonly #read: (raw: unknown) => State;

  /** `read` makes a state of whatever the file held; of `undefined` too. */
  constructor(path: string, read: (raw: unknown) => State) {
    this.#path = path;
    this.#read = read;
  }

  load(): State {
    try {
      return this.#read(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return this.#read(undefined);
    }
  }

  /** Where nothing can be written it is forgotten: that is no reason to stop what a person is about. */
  save(state: State): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      const beside = `${this.#path}.new`;
      writeFileSync(beside, JSON.stringify(state));
      renameSync(beside, this.#path);
    } catch {}
  }
}

/** Folders of rules by the path of the case that they were opened with. */
export type RuleFolders = Readonly<Record<string, readonly string[]>>;

const MOST_CASES = 200;

export function readRuleFolders(raw: unknown): RuleFolders {
  if (typeof raw !== 'object' || raw === null) return {};
  const isPaths = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((path) => typeof path === 'string');
  return Object.fromEntries(Object.entries(raw).filter(([, paths]) => isPaths(paths)));
}

/** The case that was changed last stands last. */
export function withRuleFolders(all: RuleFolders, path: string, folders: readonly string[]): RuleFolders {
  const others = Object.entries(all).filter(([one]) => one !== path);
  const own: [string, readonly string[]][] = folders.length === 0 ? [] : [[path, folders]];
  return Object.fromEntries([...others, ...own].slice(-MOST_CASES));
}

export interface WindowState {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximised: boolean;
}

const whole = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;

export function readWindowState(raw: unknown): WindowState {
  const { x, y, width, height, isMaximised } = (raw ?? {}) as Readonly<Record<string, unknown>>;
  if (!whole(width, 640) || !whole(height, 400)) return { width: 1440, height: 900, isMaximised: false };
  const place = whole(x, -100_000) && whole(y, -100_000) ? { x, y } : {};
  return { ...place, width, height, isMaximised: isMaximised === true };
}

const MOST_RECENT = 12;

/** Paths of cases, the last one first. */
export function readRecent(raw: unknown): readonly string[] {
  return Array.isArray(raw) ? raw.filter((path) => typeof path === 'string').slice(0, MOST_RECENT) : [];
}

export function withRecent(recent: readonly string[], path: string): readonly string[] {
  return [path, ...recent.filter((other) => other !== path)].slice(0, MOST_RECENT);
}
