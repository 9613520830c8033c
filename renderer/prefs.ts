import { useSyncExternalStore } from 'react';

/** What a person likes, remembered in this browser. Nothing of a case goes here. */
export interface Preferences {
  readonly theme: 'system' | 'dark' | 'light';
  readonly density: 'compact' | 'comfortable';
  readonly dockWidth: number;
  /** The rules beside the editor of rules; null: where there is room. */
  readonly ruleList: 'shown' | 'hidden' | null;
  /** Keys in the place of the shipped ones, by command. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Chosen columns and widths by grid. */
  readonly grids: Readonly<Record<string, GridPreference>>;
}

export interface GridPreference {
  readonly hidden?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
}

const KEY = 'decklog.preferences';
const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'compact',
  dockWidth: 436,
  ruleList: null,
  keys: {},
  grids: {},
};
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...DEFAULTS, ...stored } : DEFAULTS;
  } catch {
    return DEFAULTS; // another version's, or storage that is not allowed: likings are no evidence
  }
}

export function preferences(): Preferences {
  return current;
}

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // remembered for this page only
  }
  applyPreferences();
  for (const listener of listeners) listener();
}

/** Sets theme and density on the page. */
export function applyPreferences(): void {
  const root = document.documentElement;
  const isDark =
    current.theme === 'dark' || (current.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset['theme'] = isDark ? 'dark' : 'light';
  root.dataset['density'] = current.density;
  root.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
