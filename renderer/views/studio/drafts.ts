/** Texts that are not saved yet, by case and path: they outlive a crash and a reload, and go when they are saved or given up. */
export interface UnsavedText {
  readonly text: string;
  readonly tests: string;
}

const keyOf = (casePath: string, path: string) => `decklog.unsaved ${casePath} ${path}`;

export function unsaved(casePath: string, path: string): UnsavedText | null {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(keyOf(casePath, path)) ?? 'null');
    if (typeof raw !== 'object' || raw === null || !('text' in raw) || !('tests' in raw)) return null;
    return { text: String(raw.text), tests: String(raw.tests) };
  } catch {
    return null;
  }
}

export function keepUnsaved(casePath: string, path: string, value: UnsavedText | null): void {
  try {
    if (value === null) localStorage.removeItem(keyOf(casePath, path));
    else localStorage.setItem(keyOf(casePath, path), JSON.stringify(value));
  } catch {
    // Storage is full or not allowed: the text is still in the window.
  }
}
